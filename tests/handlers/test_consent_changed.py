"""When the text changes, everybody is asked again; until then one's rights work, and nothing is answered (G17)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest

from conversations.packs import Pack
from conversations.places import Place
from conversations.questions import Question
from handlers import consent_text
from handlers.talks import TALKS
from locales.phrases import Phrases
from models import answers, consents, people
from models.messages import Address
from models.people import Person
from models.planner import LEAST_TEXTS
from tests.handlers.hall import FORM, PACK, Hall
from tests.transcripts.house import PHRASES
from tests.transcripts.traces import traces

TUAN, TUAN_WEB = Address("telegram", "tai-khoan-tuan"), Address("web", "trinh-duyet-tuan")
CHANGED = PACK.model_copy(update={"k": PACK.k + 1})
KEPT = {"person.id", "address.person_id", "subscription.person_id"}
RIGHTS = ("mydata", "forget", "stop", "privacy", "language", "help")


async def person(hall: Hall, who: Address = TUAN) -> Person:
    """What is kept of somebody of whom something is."""
    found = await hall.person(who)
    assert found is not None
    return found


async def place(hall: Hall, who: Address = TUAN) -> Place:
    """Where somebody is in the questionnaire."""
    id = (await person(hall, who)).id
    found = await hall.writer.write(lambda conn: answers.find(conn, hall.house.keys, id, FORM.id))
    assert found.record is not None
    return Place.from_json(found.record)


async def in_the_middle(hall: Hall) -> Place:
    """Let Tuấn answer one question, and the text change before the next."""
    await hall.join(TUAN)
    await hall.tap(TUAN, f"q:{FORM.id}", "next", "o:on-dinh")
    before = await place(hall)
    await hall.reopen(CHANGED)
    return before


def test_the_version_changes_with_every_language_and_with_nothing_but_the_text() -> None:
    version = consent_text.current(PACK, PHRASES).version
    english = {**PHRASES.texts["en"], "consent.words": "{n}, or so"}
    assert consent_text.current(PACK, Phrases({**PHRASES.texts, "en": english})).version != version
    assert consent_text.current(CHANGED, PHRASES).version != version
    assert consent_text.current(PACK.model_copy(update={"themes": ()}), PHRASES).version == version
    assert len(version) == 16


def test_words_are_used_only_where_the_text_speaks_of_them_and_of_the_pool_that_is_kept() -> None:
    assert consent_text.current(PACK, PHRASES).uses == ("counts", "words")
    assert f"{LEAST_TEXTS} ý" in consent_text.body(PACK, "vi", PHRASES.voice("vi"))
    unwritten = [question for question in FORM.questions if question.kind != "words"]
    wordless = _with_questions(unwritten)
    assert consent_text.current(wordless, PHRASES).uses == ("counts",)
    assert "viết bằng lời" not in consent_text.body(wordless, "vi", PHRASES.voice("vi"))


def test_questions_without_noise_are_named_because_a_whole_group_shows_in_them() -> None:
    exact = [q.model_copy(update={"exact": True}) if q.id == "viec-lam" else q for q in FORM.questions]
    named = _with_questions(exact)
    for lang in PHRASES.languages:
        say = PHRASES.voice(lang)
        assert FORM.by_id["viec-lam"].name(lang) in consent_text.body(named, lang, say)
        assert say("consent.noise") in consent_text.body(PACK, lang, say)
        assert say("consent.noise") not in consent_text.body(named, lang, say)


@pytest.mark.parametrize("lang", PHRASES.languages)
def test_the_text_fits_two_screens_of_a_phone(lang: str) -> None:
    assert len(consent_text.body(PACK, lang, PHRASES.voice(lang))) <= 1300


def _with_questions(questions: Sequence[Question]) -> Pack:
    form = FORM.model_copy(update={"questions": tuple(questions)})
    form.__dict__.pop("steps", None)
    return PACK.model_copy(update={"questionnaires": {form.id: form}})


@pytest.mark.parametrize("word", ["1", "Đồng ý", "có", "luong", "ok"])
async def test_the_first_word_after_the_change_agrees_to_nothing_and_answers_nothing(hall: Hall, word: str) -> None:
    before = await in_the_middle(hall)
    shown = await hall.receive(TUAN, text=word)
    assert shown is not None
    assert "đã thay đổi từ ngày 06/01/2020" in shown.text
    assert hall.offers(TUAN) >= {"yes", "no"}
    assert (await person(hall)).consent_version != hall.house.consent.version
    assert await place(hall) == before


async def test_a_tap_on_the_question_of_before_answers_nothing(hall: Hall) -> None:
    before = await in_the_middle(hall)
    await hall.tap(TUAN, "skip")
    assert hall.offers(TUAN) >= {"yes", "no"}
    assert await place(hall) == before


@pytest.mark.parametrize(
    "between", [(), ("/privacy",), ("/language", "trang chính"), ("/mydata",), ("/start", "/help")]
)
async def test_after_the_yes_one_is_where_one_was(hall: Hall, between: tuple[str, ...]) -> None:
    before = await in_the_middle(hall)
    joined = (await person(hall)).joined_period
    for word in ("chào", *between, "trang chính"):
        await hall.receive(TUAN, text=word)
    await hall.tap(TUAN, "yes")
    assert (await person(hall)).consent_version == hall.house.consent.version
    assert (await person(hall)).joined_period == joined
    assert (await person(hall)).talk == "questionnaire"
    assert await place(hall) == before
    await hall.tap(TUAN, "skip")
    assert len((await place(hall)).answers) > len(before.answers)


@pytest.mark.parametrize("command", [talk.name for talk in TALKS if talk.open])
async def test_ones_rights_are_open_and_nothing_else(hall: Hall, command: str) -> None:
    await in_the_middle(hall)
    await hall.receive(TUAN, text=f"/{command}")
    assert ((await person(hall)).talk == command) == (command in (*RIGHTS, "start"))
    assert ("yes" in hall.offers(TUAN)) == (command not in RIGHTS)


async def test_a_right_is_one_tap_away_also_on_a_screen_of_before(hall: Hall) -> None:
    await hall.join(TUAN)
    await hall.reopen(CHANGED)
    await hall.tap(TUAN, "go:mydata")
    assert (await person(hall)).talk == "mydata"


async def test_what_was_begun_can_be_withdrawn_and_not_changed(hall: Hall) -> None:
    await in_the_middle(hall)
    await hall.receive(TUAN, text="dữ liệu")
    assert {action.partition(":")[0] for action in hall.offers(TUAN)} == {"withdraw", "go"}
    assert "Bản thông báo đã thay đổi" in hall.screens[TUAN].text
    await hall.tap(TUAN, f"withdraw:{FORM.id}")
    id = str((await person(hall)).id)
    assert set(await hall.writer.write(lambda conn: traces(conn, {id}))) == KEPT


async def test_a_no_asks_before_it_erases_and_erases_everything(hall: Hall) -> None:
    await in_the_middle(hall)
    id = str((await person(hall)).id)
    await hall.receive(TUAN, text="chào")
    await hall.tap(TUAN, "no")
    assert hall.offers(TUAN) == {"keep", "erase"}
    await hall.tap(TUAN, "erase")
    assert await hall.writer.write(lambda conn: traces(conn, {id, TUAN.user})) == []


async def test_who_keeps_after_a_no_stays_with_their_rights_alone(hall: Hall) -> None:
    before = await in_the_middle(hall)
    await hall.receive(TUAN, text="chào")
    await hall.tap(TUAN, "no", "keep")
    assert {action.partition(":")[0] for action in hall.offers(TUAN)} == {"withdraw", "go"}
    await hall.tap(TUAN, "go:start")
    assert hall.offers(TUAN) >= {"yes", "no"}
    assert await place(hall) == before
    await hall.tap(TUAN, "yes")
    assert (await person(hall)).talk == "questionnaire"


async def test_a_yes_to_a_text_that_has_changed_since_it_was_shown_is_no_yes(hall: Hall) -> None:
    await hall.receive(TUAN, text="/start")
    await hall.reopen(CHANGED)
    await hall.tap(TUAN, "yes")
    assert (await person(hall)).consent_version is None
    await hall.receive(TUAN, text="1")
    assert (await person(hall)).consent_version == hall.house.consent.version


async def test_an_invitation_waits_for_the_yes(hall: Hall) -> None:
    await in_the_middle(hall)
    await hall.receive(TUAN, start=await hall.invitation("mai-son"))
    id = (await person(hall)).id
    needle = await hall.writer.write(lambda conn: traces(conn, {str(id)}))
    assert "role_grant.person_id" not in needle
    await hall.tap(TUAN, "yes")
    assert "role_grant.person_id" in await hall.writer.write(lambda conn: traces(conn, {str(id)}))


async def test_answers_keep_the_consent_that_they_were_given_under(hall: Hall) -> None:
    before = await in_the_middle(hall)
    first = consent_text.current(PACK, PHRASES).version
    assert before.consent == first
    await hall.receive(TUAN, text="chào")
    await hall.tap(TUAN, "yes", "back")
    assert (await place(hall)).consent == first  # looked at, not given anew
    await hall.tap(TUAN, "o:on-dinh")
    assert (await place(hall)).consent == first
    await hall.tap(TUAN, "skip")
    assert (await place(hall)).consent == hall.house.consent.version


async def test_of_two_records_each_answer_keeps_its_own_consent(hall: Hall) -> None:
    await hall.join(TUAN)
    await hall.tap(TUAN, f"q:{FORM.id}", "next", "o:on-dinh")
    await hall.receive(TUAN, text="/link")
    code = hall.screens[TUAN].text.partition(": ")[2].split("\n")[0]
    await hall.reopen(CHANGED)
    await hall.join(TUAN_WEB)
    await hall.receive(TUAN_WEB, text=f"/link {code}")
    await hall.tap(TUAN_WEB, "join")
    assert (await place(hall, TUAN_WEB)).consent == consent_text.current(PACK, PHRASES).version
    assert hall.offers(TUAN_WEB) >= {"yes", "no"}  # the record that was kept had agreed to the old text


async def test_every_text_is_kept_once_with_the_day_of_its_first_showing(hall: Hall) -> None:
    first = hall.house.consent
    await hall.reopen(CHANGED)
    await hall.reopen(PACK)
    versions = (first.version, consent_text.current(CHANGED, PHRASES).version, "unknown")
    days = [await hall.writer.write(partial(consents.first_on, version=version)) for version in versions]
    assert days == ["2019-11-01", "2020-01-06", None]


async def test_people_who_agreed_to_a_numbered_notice_are_asked_again(hall: Hall) -> None:
    tuan = await hall.join(TUAN)
    await hall.writer.write(lambda conn: people.save(conn, tuan, replace(tuan, consent_version="1")))
    shown = await hall.receive(TUAN, text="/results")
    assert shown is not None
    assert hall.offers(TUAN) >= {"yes", "no"}
    await hall.receive(TUAN, text="/mydata")
    assert "một bản thông báo trước đây" in hall.screens[TUAN].text
