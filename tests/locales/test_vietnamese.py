"""Vietnamese text is cleaned, compared and sorted as its readers would."""

import random
import re
import unicodedata as ud

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.syllables import is_syllable
from locales.vietnamese import clean, fold, same, tone_new, vi_key

MARKS = st.text("aăâeêoôơuưydđqDĐÐð\u0300\u0301\u0302\u0309\u0323\u200b\u200d\u00ad\u00a0 \r\n\u2028İßﬁ", max_size=12)
ANY = MARKS | st.text(st.characters(), max_size=30)


def test_accents_fall_away_in_the_folded_form_and_words_stay_apart() -> None:
    assert fold("Đồng ý — một phần!") == "dong y mot phan"
    assert fold("  ĐƯỜNG\u00a0số 10 ") == "duong so 10"
    assert fold("Tán thành".replace("á", "a\u0301")) == "tan thanh"
    assert fold("cơ\u200b sở Ð/c") == "co so d c"
    assert fold("👍") == ""


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert ud.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    cleaned.encode("utf-8")
    assert "\0" not in cleaned


def test_cleaning_takes_away_what_nobody_sees_and_keeps_every_line() -> None:
    assert clean(" Tiền\u00a0lương\u200b\ufeff thấp \r\n\r\nvà\u2028nợ ") == "Tiền lương thấp \n\nvà\nnợ"
    assert clean("Tie\u0302\u0301ng Vie\u0323\u0302t") == "Tiếng Việt"
    assert clean("a\x00b\ud800c") == "abc"
    assert clean("👩\u200d👧") == "👩\u200d👧"
    assert clean("x" * 5000) == "x" * 5000


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ðảng", "Đảng"),
        ("LÐLÐ", "LĐLĐ"),
        ("Ðoan vien", "Đoan vien"),
        ("Ɖồng ý", "Đồng ý"),
        ("Ðað", "Ðað"),
        ("Ðæ", "Ðæ"),
    ],
)
def test_the_look_alike_of_d_is_mended_only_among_vietnamese_letters(typed: str, meant: str) -> None:
    assert clean(typed) == meant


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("UỶ ban", "ỦY ban"),
        ("Liên Hoà", "Liên Hòa"),
        ("hoạ", "họa"),
    ],
)
def test_old_and_new_places_of_a_tone_are_one_word(old: str, new: str) -> None:
    assert tone_new(old) == new
    assert same(old, new)


@pytest.mark.parametrize(
    "word", ["quý", "quỳ", "quá", "Quỳnh Nhai", "hoàn", "thuỳnh", "toán", "khuỷu", "xoè ra!", "loá mắt"]
)
def test_a_tone_that_has_one_place_only_stays(word: str) -> None:
    assert tone_new(word) in {word, word.replace("oè", "òe").replace("oá ", "óa ")}


def test_same_words_are_same_whatever_the_case_the_spaces_and_the_quotes() -> None:
    assert same("Tán thành", " TÁN\u00a0 THÀNH ")
    assert same("“Ý kiến” – khác", '"ý kiến" - khác')
    assert not same("Tán thành", "tan thanh")
    assert not same("Không tán thành", "tán thành")


def test_letters_stand_in_the_order_of_the_alphabet() -> None:
    letters = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
    shuffled = random.Random(1).sample(letters, len(letters))
    assert sorted(shuffled, key=vi_key) == letters


def test_tones_count_only_where_all_letters_are_equal() -> None:
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=vi_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["má b", "ma c", "mạ a"], key=vi_key) == ["mạ a", "má b", "ma c"]
    assert sorted(["Ba", "ba", "bà", "Bà"], key=vi_key) == ["ba", "Ba", "bà", "Bà"]


def test_places_are_listed_as_on_a_vietnamese_list() -> None:
    names = [
        "Yên Châu",
        "Đoàn kết",
        "Dân vận",
        "Thuận Châu",
        "Thị trấn",
        "Âu Lạc",
        "An Bình",
        "Ăn ca",
        "Em",
        "số 2",
        "số 10",
    ]
    expected = [
        "An Bình",
        "Ăn ca",
        "Âu Lạc",
        "Dân vận",
        "Đoàn kết",
        "Em",
        "số 10",
        "số 2",
        "Thị trấn",
        "Thuận Châu",
        "Yên Châu",
    ]
    assert sorted(names, key=vi_key) == expected
    assert sorted(["a", "1", "-", "Z"], key=vi_key) == ["-", "1", "a", "Z"]


@given(ANY, ANY, ANY)
def test_any_texts_can_be_sorted_and_only_equal_ones_tie(one: str, two: str, three: str) -> None:
    keys = sorted([vi_key(one), vi_key(two), vi_key(three)])
    assert keys[0] <= keys[1] <= keys[2]
    assert keys[0] <= keys[2]
    assert (vi_key(one) == vi_key(two)) == (one == two)


def test_a_written_syllable_is_known_by_its_shape() -> None:
    for word in re.split(" ", "công đoàn nghiệp khuỷu quyết giếng gì ương yêu uỷ thuở quốc xoong Đảng ngoằng khuya ý"):
        assert is_syllable(word), word


@pytest.mark.parametrize("word", ["café", "façade", "chat", "tèt", "báà", "đ", "xyz", "strike", ""])
def test_other_words_are_no_syllables(word: str) -> None:
    assert not is_syllable(word)
