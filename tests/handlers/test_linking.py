"""One person at several addresses: joined by a code, taken off again, not taken at their word for an old screen."""

from functools import partial

from models import departures, outbox, people
from models.messages import Address, Outbound
from tests.handlers.hall import FORM, Hall
from tests.transcripts.house import PHRASES

MAI, MAI_WEB = Address("telegram", "tai-khoan-mai"), Address("web", "trinh-duyet-mai")


def say(key: str, **values: object) -> str:
    return PHRASES.say("vi", key, **values)


async def linked(hall: Hall) -> None:
    """Let Mai on the web give way to Mai on Telegram, who works elsewhere."""
    await hall.join(MAI)
    await hall.receive(MAI, text="/link")
    code = hall.screens[MAI].text.partition(": ")[2].split("\n")[0]
    await hall.join(MAI_WEB, "che-mai-son")
    await hall.receive(MAI_WEB, text=f"/link {code}")
    await hall.tap(MAI_WEB, "join")


async def off(hall: Hall, who: Address) -> Outbound:
    """Take the other address off."""
    await hall.receive(who, text="/link")
    (action,) = (action for action in hall.offers(who) if action.startswith("off:"))
    return await hall.tap(who, action)


async def test_the_record_that_stays_keeps_its_unit(hall: Hall) -> None:
    await linked(hall)
    mai, web = await hall.person(MAI), await hall.person(MAI_WEB)
    assert mai is not None
    assert mai == web
    assert mai.unit_id == await hall.unit("mam-non")


async def test_an_address_that_was_taken_off_is_a_strangers(hall: Hall) -> None:
    await linked(hall)
    shown = await off(hall, MAI)
    assert shown.text.startswith(say("link.off.done", channel="Web (…-mai)"))
    assert [action for action in hall.offers(MAI) if action.startswith("off:")] == []
    assert await hall.person(MAI_WEB) is None
    stranger = await hall.receive(MAI_WEB, text="dữ liệu")
    assert stranger is not None
    assert stranger.title == say("consent.title", issuer=hall.house.pack.issuer.in_("vi"))
    assert await hall.person(MAI) is not None


async def test_what_waited_for_an_address_goes_when_it_is_taken_off_and_its_page_is_emptied(hall: Hall) -> None:
    await linked(hall)
    waits = [Outbound(MAI_WEB, "Câu trả lời của anh/chị …")]
    await hall.writer.write(lambda conn: outbox.put(conn, hall.house.keys, "2020-01", waits, hall.at))
    await off(hall, MAI)
    (told,) = [outbound for _, outbound in await hall.mailbox.waiting(MAI_WEB)]
    assert (told.text, told.forget) == (say("link.off.told"), True)


async def test_the_address_that_one_writes_from_is_not_offered(hall: Hall) -> None:
    await linked(hall)
    await hall.receive(MAI_WEB, text="/link")
    (label,) = (b.label for row in hall.screens[MAI_WEB].buttons for b in row if ".off:" in b.tap)
    assert label == say("link.off", channel="Telegram (…-mai)")
    await hall.join(Address("web", "mot-minh"))
    await hall.receive(Address("web", "mot-minh"), text="/link")
    assert hall.offers(Address("web", "mot-minh")) == {"go:start"}


async def test_an_address_that_blocked_us_stays_marked_when_records_are_joined_and_hears_nothing_when_taken_off(
    hall: Hall,
) -> None:
    await linked(hall)
    await hall.receive(MAI, left=True)
    mai = await hall.person(MAI_WEB)
    assert mai is not None
    left = await hall.writer.write(partial(departures.left, person_id=mai.id))
    assert list(left) == [MAI]
    other = Address("web", "may-khac")
    await hall.join(other)
    await hall.receive(other, text="/link")
    code = hall.screens[other].text.partition(": ")[2].split("\n")[0]
    await hall.receive(MAI_WEB, text=f"/link {code}")
    await hall.tap(MAI_WEB, "join")
    joined = await hall.person(other)
    assert joined is not None
    assert list(await hall.writer.write(partial(departures.left, person_id=joined.id))) == [MAI]
    await hall.receive(other, text="/link")
    telegram, _ = sorted(
        (b for row in hall.screens[other].buttons for b in row if ".off:" in b.tap), key=lambda button: button.label
    )
    await hall.receive(other, tap=telegram.tap)
    assert await hall.person(MAI) is None
    assert await hall.mailbox.waiting(MAI) == []
    assert set(await hall.writer.write(partial(people.addresses, person_id=joined.id))) == {MAI_WEB, other}


async def test_a_number_typed_under_a_screen_that_was_left_elsewhere_answers_nothing(hall: Hall) -> None:
    await linked(hall)
    await hall.receive(MAI, text="/start")
    await hall.tap(MAI, f"q:{FORM.id}", "next")
    await hall.receive(MAI_WEB, text="?")
    await hall.tap(MAI_WEB, "o:on-dinh")
    shown = await hall.receive(MAI, text="1")
    assert shown is not None
    assert shown.text.startswith(say("desk.moved"))
    assert not any(button.chosen for row in shown.buttons for button in row)
    ticked = await hall.receive(MAI, text="1")
    assert ticked is not None
    assert any(button.chosen for row in ticked.buttons for button in row)


async def test_a_command_is_obeyed_wherever_the_person_was(hall: Hall) -> None:
    await linked(hall)
    await hall.receive(MAI, text="/start")
    await hall.tap(MAI, f"q:{FORM.id}", "next")
    shown = await hall.receive(MAI_WEB, text="trợ giúp")
    assert shown is not None
    assert shown.title == say("help.title")


async def test_two_places_that_show_the_same_screen_both_count(hall: Hall) -> None:
    await linked(hall)
    await hall.receive(MAI, text="/start")
    await hall.tap(MAI, f"q:{FORM.id}", "next")
    await hall.receive(MAI_WEB, text="?")
    shown = await hall.receive(MAI, text="1")
    assert shown is not None
    assert "Anh/chị quan tâm điều gì?" in shown.text
