"""Cards: the words stand as they are, whole and readable, on every template and size, and weigh little."""

import re
import struct
import sys
from html import unescape
from pathlib import Path
from types import FrameType

import pytest

from conversations.campaign import SLOGAN
from conversations.packs import load
from handlers.rendering import press
from handlers.rendering.breaking import broken, cost
from handlers.rendering.card import SIZES, TEMPLATES, Card, drawn, fitted
from handlers.rendering.typeface import LOWEST, TALLEST, bold, medium

PACK = load(Path(__file__).parents[3] / "conversations" / "campaigns" / "kh136")
ISSUER = PACK.issuer.in_("vi")
SLOGANS = [slogan.text for slogan in PACK.slogans]
LETTERS = "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYÁÀẢÃẠẤẦẨẪẬẮẰẲẴẶÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ–…“”!?,.:;/()"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("text", SLOGANS)
def test_a_card_is_a_small_picture_of_the_size_asked_for(text: str, template: str, size: str) -> None:
    svg = drawn(Card(text, ISSUER, "Kế hoạch số 136/KH-LĐLĐ"), SIZES[size], TEMPLATES[template])
    png = press.picture(svg, SIZES[size])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == SIZES[size]
    assert 10_000 < len(png) < 300_000


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", SLOGANS)
def test_the_words_are_the_slogan_letter_for_letter_and_lie_within_the_margins(text: str, size: str) -> None:
    wide, high = SIZES[size]
    svg = drawn(Card(text, ISSUER), SIZES[size], TEMPLATES["white"])
    lines = re.findall(r'<text x="([\d.]+)" y="([\d.]+)".* font-weight="700" font-size="([\d.]+)".*?>(.*)</text>', svg)
    assert " ".join(unescape(words) for *_, words in lines) == text
    for x, y, points, words in lines:
        size_ = float(points)
        assert float(x) + bold().width(unescape(words), size_) < wide * 0.96
        assert float(y) - TALLEST * size_ > 0.04 * min(wide, high)
        assert float(y) + LOWEST * size_ < high - 0.1 * min(wide, high)


@pytest.mark.parametrize("words", ["a " * (SLOGAN // 2), "Ô" * SLOGAN, "Nhân dân, " * (SLOGAN // 10)])
def test_the_longest_slogan_is_laid_out_in_few_steps(words: str) -> None:
    steps = 0

    def step(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal steps
        steps += event == "call"

    sys.setprofile(step)
    lines, _ = fitted(words.strip(), 900, 1000)
    sys.setprofile(None)
    assert " ".join(lines) == words.strip()
    assert steps < 1_500_000


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_name_of_an_office_stands_whole_below(size: str) -> None:
    office = "Liên đoàn Lao động tỉnh " * 16
    svg = drawn(Card(SLOGANS[0], office), SIZES[size], TEMPLATES["red"])
    (points,) = re.findall(r'font-weight="500" font-size="([\d.]+)"', svg)
    assert medium().width(office, float(points)) < SIZES[size][0]


@pytest.mark.parametrize("room", [(900, 1000), (900, 700), (1700, 700)])
@pytest.mark.parametrize("text", SLOGANS)
def test_no_line_tears_a_word_or_a_name_or_ends_in_a_word_that_leads_on(text: str, room: tuple[int, int]) -> None:
    lines, size = fitted(text, *room)
    said = text.split()
    ends = [len(" ".join(lines[:count]).split()) for count in range(1, len(lines))]
    assert all(cost(said, end) < 1 for end in ends), lines
    assert len(lines) == 1 or len(lines[-1].split()) > 1
    assert size > min(room) / 16


@pytest.mark.parametrize(
    ("words", "torn"),
    [
        ("Chủ tịch Hồ Chí Minh", "Hồ|Chí"), ("tỉnh Sơn La lần thứ XV", "Sơn|La"), ("lần thứ XIII của Đảng", "thứ|XIII"),
        ("xây dựng văn hóa là nền tảng", "văn|hóa"), ("Đảng Cộng sản Việt Nam – Người", "Nam|–"),
        ("trong sự nghiệp của chúng ta!", "của|chúng"), ("tiến tới lần thứ XV!", "lần|thứ"),
    ],
)  # fmt: skip
def test_what_belongs_together_costs_much_to_tear(words: str, torn: str) -> None:
    said = words.split()
    before, _, after = torn.partition("|")
    at = next(at for at in range(1, len(said)) if said[at - 1] == before and said[at] == after)
    assert cost(said, at) > 1


def test_words_of_any_shape_are_set() -> None:
    for text in ("", "Một", "x" * 200, "Ễ " * 120, "a & <b> \"c\" 'd'"):
        for size in SIZES.values():
            assert press.picture(drawn(Card(text, "", ""), size, TEMPLATES["red"]), size)
    assert broken("một hai", 5, len) == ["một", "hai"]


def test_the_font_has_every_letter_of_vietnamese() -> None:
    for face in (bold(), medium()):
        assert [letter for letter in LETTERS + LETTERS.lower() if not face.has(letter)] == []


def test_the_slogans_use_only_letters_of_the_font() -> None:
    assert [letter for text in SLOGANS for letter in text if not bold().has(letter)] == []
