"""How wide words are in a font, measured from the font file itself, so that what we lay out is what is printed.

Reads the three tables of TrueType that say so (learn.microsoft.com/typography/opentype/spec: cmap, hhea, hmtx). Knows
no kerning, which in Vietnamese only brings letters nearer: words are never wider than is said here.
"""

import struct
from functools import cache, cached_property
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Be Vietnam Pro"
# Of the size. The tallest letter (Ẩ) rises 1.158 above the line, the lowest dot (Ậ) hangs 0.247 below it.
TALLEST, LOWEST = 1.16, 0.25
LEADING = 1.36  # only an Ẩ right below a dot would come near it


class Typeface:
    """One weight of Be Vietnam Pro, which was drawn for Vietnamese."""

    def __init__(self, path: Path, weight: int) -> None:
        self.weight = weight
        self._data = path.read_bytes()

    def width(self, words: str, size: float = 1.0) -> float:
        """Say how wide words are at a size; a letter that the font lacks counts as the square that shows it."""
        return sum(self._widths[self._glyphs.get(ord(letter), 0)] for letter in words) * size

    def has(self, letter: str) -> bool:
        """Tell whether the font has a letter."""
        return ord(letter) in self._glyphs

    @cached_property
    def _tables(self) -> dict[bytes, int]:
        (count,) = struct.unpack_from(">H", self._data, 4)
        rows = (struct.unpack_from(">4s4xI", self._data, 12 + 16 * row) for row in range(count))
        return dict(rows)

    @cached_property
    def _widths(self) -> list[float]:
        (em,) = struct.unpack_from(">H", self._data, self._tables[b"head"] + 18)
        (long,) = struct.unpack_from(">H", self._data, self._tables[b"hhea"] + 34)
        (glyphs,) = struct.unpack_from(">H", self._data, self._tables[b"maxp"] + 4)
        steps: list[float] = [width / em for (width,) in struct.iter_unpack(">H2x", self._cut(b"hmtx", 4 * long))]
        return [*steps, *steps[-1:] * int(glyphs - long)]

    @cached_property
    def _glyphs(self) -> dict[int, int]:
        """The glyph of every letter, from the segments of the Unicode part of `cmap` (format 4)."""
        start = self._tables[b"cmap"]
        (count,) = struct.unpack_from(">H", self._data, start + 2)
        parts = (struct.unpack_from(">HHI", self._data, start + 4 + 8 * row) for row in range(count))
        at = start + next(offset for platform, encoding, offset in parts if (platform, encoding) == (3, 1))
        (twice,) = struct.unpack_from(">H", self._data, at + 6)
        ends, starts, deltas, offsets = (
            struct.unpack_from(f">{twice // 2}H", self._data, at + 14 + part * twice + (2 if part else 0))
            for part in range(4)
        )
        glyphs = dict[int, int]()
        for row, (first, last) in enumerate(zip(starts, ends, strict=True)):
            row_at = at + 16 + 3 * twice + 2 * row
            for letter in range(first, min(last, 0xFFFE) + 1):
                glyph = letter
                if offsets[row]:
                    (glyph,) = struct.unpack_from(">H", self._data, row_at + offsets[row] + 2 * (letter - first))
                if glyph:
                    glyphs[letter] = (glyph + deltas[row]) & 0xFFFF
        return glyphs

    def _cut(self, table: bytes, length: int) -> bytes:
        return self._data[self._tables[table] : self._tables[table] + length]


@cache
def bold() -> Typeface:
    """The weight of the slogans."""
    return Typeface(FONTS / "BeVietnamPro-Bold.ttf", 700)


@cache
def medium() -> Typeface:
    """The weight of what is written small."""
    return Typeface(FONTS / "BeVietnamPro-Medium.ttf", 500)
