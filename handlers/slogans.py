"""/slogans: the slogans of the phase as cards, one after the other, word for word; posters for officers.

Where no picture can be shown the words stand alone, the same ones.
"""

import asyncio

from conversations.campaign import Slogan
from conversations.screens import Choice, Said, Screen
from handlers import slogan_cards
from handlers.commands import OFFICER, Talk
from handlers.rendering.poster import PAPERS
from handlers.visit import Visit
from handlers.words import home, pages, turned
from models import joining


async def open(visit: Visit, _rest: str) -> None:
    """Show the first slogan."""
    visit.go("slogans")


async def show(visit: Visit) -> Screen:
    """One slogan with the document that it comes from."""
    slogans = await slogan_cards.in_use(visit.conn, visit.house, visit.at)
    title = visit.t("slogans.title")
    if not slogans:
        return Screen(visit.t("slogans.none"), title=title, nav=(home(visit),))
    at = min(int(visit.person.data.get("page") or 0), len(slogans) - 1)
    slogan, pack = slogans[at], visit.house.pack
    number = visit.t("slogans.number", number=at + 1, total=len(slogans))
    source = visit.t("slogans.source", number=pack.source.number, issuer=pack.issuer.in_(visit.lang))
    about, papers = await _posters(visit, slogan)
    return Screen(
        f"{slogan.text}\n\n{source}\n{number}{about}",
        title=title,
        nav=(*pages(visit, at, len(slogans) - 1), *papers, home(visit)),
        # Beside the others: painting takes longer than anything else that is answered with.
        picture=await asyncio.to_thread(slogan_cards.card_png, visit.house, slogan),
        picture_alt=slogan.text,
    )


async def _posters(visit: Visit, slogan: Slogan) -> tuple[str, list[Choice]]:
    """Where an officer gets the slogan on paper with the unit's own code, where we have an address for it."""
    unit = next((grant.unit_id for grant in await visit.grants() if grant.role == OFFICER), None)
    if unit is None or not visit.house.public_url:
        return "", []
    token = await joining.make_link(visit.conn, unit, visit.at)
    about = visit.t("poster.about", unit=await visit.unit_name(unit))
    address = f"{visit.house.public_url}/poster/{token}/{slogan.id}"
    papers = [
        Choice("", visit.t("poster.button", paper=paper.upper()), url=f"{address}-{paper}.pdf") for paper in PAPERS
    ]
    return f"\n\n{about}", papers


async def act(visit: Visit, said: Said) -> None:
    """Turn the page; there is nothing else to choose but the way home."""
    visit.go("slogans", **turned(visit, said.action))


TALK = Talk("slogans", show, act, open)
