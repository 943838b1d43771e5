"""/slogans: the slogans of the campaign, word for word."""

from conversations.screens import Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home


async def open(visit: Visit, _rest: str) -> None:
    """Show the slogans."""
    visit.go("slogans")


async def show(visit: Visit) -> Screen:
    """All slogans with the document that they come from."""
    pack = visit.house.pack
    lines = [f"{number}. {slogan.text}" for number, slogan in enumerate(pack.slogans, start=1)]
    source = visit.t("slogans.source", number=pack.source.number, issuer=pack.issuer.in_(visit.lang))
    return Screen(title=visit.t("slogans.title"), text="\n\n".join((*lines, source)), nav=(home(visit),))


async def act(_visit: Visit, _said: Said) -> None:
    """Nothing is to be chosen here but the way home."""


TALK = Talk("slogans", show, act, open)
