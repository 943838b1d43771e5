"""On a chat that others can read nothing private is asked or shown: a one-time link leads to the web chat instead."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from conversations.questions import Questionnaire
from models import people
from models.messages import Address, Outbound
from models.passage import LIFETIME, passage
from tests.handlers.hall import FORM, PACK, Hall
from tests.transcripts.house import CAMPAIGN, PHRASES

ZALO = "zalo-oa"
LAN, LAN_WEB, LAN_PC = Address(ZALO, "8120001"), Address("web", "trinh-duyet-lan"), Address("web", "may-ban-cua-lan")
STRANGER = Address("web", "trinh-duyet-la")
OPINIONS = CAMPAIGN.questionnaires["du-thao"]


@pytest.fixture
def overheard(hall: Hall) -> Hall:
    hall.house.overheard.add(ZALO)
    hall.house.watched.add(ZALO)
    return hall


def token(screen: Outbound | None) -> str:
    """The token of the link on a screen."""
    assert screen is not None
    (url,) = (button.url for row in screen.buttons for button in row if button.url)
    return url.rpartition("/go/")[2]


def say(key: str, **values: object) -> str:
    return PHRASES.say("vi", key, **values)


async def to_the_words(hall: Hall, who: Address = LAN) -> Outbound:
    """Begin the questionnaire and choose what leads to a question that is answered in words."""
    await hall.join(who)
    return await hall.tap(who, f"q:{FORM.id}", "next", "o:lo-mat-viec")


async def test_a_choice_is_asked_in_the_chat_and_words_are_asked_on_the_web(overheard: Hall) -> None:
    await overheard.join(LAN)
    shown = await overheard.tap(LAN, f"q:{FORM.id}", "next")
    assert "o:on-dinh" in overheard.offers(LAN)
    assert not any(button.url for row in shown.buttons for button in row)
    shown = await overheard.tap(LAN, "o:lo-mat-viec")
    assert len(token(shown)) == 43
    assert say("passage.words", question="Nói thêm") in shown.text
    assert overheard.offers(LAN) == {"", "back", "skip", "stop"}


async def test_typed_words_are_not_taken_where_others_read_and_a_new_link_is_given(overheard: Hall) -> None:
    first = token(await to_the_words(overheard))
    shown = await overheard.receive(LAN, text="Xưởng sắp đóng cửa")
    assert shown is not None
    assert say("passage.typed") in shown.text
    assert token(shown) != first
    await overheard.receive(LAN_WEB, start=token(shown))
    assert "Xưởng sắp đóng cửa" not in (await overheard.receive(LAN_WEB, text="/mydata")).text  # type: ignore[union-attr]


async def test_a_question_in_words_can_be_passed_over_in_the_chat(overheard: Hall) -> None:
    await to_the_words(overheard)
    shown = await overheard.receive(LAN, text="bo qua")
    assert shown is not None
    assert "Anh/chị quan tâm điều gì?" in shown.text
    await overheard.receive(LAN, text="dừng")
    assert f"q:{FORM.id}" in overheard.offers(LAN)


async def test_the_link_opens_the_web_chat_at_that_very_question_and_the_chat_goes_on_from_there(
    overheard: Hall,
) -> None:
    shown = await to_the_words(overheard)
    asked = await overheard.receive(LAN_WEB, start=token(shown))
    assert asked is not None
    assert "Anh/chị nói “Lo mất việc”. Vì sao?" in asked.text
    here, there = await overheard.person(LAN), await overheard.person(LAN_WEB)
    assert here is not None
    assert here == there
    await overheard.receive(LAN_WEB, text="Xưởng ít đơn hàng")
    back = await overheard.receive(LAN, text="tiếp")
    assert back is not None
    assert "Anh/chị quan tâm điều gì?" in back.text
    assert "ít đơn hàng" not in back.text


async def test_the_chat_is_told_when_its_link_was_opened(overheard: Hall) -> None:
    await overheard.receive(LAN_WEB, start=token(await to_the_words(overheard)))
    waiting = await overheard.mailbox.waiting(LAN)
    assert [outbound.text for _, outbound in waiting] == [say("passage.opened")]


async def test_a_link_is_good_once_and_for_half_an_hour_and_only_its_hash_is_kept(overheard: Hall) -> None:
    one = token(await to_the_words(overheard))
    kept = await overheard.writer.write(lambda conn: conn.execute(select(passage.c.token_hash)))
    assert one not in [*kept.scalars()]
    overheard.at += LIFETIME
    late = await overheard.receive(LAN_WEB, start=one)
    fresh = token(await overheard.receive(LAN, text="?"))
    await overheard.receive(LAN_WEB, start=fresh)
    again = await overheard.receive(STRANGER, start=fresh)
    for refused in (late, again, await overheard.receive(STRANGER, start="x" * 43)):
        assert refused is not None
        assert refused.text.startswith(say("passage.over"))
    assert await overheard.person(STRANGER) != await overheard.person(LAN)


async def test_the_same_browser_may_open_its_old_link_and_is_where_it_was(overheard: Hall) -> None:
    one = token(await to_the_words(overheard))
    first = await overheard.receive(LAN_WEB, start=one)
    again = await overheard.receive(LAN_WEB, start=one)
    assert first is not None
    assert again is not None
    assert again.text == first.text
    await overheard.tap(LAN_WEB, "stop")
    await overheard.receive(LAN, text="bắt đầu")
    fresh = token(await overheard.tap(LAN, f"q:{FORM.id}"))
    opened = await overheard.receive(LAN_WEB, start=fresh)
    assert opened is not None
    assert opened.text == first.text


async def test_a_link_lets_no_unknown_browser_in_where_the_person_has_another_place_already(overheard: Hall) -> None:
    await overheard.receive(LAN_WEB, start=token(await to_the_words(overheard)))
    stolen = token(await overheard.receive(LAN, text="?"))
    refused = await overheard.receive(STRANGER, start=stolen)
    assert refused is not None
    assert refused.text.startswith(say("passage.elsewhere", channels="Web"))
    assert await overheard.receive(LAN_WEB, start=stolen) is not None  # it was not used up
    mine = await overheard.person(LAN)
    assert mine is not None
    reached = await overheard.writer.write(lambda conn: people.addresses(conn, mine.id))
    assert reached == [LAN_WEB, LAN]


async def test_after_taking_the_web_page_off_a_new_link_lets_another_browser_in(overheard: Hall) -> None:
    await overheard.receive(LAN_WEB, start=token(await to_the_words(overheard)))
    await overheard.receive(LAN, text="nối kênh")
    await overheard.receive(LAN, text="1")
    assert await overheard.person(LAN_WEB) is None
    (told,) = [outbound for _, outbound in await overheard.mailbox.waiting(LAN_WEB)]
    assert (told.text, told.forget) == (say("link.off.told"), True)
    await overheard.receive(LAN, text="bắt đầu")
    asked = await overheard.receive(LAN_PC, start=token(await overheard.tap(LAN, f"q:{FORM.id}")))
    assert asked is not None
    assert "Vì sao?" in asked.text


async def test_a_browser_with_a_record_of_its_own_is_asked_before_the_two_are_joined(overheard: Hall) -> None:
    own = await overheard.join(LAN_WEB, "che-mai-son")
    asked = await overheard.receive(LAN_WEB, start=token(await to_the_words(overheard)))
    assert asked is not None
    assert asked.text == say("passage.confirm")
    shown = await overheard.tap(LAN_WEB, "join")
    assert "Vì sao?" in shown.text
    joined = await overheard.person(LAN_WEB)
    assert joined == await overheard.person(LAN)
    assert joined is not None
    assert joined.id != own.id


async def test_who_keeps_two_records_apart_stays_with_their_own(overheard: Hall) -> None:
    own = await overheard.join(LAN_WEB, "che-mai-son")
    await overheard.receive(LAN_WEB, start=token(await to_the_words(overheard)))
    await overheard.tap(LAN_WEB, "keep")
    mine = await overheard.person(LAN_WEB)
    assert mine is not None
    assert mine.id == own.id


async def test_the_record_and_the_review_do_not_show_private_answers_in_the_chat(overheard: Hall) -> None:
    await overheard.receive(LAN_WEB, start=token(await to_the_words(overheard)))
    await overheard.receive(LAN_WEB, text="Xưởng ít đơn hàng")
    here = await overheard.receive(LAN, text="/mydata")
    there = await overheard.receive(LAN_WEB, start=token(here))
    assert here is not None
    assert there is not None
    assert "ít đơn hàng" not in here.text
    assert "Lo mất việc" not in here.text
    assert "ít đơn hàng" in there.text
    assert {f"change:{FORM.id}", f"withdraw:{FORM.id}"} <= overheard.offers(LAN)


async def test_a_questionnaire_answered_without_a_word_of_ones_own_is_reviewed_and_sent_in_the_chat(
    overheard: Hall,
) -> None:
    await overheard.join(LAN)
    await overheard.tap(LAN, f"q:{FORM.id}", "next", "o:on-dinh", *("skip",) * 3)
    for _ in range(5):
        if "send" not in overheard.offers(LAN):
            await overheard.tap(LAN, "skip")
    shown = await overheard.tap(LAN, "send")
    assert shown.title == say("receipt.title")
    record = await overheard.receive(LAN, text="/mydata")
    assert record is not None
    assert "Ổn định" in record.text


async def test_every_question_of_a_sensitive_questionnaire_is_asked_on_the_web(overheard: Hall) -> None:
    await overheard.reopen(_pack_with(OPINIONS))
    overheard.house.overheard.add(ZALO)
    await overheard.join(LAN)
    shown = await overheard.tap(LAN, f"q:{OPINIONS.id}")
    assert say("passage.sensitive", title=OPINIONS.title.in_("vi")) in shown.text
    assert overheard.offers(LAN) == {"", "stop"}
    typed = await overheard.receive(LAN, text="Tán thành")
    asked = await overheard.receive(LAN_WEB, start=token(typed))
    assert asked is not None
    assert asked.title.startswith("Câu 1/")
    await overheard.tap(LAN_WEB, "o:tan-thanh")
    still = await overheard.receive(LAN, text="tiếp")
    assert still is not None
    assert "Tán thành" not in still.text


def _pack_with(form: Questionnaire) -> type(PACK):  # type: ignore[valid-type]
    return PACK.model_copy(update={"questionnaires": {form.id: form}})


async def test_a_link_is_of_no_use_in_a_chat_that_others_read(overheard: Hall) -> None:
    one = token(await to_the_words(overheard))
    thief = Address(ZALO, "8129999")
    refused = await overheard.receive(thief, start=one)
    assert refused is not None
    assert refused.text.startswith(say("passage.over"))
    assert await overheard.receive(LAN_WEB, start=one) is not None
    assert await overheard.person(LAN_WEB) == await overheard.person(LAN)


async def test_no_code_that_joins_channels_is_shown_where_others_read(overheard: Hall) -> None:
    await overheard.join(LAN)
    shown = await overheard.receive(LAN, text="nối kênh")
    assert shown is not None
    assert say("link.listened") in shown.text
    assert "Mã của anh/chị" not in shown.text
    await overheard.join(LAN_WEB)
    code = (await overheard.receive(LAN_WEB, text="/link")).text.partition(": ")[2].split("\n")[0]  # type: ignore[union-attr]
    await overheard.receive(LAN, text=code)
    await overheard.tap(LAN, "join")
    assert await overheard.person(LAN) == await overheard.person(LAN_WEB)


async def test_the_consent_says_why_and_is_one_text_for_all_channels(overheard: Hall) -> None:
    here = await overheard.receive(LAN, text="/start")
    there = await overheard.receive(LAN_WEB, text="/start")
    assert here is not None
    assert there is not None
    assert here.text == f"{say('passage.remark', platform='Zalo')}\n\n{there.text}"
    privacy = await overheard.receive(LAN, text="/privacy")
    assert privacy is not None
    assert say("passage.remark", platform="Zalo") in privacy.text


async def test_where_answers_in_the_chat_are_allowed_it_says_who_reads_them(hall: Hall) -> None:
    hall.house.watched.add(ZALO)
    first = await hall.receive(LAN, text="/start")
    assert first is not None
    assert first.text.startswith(say("passage.remark.in-chat", platform="Zalo"))
    shown = await to_the_words(hall)
    assert "Vì sao?" in shown.text


async def test_a_link_that_is_out_of_date_is_cleared_away(overheard: Hall) -> None:
    await to_the_words(overheard)
    await overheard.turn(overheard.at + timedelta(days=1))
    rows = await overheard.writer.write(lambda conn: conn.execute(select(passage.c.token_hash)))
    assert rows.all() == []
