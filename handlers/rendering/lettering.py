"""How wide words are in DejaVu Sans, and where a line of them breaks. Measured from the font files that we ship."""

import unicodedata
from dataclasses import dataclass

# Thousandths of the font size, from the fonts' own tables (regular face); marks above and below letters add nothing.
_WIDTHS = {
    294: "'ijlIJ",
    336: " ,.‘’·/:;\\|",
    411: "f-()[]t!r",
    530: '"*_`–“”sz?',
    591: "cLFk•vxy",
    636: "PTYoaeEhnuSbdgpq$0123456789{}",
    703: "KAVXZBRC",
    787: "UNHDG&OQ",
    837: "w#+<=>^~≥≤×",
    1000: "M%mW@…—",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_WIDTH |= {"đ": 635, "Đ": 775, "ơ": 612, "ư": 634, "Ơ": 913, "Ư": 857}
_UNKNOWN = 1000
_BOLD = 1.13  # the bold face is at most so much wider over a line of text


@dataclass(frozen=True, slots=True)
class Face:
    """A size in pixels and a weight."""

    size: int
    bold: bool = False

    @property
    def line(self) -> float:
        """The height of a line: Vietnamese letters carry two marks and need room."""
        return self.size * 1.36


def width(words: str, face: Face) -> float:
    """Say how wide words are, in pixels: never less than they are drawn."""
    return sum(map(_letter, words)) * face.size / 1000 * (_BOLD if face.bold else 1)


def _letter(letter: str) -> int:
    if letter in _WIDTH:
        return _WIDTH[letter]
    plain = unicodedata.normalize("NFD", letter)
    horn = "\u031b" in plain  # ơ, ư: wider in capitals
    return _WIDTH.get({"O": "Ơ", "U": "Ư"}.get(plain[0], plain[0]) if horn else plain[0], _UNKNOWN)


def wrapped(words: str, face: Face, room: float) -> list[str]:
    """Break words into as few lines as fit, of about one length, so that no word is left alone on the last.

    A word wider than a line is cut at its end. Empty words take no line.
    """
    lines = _filled(words, face, room)
    for narrower in range(95, 50, -5):
        evener = _filled(words, face, room * narrower / 100)
        if len(evener) > len(lines):
            break
        lines = evener
    return lines


def _filled(words: str, face: Face, room: float) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, face) <= room:
            lines[-1] = longer
        else:
            lines += _cut(word, face, room)
    return lines


def _cut(word: str, face: Face, room: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, face) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
