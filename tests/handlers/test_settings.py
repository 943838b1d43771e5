"""What people are sent is theirs to choose, at the real desk: asked once, ended in one tap under any post."""

from datetime import timedelta

import pytest

from models import subscriptions
from models.messages import Address, Outbound
from models.subscriptions import ASKED, TOPICS
from tests.handlers.hall import FORM, Hall
from tests.transcripts.house import PHRASES

MAI, MAI_WEB, STRANGER = Address("telegram", "mai"), Address("web", "mai"), Address("telegram", "ai-do")
OVER = timedelta(days=800)


def t(key: str, **values: object) -> str:
    """What a phrase is in Vietnamese."""
    return PHRASES.say("vi", key, **values)


async def chosen(hall: Hall, who: Address = MAI) -> set[str]:
    """What somebody wants to be sent."""
    person = await hall.person(who)
    assert person is not None
    return await hall.writer.write(lambda conn: subscriptions.chosen(conn, person.id))


async def asked(hall: Hall, who: Address = MAI) -> bool:
    """Whether somebody was asked."""
    person = await hall.person(who)
    assert person is not None
    return await hall.writer.write(lambda conn: subscriptions.asked(conn, person.id))


async def subscribed(hall: Hall) -> None:
    """Let Mai join and want everything."""
    await hall.join(MAI)
    await hall.receive(MAI, text="/settings")
    await hall.tap(MAI, *(f"+{topic}" for topic in TOPICS), "home")
    assert await chosen(hall) == set(TOPICS)


async def tapped(hall: Hall, tap: str, who: Address = MAI) -> Outbound:
    """Let somebody tap something under a post."""
    shown = await hall.receive(who, tap=tap)
    assert shown is not None
    return shown


async def test_the_first_answer_takes_three_taps_and_nobody_is_asked_before_it(hall: Hall) -> None:
    await hall.receive(MAI, start=await hall.link("mam-non"))
    await hall.tap(MAI, "yes", f"begin:{FORM.id}", "next", "o:on-dinh")  # the small form begins with a note
    assert not await asked(hall)
    await hall.receive(MAI, text="/start")
    assert hall.screens[MAI].title == t("settings.title")
    assert hall.screens[MAI].text.startswith(t("settings.first"))
    assert hall.offers(MAI) == {*(f"+{topic}" for topic in TOPICS), "home", "go:start"}


@pytest.mark.parametrize("way", ["home", "go:start", "/start", "/help", "left", "+news"])
async def test_nobody_is_asked_twice_whatever_they_did(hall: Hall, way: str) -> None:
    await hall.receive(MAI, start=await hall.link("mam-non"))
    await hall.tap(MAI, "yes", "home")
    assert hall.screens[MAI].title == t("settings.title")
    if way == "left":
        await hall.receive(MAI, left=True)
    elif way.startswith("/"):
        await hall.receive(MAI, text=way)
    else:
        await hall.tap(MAI, way)
    await hall.receive(MAI, text="/start")
    assert f"q:{FORM.id}" in hall.offers(MAI)
    assert await chosen(hall) == ({"news"} if way == "+news" else set())


async def test_who_puts_a_questionnaire_off_is_asked_another_time(hall: Hall) -> None:
    await hall.receive(MAI, start=await hall.link("mam-non"))
    await hall.tap(MAI, "yes", f"begin:{FORM.id}", "next", "stop")
    assert f"q:{FORM.id}" in hall.offers(MAI)
    assert not await asked(hall)
    await hall.receive(MAI, text="/start")
    assert hall.screens[MAI].title == t("settings.title")


async def test_who_said_stop_is_not_asked_at_all(hall: Hall) -> None:
    await hall.receive(MAI, start=await hall.link("mam-non"))
    await hall.tap(MAI, "yes", f"begin:{FORM.id}")
    await hall.receive(MAI, text="/stop")
    await hall.receive(MAI, text="/start")
    assert f"q:{FORM.id}" in hall.offers(MAI)
    assert await asked(hall)


