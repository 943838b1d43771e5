"""Charts: legible on a phone, every word inside the picture, every letter in the fonts that we ship."""

import re
import struct
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rendering.chart import MARGIN, WIDTH, Bar, Chart, described, drawn
from handlers.rendering.lettering import Face, width, wrapped
from handlers.rendering.png import FONTS, painted

TITLE = "Dự thảo Báo cáo tổng kết thực hiện Chiến lược phát triển kinh tế - xã hội 10 năm 2011 - 2020"
BARS = (
    Bar("An toàn, vệ sinh lao động; tai nạn, bệnh nghề nghiệp", "khoảng 100%", 1.0, 0.96, 1.0, "từ 96% đến 100%"),
    Bar("Phúc lợi, Tết Sum vầy, vay vốn, hỗ trợ khó khăn", "khoảng 62%", 0.62, 0.58, 0.66, "từ 58% đến 66%"),
    Bar("ƯU TIÊN ĐƯỜNG SÁ Ở VÙNG SÂU, VÙNG XA <&>", "khoảng 0%", 0.0, 0.0, 0.03, "từ 0% đến 3%"),
    Bar("Không muốn trả lời", "3%", 0.03, 0.03, 0.03, muted=True),
)
CHART = Chart(TITLE, "Công đoàn ngành Nông nghiệp và Phát triển nông thôn", BARS, ("1.234 người trả lời câu này.",))
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_as_wide_as_a_phone_and_as_high_as_it_needs() -> None:
    png = painted(drawn(CHART))
    size = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert size[0] == WIDTH
    assert 500 < size[1] < 1200
    assert len(png) < 200_000


def test_every_word_stands_inside_the_picture_and_none_is_small() -> None:
    for text in ElementTree.fromstring(drawn(CHART)).iter(f"{SVG}text"):
        face = Face(int(text.get("font-size", "0")), bold=text.get("font-weight") == "bold")
        assert face.size >= 22
        assert float(text.get("x", "0")) + width(text.text or "", face) <= WIDTH - MARGIN + 1


def test_bars_are_as_long_as_their_shares() -> None:
    boxes = [box for box in ElementTree.fromstring(drawn(CHART)).iter(f"{SVG}rect") if box.get("rx")]
    full, *lengths = [float(box.get("width", "0")) for box in boxes if box.get("fill") != "#e8ebf0"]
    assert lengths == pytest.approx([full * 0.62, full * 0.03], abs=0.2)


def _spans(bars: tuple[Bar, ...]) -> list[tuple[float, float]]:
    """From where to where each thin line goes, as shares of the longest bar."""
    drawing = ElementTree.fromstring(drawn(Chart("", "", bars, ())))
    long = next(float(box.get("width", "0")) for box in drawing.iter(f"{SVG}rect") if box.get("rx"))
    ways = [path.get("d", "") for path in drawing.iter(f"{SVG}path") if path.get("stroke") == "#111111"]
    found = [re.match(r"M([\d.]+) [\d.]+H([\d.]+) ", way) for way in ways]
    return [((float(each[1]) - MARGIN) / long, (float(each[2]) - MARGIN) / long) for each in found if each]


def test_a_thin_line_goes_from_the_lower_to_the_upper_bound_and_never_over_the_track() -> None:
    full, middle, none = _spans(BARS)
    assert middle == pytest.approx((0.58, 0.66), abs=0.01)
    assert full == pytest.approx((0.96, 1.0), abs=0.01)
    assert none == pytest.approx((0.0, 0.03), abs=0.01)
    assert all(0 <= low <= high <= 1 for low, high in _spans((Bar("a", "?", 2.0, -1.0, 3.0),)))


def test_what_was_typed_cannot_break_the_picture() -> None:
    chart = Chart("<script>&\"'", "]]>", (Bar("</svg>", "1% (1)", 0.01),), ("&amp;",))
    texts = [text.text for text in ElementTree.fromstring(drawn(chart)).iter(f"{SVG}text")]
    assert "<script>&\"'" in texts
    assert "</svg>" in texts


def test_a_chart_without_bars_or_with_impossible_shares_is_still_a_picture() -> None:
    assert painted(drawn(Chart("Câu hỏi", "", (), ())))
    assert painted(drawn(Chart("Câu hỏi", "", (Bar("a", "?", -1.0), Bar("b", "?", 7.5)), ())))


def test_the_same_figures_are_told_in_words() -> None:
    assert described(BARS[:2]) == (
        "• An toàn, vệ sinh lao động; tai nạn, bệnh nghề nghiệp: khoảng 100% (từ 96% đến 100%)\n"
        "• Phúc lợi, Tết Sum vầy, vay vốn, hỗ trợ khó khăn: khoảng 62% (từ 58% đến 66%)"
    )
    assert "Không muốn trả lời: 3%" in (ElementTree.fromstring(drawn(CHART)).findtext(f"{SVG}title") or "")


def _painted_letter(letter: str) -> bytes:
    return painted(
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="70">'
        f'<text x="5" y="50" font-size="40" font-family="DejaVu Sans">{letter}</text></svg>'
    )


def test_every_vietnamese_letter_is_in_the_font() -> None:
    vowels = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
    letters = sorted({*vowels, *vowels.upper(), "đ", "Đ", "–", "…", "•"})
    missing = _painted_letter("\U0010fffd")
    pictures = {letter: _painted_letter(letter) for letter in letters}
    assert missing not in pictures.values()
    assert len(set(pictures.values())) == len(letters)
    assert len(FONTS) == 2


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Z"]), max_size=120), st.booleans())
def test_wrapping_loses_nothing_and_never_runs_over(words: str, bold: bool) -> None:
    face = Face(25, bold)
    lines = wrapped(words, face, 300)
    assert all(width(line, face) <= 300 for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", words)


def test_lines_are_about_equally_long() -> None:
    assert wrapped("Dự thảo văn kiện của đảng bộ các cấp", Face(30, bold=True), 656) == [
        "Dự thảo văn kiện của",
        "đảng bộ các cấp",
    ]
