"""The few strokes that cards and posters are drawn with, as SVG: rectangles and lines of words, in flat colours."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from handlers.rendering.typeface import FAMILY, Typeface


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a drawing."""

    x: float
    y: float
    wide: float
    high: float

    def inside(self, margin: float) -> "Box":
        """The place within a margin."""
        return Box(self.x + margin, self.y + margin, self.wide - 2 * margin, self.high - 2 * margin)


@dataclass(frozen=True, slots=True)
class Hand:
    """How words are written: a weight, a size, a colour, and whether `x` is their middle or their beginning."""

    face: Typeface
    size: float
    ink: str
    centred: bool = False
    family: str = FAMILY


def document(size: tuple[float, float], title: str, parts: Iterable[str]) -> str:
    """Put strokes on a sheet; `title` says what is drawn to who cannot see it."""
    wide, high = size
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}">'
    )
    return "\n".join((head, f"<title>{escape(title)}</title>", *parts, "</svg>"))


def rectangle(box: Box, ink: str) -> str:
    """Fill a place with one colour."""
    place = f'x="{box.x:.2f}" y="{box.y:.2f}" width="{box.wide:.2f}" height="{box.high:.2f}"'
    return f'<rect {place} fill="{ink}"/>'


def written(words: str, at: tuple[float, float], hand: Hand) -> str:
    """Write one line of words on a base line."""
    anchor = ' text-anchor="middle"' if hand.centred else ""
    look = f'font-family="{hand.family}" font-weight="{hand.face.weight}" font-size="{hand.size:.2f}" fill="{hand.ink}"'
    return f'<text x="{at[0]:.2f}" y="{at[1]:.2f}"{anchor} {look} xml:space="preserve">{escape(words)}</text>'
