"""A QR code is a whole PNG or SVG, square, light around the edge so that cameras find it."""

import struct
import xml.etree.ElementTree as ET

from handlers.rendering.qr import qr_png, qr_svg

URL = "https://langnghe.example/join/AbCdEfGhIjKlMnOpQrStUv"


def test_a_png_is_square_with_whole_modules() -> None:
    png = qr_png(URL, scale=8)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png.endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", png[16:24])
    assert width == height
    modules = width // 8 - 2 * 4
    assert width % 8 == 0
    assert modules % 4 == 1  # every QR version has 17 + 4 n modules a side
    assert modules >= 29


def test_an_svg_is_well_formed_and_opaque() -> None:
    svg = ET.fromstring(qr_svg(URL))
    assert svg.tag.endswith("svg")
    assert svg.get("width") == svg.get("height")
    assert b"#fff" in qr_svg(URL)
