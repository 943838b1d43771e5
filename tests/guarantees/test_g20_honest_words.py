"""How people are spoken to: politely, plainly, without haste, and promising no more than is kept (guarantee G20)."""

import re

import pytest

from locales.phrases import load

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
    assert len(text) < 1000


def test_a_thank_you_is_the_same_for_every_answer() -> None:
    thanks = {key for key, text in SPOKEN["vi"].items() if "cảm ơn" in text.casefold()}
    assert thanks == {"consent.no", "consent.goodbye", "questionnaire.receipt"}
