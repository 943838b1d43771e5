"""Posters: one page of its paper, letters as letters with their fonts inside, the code and the address of the unit."""

import re
from html import unescape
from itertools import product

import pytest

from handlers.rendering.card import TEMPLATES, Card
from handlers.rendering.poster import PAPERS, Poster, drawn, poster

TOKEN = "Xk3_lI10Oq-98sdfUIopQw"
WEB = f"https://gopy.congdoan.example/join/{TOKEN}"
CARD = Card("Chủ tịch Hồ Chí Minh vĩ đại, sống mãi trong sự nghiệp của chúng ta!", "Liên đoàn Lao động tỉnh Sơn La")
ONE = Poster(CARD, "Công đoàn xã Vân Hồ", "Quét mã để góp ý: không cần số điện thoại", WEB)
POINT = 72 / 25.4


@pytest.mark.parametrize(("paper", "template"), list(product(PAPERS, TEMPLATES)))
def test_a_poster_is_one_page_of_its_paper_with_its_fonts_inside(paper: str, template: str) -> None:
    pdf = poster(ONE, paper, TEMPLATES[template])
    assert pdf.startswith(b"%PDF")
    (box,) = re.findall(rb"/MediaBox\s*\[([\d. ]+)\]", pdf)
    assert [float(side) for side in box.split()][2:] == pytest.approx([side * POINT for side in PAPERS[paper]], abs=0.1)
    fonts = set(re.findall(rb"/FontName\s*/([A-Z]{6}\+[\w-]+)", pdf))  # six letters and a plus: only the letters used
    assert {font.partition(b"+")[2] for font in fonts} == {
        b"BeVietnamPro-Bold",
        b"BeVietnamPro-Medium",
        b"DejaVuSansMono",
    }
    assert len(re.findall(rb"/FontFile\d?\s", pdf)) == len(fonts)
    assert b"/Subtype/Image" not in pdf.replace(b" ", b"")
    assert len(pdf) < 100_000


def test_the_same_poster_is_the_same_bytes() -> None:
    assert poster(ONE, "a4", TEMPLATES["red"]) == poster(ONE, "a4", TEMPLATES["red"])


@pytest.mark.parametrize(
    "host", ["https://x.vn", "https://gopy.congdoan.example", "http://127.0.0.1:8080", "https://" + "x" * 60 + ".vn"]
)
def test_the_whole_address_stands_in_letters_that_cannot_be_mistaken(host: str) -> None:
    svg = drawn(Poster(CARD, "Công đoàn", "Quét mã", f"{host}/join/{TOKEN}"), TEMPLATES["white"])
    lines = re.findall(r'font-family="DejaVu Sans Mono".*?>(.*)</text>', svg)
    assert "".join(lines) == f"{host}/join/{TOKEN}".removeprefix("https://")


@pytest.mark.parametrize(
    "unit", ["CĐ", "Công đoàn cơ sở Trường Trung học phổ thông Chuyên Sơn La", "Công đoàn " * 12, "a & <b>"]
)
def test_the_units_name_stands_whole_and_within_the_paper(unit: str) -> None:
    svg = drawn(Poster(CARD, unit, "Quét mã để góp ý", WEB), TEMPLATES["red"])
    lines = re.findall(r'<text x="71.80".* font-weight="700" font-size="([\d.]+)".*?>(.*)</text>', svg)
    assert " ".join(unescape(line) for _, line in lines) == unit.strip()
    assert len(lines) <= 2
