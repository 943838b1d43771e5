"""G20, honest words: *bảo mật* before the release and *ẩn danh* only after it, with its day and the size of the group;
nothing absolute is promised, nobody is hurried or spoken to from above.
"""

import re
from pathlib import Path

import pytest

from conversations.questions import ChoiceQuestion
from handlers import consent_text, privacy
from handlers.content import read_pack
from handlers.house import House
from locales.phrases import load
from models.keys import Keys
from models.messages import Address
from models.planner import LEAST_TEXTS
from tests.handlers.hall import FORM, Hall

SHIPPED = Path(__file__).parents[2] / "conversations" / "campaigns" / "kh136"
PHRASES = load().texts
SPOKEN = {
    language: {key: text for key, text in texts.items() if not key.endswith(".words")}
    for language, texts in PHRASES.items()
}
# Only these speak of what follows the release; before it nothing is anonymous yet, and nobody is told so.
OF_THE_RELEASE = {"consent.text", "privacy.text", "questionnaire.receipt"}
CONFIDENTIAL = {"vi": "bảo mật", "en": "confidential"}
ANONYMOUS = {"vi": "ẩn danh", "en": "anonymous"}
NEVER = {
    "vi": (
        "tuyệt đối",
        "hoàn toàn",
        "100% an toàn",
        "chắc chắn",
        "bạn",
        "quý vị",
        "em",
        "anh/chị phải",
        "nhanh lên",
        "ngay lập tức",
    ),
    "en": ("absolutely", "completely", "guarantee", "hurry", "you must"),
}


@pytest.mark.parametrize("language", PHRASES)
def test_nobody_is_hurried_or_spoken_to_from_above_and_nothing_absolute_is_promised(language: str) -> None:
    found = [
        (key, word)
        for key, text in SPOKEN[language].items()
        for word in NEVER[language]
        if re.search(rf"(?<!\w){word}(?!\w)", text.casefold())
    ]
    assert found == []
    assert [key for key, text in SPOKEN[language].items() if "!" in text] == []


@pytest.mark.parametrize("language", PHRASES)
def test_confidential_before_the_release_and_anonymous_only_after_it(language: str) -> None:
    spoken = SPOKEN[language]
    assert {key for key, text in spoken.items() if ANONYMOUS[language] in text.casefold()} == OF_THE_RELEASE
    for key in OF_THE_RELEASE:
        text = spoken[key].casefold()
        assert text.index(CONFIDENTIAL[language]) < text.index(ANONYMOUS[language])


@pytest.mark.parametrize("language", PHRASES)
def test_the_consent_says_who_why_what_is_kept_who_sees_until_when_and_how_to_leave(language: str) -> None:
    text = SPOKEN[language]["consent.text"]
    assert set(re.findall(r"{(\w+)}", text)) == {"issuer", "campaign", "day", "k", "facts"}
    for command in ("mydata", "forget", "stop"):
        words = PHRASES[language][f"command.{command}.words"].split("|")
        assert any(f": {word}." in text for word in words)


@pytest.mark.parametrize("language", PHRASES)
def test_the_consent_as_it_is_shown_is_whole_and_short(language: str) -> None:
    """Two screens of a phone; the shipped campaign's has some 1,200 characters in Vietnamese, 1,300 in English."""
    pack, say = read_pack(SHIPPED), load().voice(language)
    shown = f"{consent_text.title(pack, language, say)}\n\n{consent_text.body(pack, language, say)}"
    assert len(shown) <= 1350
    assert "{" not in shown
    facts = (say("consent.noise"), say("consent.words", n=LEAST_TEXTS))
    for fact in (pack.issuer.in_(language), f" {pack.k} ", f" {pack.period_close_day} ", *facts):
        assert fact in shown


@pytest.mark.parametrize("language", PHRASES)
def test_wherever_the_release_is_spoken_of_stand_its_day_and_the_size_of_the_group(language: str) -> None:
    for key in (*OF_THE_RELEASE, "mydata.state.pending"):
        text = SPOKEN[language][key]
        assert "{k}" in text, key
        assert "{day}" in text or "{closes}" in text, key


@pytest.mark.parametrize("language", PHRASES)
def test_what_the_release_takes_away_is_said_beside_what_it_gives(language: str) -> None:
    """After it nothing can be found again; and who runs the machine can read what waits."""
    text = SPOKEN[language]
    assert {"vi": "không ai tìm lại được", "en": "nobody can find them again"}[language] in text["consent.text"]
    assert {"vi": "không xem, sửa hay xóa được nữa", "en": "cannot be seen, changed or erased"}[language] in text[
        "mydata.state.released"
    ]
    assert {"vi": "toàn quyền trên máy chủ", "en": "full control"}[language] in text["privacy.text"]


def test_a_pack_promises_nothing_of_its_own() -> None:
    for path in sorted(SHIPPED.rglob("*.yaml")):
        said = path.read_text("utf-8").casefold()
        assert [word for word in (*ANONYMOUS.values(), "tuyệt đối", "hoàn toàn") if word in said] == [], path.name


async def test_at_the_desk_the_day_and_the_group_are_said_before_the_yes_and_after_the_sending(hall: Hall) -> None:
    who, group = Address("telegram", "tai-khoan-mai"), f"{hall.house.pack.k} người"
    shown = await hall.receive(who, start=await hall.link("mam-non"))
    assert shown is not None
    assert "hết ngày 8 hằng tháng" in shown.text
    assert group in shown.text
    await hall.tap(who, "yes", "home", "go:start", f"q:{FORM.id}", "next", "o:on-dinh")
    while "send" not in hall.offers(who):
        await hall.tap(who, "skip")
    for screen in (await hall.tap(who, "send"), await hall.receive(who, text="/mydata")):
        assert screen is not None
        assert "08/01/2020" in screen.text
        assert group in screen.text
        assert "bảo mật" in screen.text
    notice = await hall.receive(who, text="/privacy")
    assert notice is not None
    assert "cuối ngày 8 hằng tháng" in notice.text
    assert group in notice.text


def test_a_thank_you_is_the_same_for_every_answer() -> None:
    thanks = {key for key, text in SPOKEN["vi"].items() if "cảm ơn" in text.casefold()}
    of_answers = {"consent.no", "consent.goodbye", "questionnaire.receipt", "returning.head"}
    assert thanks == {*of_answers, "outlets.not-yours"}


def test_a_pack_with_exact_questions_says_so_in_the_consent_and_in_the_notice(tmp_path: Path) -> None:
    pack = read_pack(SHIPPED)
    form = pack.questionnaires["doi-song"]
    question = next(each for each in form.questions if isinstance(each, ChoiceQuestion))
    named = question.name("vi")
    changed = tuple(each.model_copy(update={"exact": True}) if each is question else each for each in form.questions)
    fields = {name: getattr(form, name) for name in type(form).model_fields}
    exact = type(form).model_validate({**fields, "questions": changed})
    for shown, expected in ((pack, False), (pack.model_copy(update={"questionnaires": {form.id: exact}}), True)):
        house = House(shown, load(), Keys.open(tmp_path / "keys.json"))
        _, notice = privacy.notice(house, "vi")
        consent = consent_text.body(shown, "vi", house.phrases.voice("vi"))
        assert (f"trừ các câu: {named}" in notice) is expected
        assert (f"trừ các câu: {named}" in consent) is expected
