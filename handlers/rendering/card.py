"""A slogan as a picture: its words, a rule, who says so. Flat colours and letters only; no emblem, nothing generated.

Sets the words as they are given, every letter and sign of them. Refuses nothing: too many words for the size are set
smaller. The same drawing serves chats, boards, and the upper part of a poster.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from handlers.rendering.breaking import broken, penalty, unevenness
from handlers.rendering.pen import Box, Hand, document, rectangle, written
from handlers.rendering.typeface import LEADING, LOWEST, TALLEST, bold, medium

SIZES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"chat": (1080, 1350), "square": (1080, 1080), "board": (1920, 1080)}
)
MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Template:
    """The colours of a card, and whether its lines are centred or begin at one edge."""

    ground: str
    ink: str
    soft: str
    rule: str
    centred: bool


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        "red": Template("#b3141c", "#fff6d6", "#ffe9a8", "#f2c14e", centred=True),
        "white": Template("#ffffff", "#b3141c", "#3a3a3a", "#b3141c", centred=False),
        "light": Template("#f4f0e6", "#20242a", "#4a4f57", "#b3141c", centred=False),
    }
)


@dataclass(frozen=True, slots=True)
class Card:
    """A slogan with who says so and, where wanted, a short line on where it is from."""

    text: str
    issuer: str
    source: str = ""


def drawn(card: Card, size: tuple[int, int], template: Template) -> str:
    """Draw a card as an SVG document of a size in pixels."""
    return document(size, card.text, drawing(card, Box(0, 0, *size), template))


def drawing(card: Card, box: Box, template: Template) -> Iterator[str]:
    """Draw a card into a place: the ground, the words as large as they fit, a rule, the small lines at the foot."""
    unit = min(box.wide, box.high) / 100
    small = 2.9 * unit
    room = box.inside(8 * unit)
    foot = [line for line in (card.issuer, card.source) if line]
    below = 4 * unit + small * 1.5 * len(foot)
    edge = room.x + room.wide / 2 if template.centred else room.x
    long = 16 * unit
    rule = room.y + room.high - below
    yield rectangle(box, template.ground)
    yield from slogan(card.text, Box(room.x, room.y, room.wide, rule - room.y - 6 * unit), template)
    yield rectangle(Box(edge - long / 2 if template.centred else edge, rule, long, 0.7 * unit), template.rule)
    for number, line in enumerate(foot, start=1):
        at = rule + 3.4 * unit + small * (1.5 * number - 0.5)
        fits = min(small, room.wide / medium().width(line))  # a long name of an office is never cut
        yield written(line, (edge, at), Hand(medium(), fits, template.soft, template.centred))


def slogan(words: str, room: Box, template: Template) -> Iterator[str]:
    """Set words as large as they fit into a place, in the middle of its height."""
    lines, size = fitted(words, room.wide, room.high)
    edge = room.x + room.wide / 2 if template.centred else room.x
    base = room.y + (room.high - height(len(lines)) * size) / 2 + TALLEST * size
    hand = Hand(bold(), size, template.ink, template.centred)
    for number, line in enumerate(lines):
        yield written(line, (edge, base + number * LEADING * size), hand)


def fitted(words: str, wide: float, high: float) -> tuple[list[str], float]:
    """Choose the lines and the size of words for a place: large, and broken only where a reader would pause."""
    ways = []
    for count in range(1, max(1, min(MOST_LINES, len(words.split()))) + 1):
        lines = broken(words, count, bold().width)
        widest = max(*map(bold().width, lines), 1.0)
        size = min(wide / widest, high / height(len(lines)), min(wide, high) / 6)
        torn = penalty(lines) + unevenness(lines, bold().width)
        ways.append((size**0.85 / (1 + torn), -count, lines, size))
    *_, lines, size = max(ways)
    return lines, size


def height(lines: int) -> float:
    """Say how high some lines are for a size of 1, with the marks of the first and the dots below the last."""
    return (lines - 1) * LEADING + TALLEST + LOWEST
