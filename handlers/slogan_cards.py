"""The slogans in use, and what is made of them: cards for chats, boards and feeds, posters for the walls of a unit.

A slogan rests once what it speaks of is over, by the dates that the phases have now. Its words are never changed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from conversations.campaign import Slogan
from conversations.posts import Content
from handlers import slogan_plan
from handlers.house import House
from handlers.phases import dated
from handlers.rendering import poster as sheet
from handlers.rendering.card import SIZES, TEMPLATES, Card, drawn
from handlers.rendering.poster import Poster
from handlers.rendering.press import picture
from locales.formats import day
from models import bounds, joining
from models.database import Connection

TEMPLATE = "red"
VIETNAMESE = "vi"  # official words are not translated, and what stands beside them on paper is of one language


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture that somebody asks for: of a slogan, in a size or on a paper, by a template."""

    slogan: Slogan
    size: str
    template: str


def asked(house: House, name: str, sizes: Iterable[str]) -> Asked | None:
    """Take a name such as "kh-5-a4" or "kh-5-a4-white" apart; None where there is no such slogan, size or template."""
    form = re.fullmatch(rf"(.+?)-({'|'.join(sizes)})(?:-({'|'.join(TEMPLATES)}))?", name)
    found = next((slogan for slogan in house.pack.slogans if form and slogan.id == form[1]), None)
    return Asked(found, form[2], form[3] or TEMPLATE) if form and found else None


async def in_use(conn: Connection, house: House, at: datetime) -> tuple[Slogan, ...]:
    """Give the slogans of a moment, in the order of the campaign."""
    return slogan_plan.in_use(house.pack, dated(house.pack, await bounds.edited(conn)), at)


def card_of(house: House, slogan: Slogan) -> Card:
    """Put a slogan's card together: its words, who says so, and the document that it is from."""
    source = house.pack.source
    return _card(slogan.text, house.pack.issuer.in_(VIETNAMESE), source.number, source.date)


def card_png(house: House, slogan: Slogan, size: str = "chat", template: str = TEMPLATE) -> bytes:
    """Paint a slogan's card in a size of SIZES and a template of TEMPLATES; keeps the last ones."""
    return _painted(card_of(house, slogan), size, template)


def content_png(content: Content) -> bytes:
    """Paint the card of a post that carries a slogan: its words and its source, as two people approve them."""
    source = content.source
    return _painted(_card(content.in_(VIETNAMESE), source.issuer, source.number, source.date), "chat", TEMPLATE)


def _card(text: str, issuer: str, number: str, dated: date) -> Card:
    return Card(text, issuer, " · ".join(part for part in (number, day(dated, VIETNAMESE)) if part))


@lru_cache(maxsize=32)
def _painted(card: Card, size: str, template: str) -> bytes:
    return picture(drawn(card, SIZES[size], TEMPLATES[template]), SIZES[size])


async def poster_of(conn: Connection, house: House, token: str, slogan: Slogan, on: date) -> Poster | None:
    """Put the poster of a join link together, with the unit's name of a day; None where the link leads nowhere."""
    unit_id = await joining.unit_of(conn, token, on)
    unit = (await house.tree(conn, on)).get(unit_id) if unit_id else None
    if unit is None:
        return None
    invitation = house.phrases.say(VIETNAMESE, "poster.invitation")
    return Poster(card_of(house, slogan), unit.name, invitation, f"{house.public_url}/join/{token}")


@lru_cache(maxsize=32)
def poster_pdf(its: Poster, paper: str, template: str = TEMPLATE) -> bytes:
    """Print a poster on a paper of PAPERS; keeps the last ones."""
    return sheet.poster(its, paper, TEMPLATES[template])
