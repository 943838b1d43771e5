"""Words of packs, and earlier answers in later texts."""

import unicodedata

import pytest
from pydantic import ValidationError

from conversations.text import Words, excerpt, filled


def test_a_plain_string_is_vietnamese_and_every_language_falls_back_to_it() -> None:
    words = Words.model_validate("Tán thành")
    assert words.in_("vi") == words.in_("en") == "Tán thành"
    assert Words.model_validate({"vi": "Có", "en": "Yes"}).in_("en") == "Yes"


def test_texts_are_kept_in_nfc_and_without_edges() -> None:
    loose = unicodedata.normalize("NFD", " Liên đoàn\n")
    assert Words.model_validate(loose).in_("vi") == "Liên đoàn"


@pytest.mark.parametrize("wrong", ["", "  ", {"en": "Yes"}, {"vi": ""}, {"VI": "Có"}, 5, None, {"vi": "Có", "en": 1}])
def test_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Words.model_validate(wrong)


def test_recall_fills_once_and_never_reads_what_a_person_wrote() -> None:
    assert filled("Anh/chị nói “{a}” và {b}", {"a": "{b}", "b": "x"}.__getitem__) == "Anh/chị nói “{b}” và x"


def test_an_excerpt_is_one_line() -> None:
    assert excerpt("một\nhai  ba", 20) == "một hai ba"
    assert excerpt("một hai ba", 8) == "một hai…"
