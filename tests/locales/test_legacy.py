"""Text in the old encodings is known, converted whole, and never seen where there is none."""

import shutil
import subprocess
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.legacy import TCVN3, VNI, converted
from locales.syllables import is_syllable
from locales.vietnamese import clean

OFFICIAL = """Đẩy mạnh các phong trào thi đua yêu nước trong công nhân, viên chức, lao động tỉnh Sơn La
Kế hoạch tuyên truyền Đại hội Đảng bộ các cấp; người lao động góp ý kiến vào dự thảo văn kiện
tiền lương thấp quá, bữa ăn ca không đủ, nhờ công đoàn hỏi giúp
thu nhập không đủ sống, phải làm thêm giờ
Mường Khương, Quỳnh Nhai, Thuận Châu, Phù Yên, Sông Mã, Sốp Cộp, Vân Hồ
thưởng Tết năm nay có không
nhà trẻ cho con công nhân ở khu công nghiệp
khuỷu tay bị thương vì máy cũ, chưa được bồi thường""".splitlines()
TODAY = [
    *OFFICIAL,
    "tôi có ý kiến",
    "tôi có",
    "không",
    "có",
    "sống ổn",
    "ý",
    "chưa",
    "xin hỏi: lương?",
    "thê thảm quá",
    "cà phê",
]
PLAIN = ["luong thap qua", "ko dong y", "cty no luong 3 thang r", "OK", "12.000", "", "con\u00adsti\u00adtu\u00adtion"]
FOREIGN = [
    "façade", "mañana", "El Niño", "señor", "¿Qué tal, señora?", "¡Hola!", "año nuevo", "café", "café au lait",
    "déjà vu", "où", "où est Loïc", "naïve", "Noël", "tête-à-tête", "garçon", "Über die Brücke",
    "L'été où Noël fut fêté", "São Paulo é ótimo, não", "«bonjour»", "« mot »", "5 µm", "© 2020", "Honda®", "100 £",
    "§ 5", "20 °C ± 1", "½ kg", "goût", "août", "fâché", "Ångström", "smørrebrød", "Þór", "Más o menos",
    "el pingüino", "l·l", "CO² • x¹",
]  # fmt: skip


def in_old(text: str, letters: dict[str, str]) -> str:
    """Write today's text in an old encoding (the first way, where there are two)."""
    codes: dict[str, str] = {}
    for code, letter in letters.items():
        codes.setdefault(letter, code)
    return "".join(codes.get(letter, letter) for letter in text)


@pytest.mark.parametrize("text", [*TODAY, *PLAIN, *FOREIGN])
def test_today_s_vietnamese_plain_text_and_other_languages_are_left_alone(text: str) -> None:
    assert converted(text) is None


@pytest.mark.parametrize("text", [text.lower() for text in OFFICIAL])
@pytest.mark.parametrize("letters", [TCVN3, VNI], ids=["TCVN3", "VNI"])
def test_sentences_in_the_old_encodings_come_back_whole(text: str, letters: dict[str, str]) -> None:
    old = in_old(text, letters)
    assert old != text
    assert converted(old) == text


@pytest.mark.parametrize(
    ("old", "meant"),
    [
        ("C«ng ®oµn c¬ së", "Công đoàn cơ sở"),
        ("L§L§ tØnh S¬n La", "LĐLĐ tỉnh Sơn La"),
        ("thu nhËp thÊp qu¸", "thu nhập thấp quá"),
        ("C«ng", "Công"),
        ("Xin chaøo caùc baïn", "Xin chào các bạn"),
        ("COÂNG ÑOAØN CÔ SÔÛ", "CÔNG ĐOÀN CƠ SỞ"),
        ("Ñöôïc roài, caûm ôn", "Được rồi, cảm ơn"),
        ("Ñaûng boä tænh", "Đảng bộ tỉnh"),
    ],
)
def test_what_workers_paste_from_old_files_is_recognised(old: str, meant: str) -> None:
    assert converted(old) == meant


def test_the_letter_that_is_a_soft_hyphen_survives_if_recognised_before_cleaning() -> None:
    old = "M\u00adêng Kh\u00ad¬ng"
    assert converted(old) == "Mường Khương"
    assert "ươ" not in (converted(clean(old)) or "")


@pytest.mark.parametrize("word", ["tÕt", "viÖc", "Loïc", "Caïn"])
def test_a_lone_word_that_may_be_either_is_left_alone(word: str) -> None:
    assert converted(word) is None


def test_the_tables_hold_every_small_letter_once() -> None:
    assert len(TCVN3) == len(set(TCVN3.values())) == 74
    small = {letter for letter in TCVN3.values() if letter.islower()}
    assert len(small) == 67
    assert small | {letter.upper() for letter in small} == set(VNI.values())


@pytest.mark.skipif(not shutil.which("iconv"), reason="needs glibc's iconv to compare with")
def test_the_table_is_the_lower_half_of_the_national_standard() -> None:
    command = ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"]
    told = subprocess.run(command, input="".join(TCVN3).encode("latin-1"), capture_output=True, check=False)
    if told.returncode:
        pytest.skip("this iconv does not know TCVN5712-1")
    assert told.stdout.decode() == "".join(TCVN3.values())


@given(st.text() | st.text("".join([*TCVN3, *"abcehimnotuy "]), max_size=40))
def test_no_text_is_too_odd_to_be_looked_at(text: str) -> None:
    answer = converted(text)
    assert answer is None or answer != text


# Of letters that both encodings use as well, so that each word could be mistaken for one of theirs.
SYLLABLES = [
    word
    for parts in product(("", *"bcghlmnpt", "ng", "th"), "aáàãâeéèêiíìoóòõôuúùyý", ("", *"cmnpt", "ng", "ch"))
    if is_syllable(word := "".join(parts))
]


@given(st.lists(st.sampled_from(SYLLABLES) | st.sampled_from([",", "."]), max_size=15))
def test_words_that_are_vietnamese_as_they_stand_are_never_touched(words: list[str]) -> None:
    assert converted(" ".join(words)) is None


def test_there_are_enough_words_to_be_mistaken() -> None:
    assert len(SYLLABLES) > 500
