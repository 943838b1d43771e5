"""A slogan on paper: its card above, and below it whose poster it is and how to join, by a QR code and by an address.

One drawing for A4 and A3, which have one shape. Draws only: who may have which poster is no matter here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from handlers.rendering.breaking import broken
from handlers.rendering.card import Card, Template, drawing
from handlers.rendering.pen import Box, Hand, document, rectangle, written
from handlers.rendering.press import MONO, page
from handlers.rendering.qr import path
from handlers.rendering.typeface import bold, medium

PAPERS: Mapping[str, tuple[float, float]] = MappingProxyType({"a4": (210.0, 297.0), "a3": (297.0, 420.0)})
SHEET = (210.0, 297.0)
FOOT, CODE = 82.0, 54.0
MARGIN, QUIET = 16.8, 5.3  # the edge of a card's words, and the light frame that belongs to a code
GAP = 3.5
INK, SOFT = "#20242a", "#4a4f57"


@dataclass(frozen=True, slots=True)
class Poster:
    """A card, the unit that hangs it up, one line that says what the code is for, and the address of the code."""

    card: Card
    unit: str
    invitation: str
    address: str


def poster(its: Poster, paper: str, template: Template) -> bytes:
    """Print a poster as a PDF on a paper of PAPERS."""
    return page(drawn(its, template), PAPERS[paper])


def drawn(its: Poster, template: Template) -> str:
    """Draw a poster as an SVG document."""
    return document(SHEET, f"{its.card.text} {its.unit}. {its.invitation} {its.address}", _parts(its, template))


def _parts(its: Poster, template: Template) -> Iterator[str]:
    wide, high = SHEET
    yield rectangle(Box(0, 0, wide, high), "#ffffff")
    yield from drawing(its.card, Box(0, 0, wide, high - FOOT), template)
    foot = high - FOOT
    yield rectangle(Box(0, foot, wide, 1.2), template.rule)
    yield code(its.address, Box(MARGIN - QUIET, foot + (FOOT - CODE) / 2 + 0.6, CODE, CODE))
    left = MARGIN + CODE + 1
    yield from _words(its, Box(left, foot, wide - MARGIN - left, FOOT))


def _words(its: Poster, room: Box) -> Iterator[str]:
    blocks = (
        _set(its.unit, room.wide, Hand(bold(), 7.4, INK)),
        _set(its.invitation, room.wide, Hand(medium(), 5.4, INK)),
        _address(its.address, room.wide),
    )
    heights = [sum(hand.size * 1.45 for _, hand in block) for block in blocks]
    base = room.y + (room.high - sum(heights) - 2 * GAP) / 2
    for block in blocks:
        for line, hand in block:
            base += hand.size * 1.45
            yield written(line, (room.x, base - hand.size * 0.4), hand)
        base += GAP


def _set(words: str, wide: float, hand: Hand) -> list[tuple[str, Hand]]:
    """Set words in two lines at most, smaller where they are long."""
    for lines in (1, 2):
        found = broken(words, lines, hand.face.width)
        widest = max(*(hand.face.width(line, hand.size) for line in found), 0.1)
        if widest <= wide:
            return [(line, hand) for line in found]
    smaller = Hand(hand.face, hand.size * wide / widest, hand.ink)
    return [(line, smaller) for line in found]


def _address(address: str, wide: float) -> list[tuple[str, Hand]]:
    """Write an address to be typed: without the "https://" that every browser adds, cut where a line is full."""
    hand = Hand(medium(), 4.7, SOFT, family=MONO)
    typed = address.removeprefix("https://")
    letters = int(wide / (hand.size * 0.602))  # every letter of DejaVu Sans Mono is 0.602 wide
    if len(typed) > letters and len(typed.rpartition("/")[0]) < letters:
        host, slash, token = typed.rpartition("/")
        return [(host + slash, hand), *((token[at : at + letters], hand) for at in range(0, len(token), letters))]
    return [(typed[at : at + letters], hand) for at in range(0, len(typed), letters)]


def code(address: str, box: Box) -> str:
    """Draw the QR code of an address into a place, its quiet zone included."""
    modules, way = path(address)
    scale = box.wide / modules
    return f'<path transform="translate({box.x:.3f} {box.y:.3f}) scale({scale:.5f})" d="{way}" fill="#000000"/>'