async def test_an_officer_who_arrives_by_invitation_is_asked_too(hall: Hall) -> None:
    await hall.receive(MAI, start=await hall.invitation("mai-son"))
    await hall.tap(MAI, "yes")
    shown = hall.screens[MAI]
    assert shown.title == t("settings.title")
    assert shown.text.index("cán bộ công đoàn") < shown.text.index(t("settings.first"))
    await hall.tap(MAI, "go:start")
    assert "go:summary" in hall.offers(MAI)


async def test_a_tick_says_what_shall_be_and_an_old_tap_changes_nothing(hall: Hall) -> None:
    await hall.join(MAI)
    await hall.receive(MAI, text="/settings")
    tap = next(button.tap for row in hall.screens[MAI].buttons for button in row if button.tap.endswith("+news"))
    for _ in range(2):
        await hall.receive(MAI, tap=tap)
        assert await chosen(hall) == {"news"}
    await hall.tap(MAI, "-news", "home")
    await hall.receive(MAI, tap=tap)
    assert await chosen(hall) == set()
    assert f"q:{FORM.id}" in hall.offers(MAI)


async def test_several_numbers_are_ticked_at_once(hall: Hall) -> None:
    await hall.join(MAI)
    await hall.receive(MAI, text="nhận tin")
    await hall.receive(MAI, text="1, 3 và 4")
    assert await chosen(hall) == {"news", "results", "reminders"}


@pytest.mark.parametrize("open", ["/start", "/help", "/settings", "/forget", "/stop"])
async def test_a_tap_under_a_post_ends_its_topic_whatever_screen_is_open_and_twice_does_no_harm(
    hall: Hall, open: str
) -> None:
    await subscribed(hall)
    await hall.receive(MAI, text=open)
    before, rest = hall.screens[MAI], set(TOPICS) - {"news"}
    if open == "/stop":
        rest = set()
    for _ in range(2):
        shown = await tapped(hall, "off.news")
        assert await chosen(hall) == rest
        assert t("settings.off", topic=t("settings.topic.news")) in shown.text
        assert (shown.title, shown.edits) == (before.title, "")
    assert _actions(shown) >= _actions(before) - {"-news"}


def _actions(screen: Outbound) -> set[str]:
    return {button.tap.partition(".")[2] for row in screen.buttons for button in row}


async def test_a_tap_under_a_post_answers_no_question_and_the_question_stays(hall: Hall) -> None:
    await subscribed(hall)
    await hall.tap(MAI, f"q:{FORM.id}", "next")
    asked_before = hall.screens[MAI]
    shown = await tapped(hall, "off.slogans")
    assert shown.text.endswith(asked_before.text)
    await hall.tap(MAI, "o:on-dinh")
    assert hall.screens[MAI].title != asked_before.title


@pytest.mark.parametrize("tap", ["off.", "off.asked", "off.weather", "off.NEWS", f"off.news.{'x' * 40}", "off"])
async def test_nothing_else_is_ended_by_a_tap_that_nobody_ever_offered(hall: Hall, tap: str) -> None:
    await subscribed(hall)
    await tapped(hall, tap)
    assert await chosen(hall) == set(TOPICS)
    assert await asked(hall)


async def test_a_stranger_who_taps_a_post_that_was_passed_on_is_asked_for_consent(hall: Hall) -> None:
    for tap in ("off.news", f"form.{FORM.id}", "form.khong-co"):
        shown = await tapped(hall, tap, STRANGER)
        assert _actions(shown) >= {"yes", "no"}
    assert (await hall.person(STRANGER)) is not None
    await hall.tap(STRANGER, "no")
    assert await hall.person(STRANGER) is None


async def test_a_post_opens_its_questionnaire_for_a_member_and_for_a_stranger_after_the_consent(hall: Hall) -> None:
    await subscribed(hall)
    await hall.receive(MAI, text="/help")
    shown = await tapped(hall, f"form.{FORM.id}")
    assert "next" in hall.offers(MAI)
    assert shown.edits == ""
    await tapped(hall, f"form.{FORM.id}", STRANGER)
    await hall.tap(STRANGER, "yes")
    assert "next" in hall.offers(STRANGER)


