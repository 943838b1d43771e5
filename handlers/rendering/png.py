"""Turns an SVG picture into a PNG with the fonts that we ship, so that Vietnamese letters look the same everywhere."""

from functools import lru_cache
from pathlib import Path

from resvg_py import svg_to_bytes

FONTS = [str(Path(__file__).parent / "fonts" / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]


@lru_cache(maxsize=64)
def painted(svg: str) -> bytes:
    """Paint an SVG document at its own size. Keeps the last ones. Raises ValueError for what is no SVG."""
    return bytes(svg_to_bytes(svg_string=svg, font_files=FONTS, skip_system_fonts=True, font_family="DejaVu Sans"))
