"""Prints an SVG drawing as a PNG picture or a PDF page, with our own fonts: letters stay letters in the PDF.

The only file that knows typst. Typst lets other threads work while it prints, so that nobody waits for a picture. It is
loaded with the first drawing (3 ms): a house at rest would hold 8 MB for it.
"""

import importlib
from functools import cache
from typing import Any

from handlers.rendering.typeface import FONTS

MONO = "DejaVu Sans Mono"  # comes with typst; its l, I, 1, 0 and O cannot be taken for each other
_SHEET = """
#set document(date: none)
#set page(width: {wide}pt, height: {high}pt, margin: 0pt)
#image("drawing.svg", width: 100%, height: 100%)
"""
_POINT = 72 / 25.4  # a millimetre


def picture(svg: str, size: tuple[int, int]) -> bytes:
    """Paint a drawing as a PNG of a size in pixels."""
    return _pressed(svg, (float(size[0]), float(size[1])), "png")


def page(svg: str, size: tuple[float, float]) -> bytes:
    """Print a drawing as a PDF of one page of a size in millimetres; its fonts are embedded, only the letters used."""
    return _pressed(svg, (size[0] * _POINT, size[1] * _POINT), "pdf")


def _pressed(svg: str, size: tuple[float, float], kind: str) -> bytes:
    sheet = _SHEET.format(wide=size[0], high=size[1])
    parts = {"main.typ": sheet.encode(), "drawing.svg": svg.encode()}
    return bytes(_typst().compile(parts, format=kind, ppi=72, pdf_tags=False, font_paths=_fonts()))


@cache
def _typst() -> Any:
    return importlib.import_module("typst")


@cache
def _fonts() -> Any:
    return _typst().Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