async def test_a_link_of_a_public_post_opens_its_questionnaire_after_the_consent(hall: Hall) -> None:
    await hall.receive(MAI, start=f"q-{FORM.id}")
    await hall.tap(MAI, "yes", "next", "o:on-dinh")
    while "send" not in hall.offers(MAI):
        await hall.tap(MAI, "skip")
    await hall.tap(MAI, "send")
    assert not await asked(hall)
    assert any(action.startswith(("unit:", "open:")) for action in hall.offers(MAI))  # where it counts is asked now
    await hall.receive(MAI, start=f"q-{FORM.id}")
    assert "send" in hall.offers(MAI)


async def test_a_post_leads_to_the_choice_where_several_are_open_and_asks_for_no_unit_first(hall: Hall) -> None:
    for tap, start in (("form._", ""), ("", "q-_")):
        await (tapped(hall, tap, STRANGER) if tap else hall.receive(STRANGER, start=start))
        if "yes" in hall.offers(STRANGER):
            await hall.tap(STRANGER, "yes")
        assert f"q:{FORM.id}" in hall.offers(STRANGER)
        await hall.tap(STRANGER, f"q:{FORM.id}")
        assert "next" in hall.offers(STRANGER)


async def test_what_is_closed_or_unknown_is_said_kindly(hall: Hall) -> None:
    await subscribed(hall)
    shown = await hall.receive(MAI, start="q-khong-co")
    assert shown is not None
    assert t("arrival.unknown") in shown.text
    hall.at += OVER
    for shown in (await tapped(hall, f"form.{FORM.id}"), await hall.receive(MAI, start=f"q-{FORM.id}")):
        assert shown is not None
        assert shown.text == t("questionnaire.closed")
        assert "go:start" in hall.offers(MAI)


async def test_an_older_consent_still_stops_what_is_sent_and_opens_nothing(hall: Hall) -> None:
    await subscribed(hall)
    await hall.reopen(hall.house.pack.model_copy(update={"k": hall.house.pack.k + 1}))
    await tapped(hall, "off.news")
    assert await chosen(hall) == set(TOPICS) - {"news"}
    await tapped(hall, f"form.{FORM.id}")
    assert "yes" in hall.offers(MAI)
    await hall.tap(MAI, "yes")
    assert "next" in hall.offers(MAI)
    await hall.receive(MAI, text="dừng")
    assert await chosen(hall) == set()


@pytest.mark.parametrize("words", ["/stop", "dừng", "dung", "HỦY ĐĂNG KÝ"])
async def test_one_word_ends_all_topics_even_where_an_answer_in_words_is_asked_for(hall: Hall, words: str) -> None:
    await subscribed(hall)
    await hall.tap(MAI, f"q:{FORM.id}", "next", "o:on-dinh")
    shown = await hall.receive(MAI, text=words)
    assert shown is not None
    assert await chosen(hall) == set()
    assert t("settings.stopped") in shown.text


async def test_a_tap_on_the_rest_of_a_questionnaire_ends_no_topic(hall: Hall) -> None:
    await subscribed(hall)
    await hall.tap(MAI, f"q:{FORM.id}", "next", "stop")
    assert await chosen(hall) == set(TOPICS)


async def test_two_places_of_one_person_want_what_the_record_that_stays_was_asked(hall: Hall) -> None:
    await subscribed(hall)
    await hall.receive(MAI, text="/link")
    code = hall.screens[MAI].text.partition(": ")[2].split("\n")[0]
    await hall.join(MAI_WEB)
    await hall.receive(MAI_WEB, text=f"/link {code}")
    await hall.tap(MAI_WEB, "join")
    assert await chosen(hall, MAI_WEB) == set(TOPICS)
    await hall.receive(MAI, left=True)
    assert await chosen(hall, MAI_WEB) == set(TOPICS)
    person = await hall.person(MAI_WEB)
    assert person is not None
    kept = await hall.writer.write(lambda conn: subscriptions.since(conn, person.id))
    assert set(kept) == {*TOPICS, ASKED}
