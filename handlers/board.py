"""What an electronic panel shows: the slogans of the phase that runs, word for word, and the headlines of what is new.

Shows nothing that is not public already, and nothing about anybody. The words on the panel change with the day alone,
with what is published, and with what is taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from handlers import published, slogan_cards
from handlers.house import House
from handlers.published import Entry, Wanted, day_of
from handlers.rendering.breaking import broken, penalty, unevenness
from handlers.rendering.card import MOST_LINES
from handlers.rendering.typeface import bold
from locales.formats import day, local_day
from models import joining
from models.database import Connection

HEADLINES = 6


@dataclass(frozen=True, slots=True)
class Way:
    """One way to break words into lines; `torn` is how much it tears apart what is read in one breath."""

    lines: tuple[str, ...]
    torn: float


@dataclass(frozen=True, slots=True)
class Card:
    """One screen of a panel: its words in a language, what stands above them and what below."""

    kind: str  # "slogan" or "news"
    lang: str
    text: str
    above: str = ""
    below: str = ""

    @property
    def ways(self) -> tuple[Way, ...]:
        """Every good way to break its words; which of them is read best is for the panel's shape to say."""
        return ways(self.text)


@dataclass(frozen=True, slots=True)
class Board:
    """What a panel shows by turns; `join` is the address behind its code, "" where the federation has none."""

    cards: tuple[Card, ...]
    join: str


async def board(conn: Connection, house: House, at: datetime, lang: str) -> Board:
    """Put together what is to be shown at a moment."""
    leaf = await published.leaf(conn, house, Wanted(lang))
    news = [_headline(house, entry, lang) for entry in leaf.entries if not entry.card][:HEADLINES]
    slogans = [_slogan(house, text, lang) for text in await _slogans(conn, house, at)]
    return Board(tuple(_mixed(slogans, news)), await _join(conn, house, at))


@lru_cache(maxsize=256)
def ways(words: str) -> tuple[Way, ...]:
    """Break words into one line, into two, and so on, each as the cards of slogans are broken."""
    found = []
    for count in range(1, min(MOST_LINES, len(words.split())) + 1):
        lines = broken(words, count, bold().width)
        torn = max(0.0, penalty(lines)) + unevenness(lines, bold().width)
        found.append(Way(tuple(lines), round(torn, 3)))
    return tuple(found)


def _mixed(slogans: list[Card], news: list[Card]) -> Iterator[Card]:
    """A slogan, a headline, a slogan: of the fewer each stands there more often."""
    for turn in range(max(len(slogans), len(news))):
        yield from (kind[turn % len(kind)] for kind in (slogans, news) if kind)


def _slogan(house: House, text: str, lang: str) -> Card:
    return Card("slogan", "vi", text, below=house.pack.issuer.in_(lang))


def _headline(house: House, entry: Entry, lang: str) -> Card:
    label = house.phrases.say(lang, "board.news")
    return Card("news", entry.lang, entry.title, f"{label} · {day(day_of(entry), lang)}", house.pack.issuer.in_(lang))


async def _slogans(conn: Connection, house: House, at: datetime) -> list[str]:
    return [slogan.text for slogan in await slogan_cards.in_use(conn, house, at)]


async def _join(conn: Connection, house: House, at: datetime) -> str:
    """The address by which people come to the federation's root, if a link was made for it."""
    for root in (await house.tree(conn, local_day(at))).roots:
        if token := await joining.link_of(conn, root.id):
            return f"{house.public_url}/join/{token}"
    return ""
