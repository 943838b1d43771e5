"""What may tell who wrote a text is pointed out; money, dates, laws and numbers of things are left alone (G16).

The corpus is `personal_corpus.txt`, made up beside the code; the properties draw what it cannot list.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import personal
from conversations.own_names import spoken
from conversations.personal import NEVER_KEPT, SHORT, found, never_kept
from tests.conversations.talking import VOICES

CORPUS = Path(__file__).with_name("personal_corpus.txt")
FEDERATION = ("Liên đoàn Lao động tỉnh Sơn La", "LĐLĐ tỉnh Sơn La")
DISTRICT = ("Liên đoàn Lao động huyện Mai Sơn", "LĐLĐ huyện Mai Sơn")
SCHOOL = ("Công đoàn cơ sở Trường mầm non Hoa Ban", "CĐCS Mầm non Hoa Ban")
OURS = spoken((*SCHOOL, *DISTRICT), FEDERATION)


@dataclass(frozen=True, slots=True)
class Line:
    """A text, the kinds that are in it, and whether it is known to go wrong."""

    text: str
    kinds: tuple[str, ...]
    wrong: bool


def corpus() -> Iterator[Line]:
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kinds, _, text = line.partition(" | ")
            plain = kinds.removeprefix("!")
            told = text.partition(" #! ")[0].replace("\\t", "\t")
            yield Line(told, () if plain == "-" else tuple(plain.split(", ")), plain != kinds)


LINES = list(corpus())


def kinds(text: str) -> tuple[str, ...]:
    return tuple(each.kind for each in found(text, OURS))


def masked(text: str, lang: str = "vi") -> str:
    return personal.masked(text, OURS, lambda kind: f"[{VOICES[lang](f'engine.personal.{kind}')}]")


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.text[:40])
def test_the_corpus_is_read_as_people_read_it(line: Line) -> None:
    assert (kinds(line.text) == line.kinds) is not line.wrong


def test_the_corpus_has_enough_of_both_and_little_goes_wrong() -> None:
    personal = [line for line in LINES if line.kinds]
    assert min(len(personal), len(LINES) - len(personal)) >= 100
    assert sum(line.wrong for line in LINES) <= 4
    assert {kind for line in personal for kind in line.kinds} == {*NEVER_KEPT, "link", "account", "unit"}


@pytest.mark.parametrize("lang", VOICES)
@pytest.mark.parametrize("line", [line for line in LINES if line.kinds], ids=lambda line: line.text[:40])
def test_nothing_is_found_in_what_was_masked(line: Line, lang: str) -> None:
    assert found(masked(line.text, lang), OURS) == ()


PROSE = st.sampled_from(
    [
        *(
            "",
            "Tôi đề nghị tăng lương",
            "gọi",
            "số của tổ trưởng:",
            "lương 15.000.000 đồng",
            "năm 2019",
            "ngày 8/3/2020",
        ),
        *(
            "đồng nghiệp tôi",
            "đồng ý thì báo lại",
            "đồng chí Tuấn",
            "không ai nghe.",
            "(giờ hành chính)",
            "tổ 3",
            "ca 1",
        ),
        *(
            "Nghị định 145/2020/NĐ-CP",
            "công ty nợ bảo hiểm",
            "trường Hoa Ban",
            "please call",
            "- lúc 6h30",
            "\n2. Nhà ở",
        ),
    ]
)
BETWEEN = st.sampled_from([" ", ": ", " (", ", ", "\n", " – "])
DIGITS = st.text("0123456789", min_size=8, max_size=8)


def cut(digits: str, sizes: tuple[int, ...], sign: str) -> str:
    """Write digits in groups."""
    ends = [sum(sizes[: index + 1]) for index in range(len(sizes))]
    return sign.join(digits[end - size : end] for size, end in zip(sizes, ends, strict=True))


SIGNS = st.sampled_from(["", " ", ".", "-", " - ", "–", "_", "  "])
MOBILE = st.builds(
    lambda first, rest, sizes, sign: cut(f"0{first}{rest}", sizes, sign),
    st.sampled_from("35789"),
    DIGITS,
    st.sampled_from(
        [(10,), (4, 3, 3), (3, 3, 4), (3, 4, 3), (4, 2, 2, 2), (2, 2, 2, 2, 2), (5, 5), (2, 4, 4), (1,) * 10]
    ),
    SIGNS,
)
ABROAD = st.builds(
    lambda before, first, rest, sizes, sign: f"{before}{sign}{cut(first + rest, sizes, sign)}",
    st.sampled_from(["+84", "84", "0084", "(+84)", "+84 (0)"]),
    st.sampled_from("35789"),
    DIGITS,
    st.sampled_from([(9,), (3, 3, 3), (2, 3, 4), (2, 3, 2, 2)]),
    st.sampled_from(["", " ", ".", "-", " - "]),
)
LANDLINE = st.builds(
    lambda area, rest, sign: cut(area + rest, (len(area), 4, 4) if len(area) == 3 else (len(area), 4, 3), sign),
    st.sampled_from(["024", "028"]),
    DIGITS,
    SIGNS,
) | st.builds(lambda rest, sign: cut(f"0212{rest[:7]}", (4, 4, 3), sign), DIGITS, SIGNS)
CARD = st.builds(
    lambda province, rest, more, sizes, sign: cut(f"0{province:02}{rest}{more}"[:12], sizes, sign),
    st.integers(1, 96),
    DIGITS,
    st.sampled_from("0123456789"),
    st.sampled_from([(12,), (3, 3, 3, 3), (4, 4, 4), (3, 3, 6), (6, 6), (3, 9)]),
    SIGNS,
)
OLD_CARD = st.builds(
    lambda rest, last, sizes: cut(rest + last, sizes, " "),
    DIGITS,
    st.sampled_from("0123456789"),
    st.sampled_from([(9,), (3, 3, 3)]),
)
PLATE = st.builds(
    lambda place, series, style, number: style.format(place, series, number[:3], number[3:5], number),
    st.integers(11, 99),
    st.sampled_from(["A", "B", "K", "LD", "B1", "H2", "AA", "MĐ1"]),
    st.sampled_from(["{}{}-{}.{}", "{}{} {}.{}", "{}-{} {}.{}", "{}{}-{}{}", "{}{} {}{}", "{} {} {}.{}", "{}{}{}{}"]),
    st.text("0123456789", min_size=5, max_size=5),
)
LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=10)
MAIL = st.builds(
    lambda local, end, style, domain, top: style.format(local + end, domain, top),
    LETTERS,
    st.sampled_from(["", ".lan", "90", "_hoa", "-a1"]),
    st.sampled_from(["{}@{}.{}", "{} @ {}.{}", "{} (at) {} . {}", "{}[at]{}[dot]{}"]),
    LETTERS,
    st.sampled_from(["com", "vn", "com.vn", "net", "org", "edu.vn"]),
)


@given(PROSE, BETWEEN, MOBILE | ABROAD | LANDLINE | CARD | OLD_CARD | PLATE | MAIL, BETWEEN, PROSE)
def test_numbers_plates_and_mail_are_found_in_any_prose_and_gone_when_masked(
    before: str, sign: str, detail: str, after_sign: str, after: str
) -> None:
    text = f"{before}{sign}{detail}{after_sign}{after}"
    start = len(before) + len(sign)
    covering = [
        each
        for each in found(text, OURS)
        if each.start <= start + detail.startswith("(") and start + len(detail) <= each.end
    ]
    assert len(covering) == 1, (text, found(text, OURS))
    assert never_kept(covering)
    assert found(masked(text), OURS) == ()


@given(MOBILE | CARD)
def test_digits_of_full_width_and_letters_in_their_place_are_digits(number: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in number)
    assert never_kept(found(f"số {wide} nhé"))
    if " " not in number and number.isdigit():
        assert never_kept(found(f"số o{number[1:]} nhé"))


BITS = (*"0184+-.@()a/[]Đ ", "com", " đồng", "stk", "Hoa", "Ban", "www.", "26A", "2019")


@given(st.text() | st.lists(st.sampled_from(BITS)).map("".join))
def test_any_text_is_cut_at_its_details_only_and_masked_for_good(text: str) -> None:
    details = found(text, OURS)
    assert all(one.start < one.end for one in details)
    assert all(one.end <= other.start for one, other in pairwise(details))
    short = personal.masked(text, OURS, lambda kind: SHORT)
    assert len(short) <= len(text)
    assert (short == text) is not bool(details)
    assert found(masked(text), OURS) == ()


HOSTILE = (
    *(
        "1 ",
        "0",
        "o",
        "1.",
        "a.",
        "a@",
        "@",
        "a@a.",
        "http://",
        ".",
        "www.",
        "(",
        "111/",
        "a at ",
        "a chấm ",
        "84",
        "+",
    ),
    *("a-", "26A", "26A1-", "100.000.", "stk ", "số là ", "stk: số là ", "a ", "Hoa ", "[(", "không ", "12.12.2012 "),
    *("a.com", "a (at) b . c", "gọi số ", "zalo:a", "x@y.", "1-", "\u0300", "0\ufe0f\u20e3"),
)


@pytest.mark.parametrize("bit", HOSTILE)
def test_a_hostile_text_takes_no_longer_than_any(bit: str) -> None:
    begun = time.process_time()
    for end in ("", "x", "@", ".", "1"):
        found((bit * 4000)[:4000] + end, OURS)
    assert time.process_time() - begun < 2  # a pattern that is not linear takes minutes


def test_the_own_union_is_known_by_its_name_with_and_without_its_office() -> None:
    assert OURS == (
        "cong doan co so truong mam non hoa ban",
        "truong mam non hoa ban",
        "Hoa Ban",
        "cdcs mam non hoa ban",
        "mam non hoa ban",
        "lien doan lao dong huyen mai son",
        "huyen mai son",
        "Mai Sơn",
        "ldld huyen mai son",
    )


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("Công đoàn ngành Y tế tỉnh Sơn La", ("cong doan nganh y te tinh son la", "nganh y te")),
        ("Công đoàn Viên chức tỉnh Sơn La", ("cong doan vien chuc tinh son la",)),
        ("CĐCS Công ty Samsung", ("cdcs cong ty samsung", "cong ty samsung", "Samsung")),
        ("Liên đoàn Lao động thành phố Sơn La", ("lien doan lao dong thanh pho son la", "thanh pho son la")),
        ("Công đoàn phường Tô Hiệu", ("cong doan phuong to hieu", "phuong to hieu", "Tô Hiệu")),
        ("Liên đoàn Lao động tỉnh Sơn La", ()),
        ("", ()),
    ],
)
def test_what_the_whole_federation_is_called_names_nobodys_union(name: str, ways: tuple[str, ...]) -> None:
    assert spoken([name], FEDERATION) == ways
