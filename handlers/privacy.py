"""/privacy: who can learn what, in plain words, before and after the release."""

from conversations.screens import Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home


async def open(visit: Visit, _rest: str) -> None:
    """Show the notice."""
    visit.go("privacy")


async def show(visit: Visit) -> Screen:
    """The notice."""
    pack = visit.house.pack
    return Screen(
        title=visit.t("privacy.title"),
        text=visit.t("privacy.text", k=pack.k, day=pack.period_close_day),
        nav=(home(visit),),
    )


async def act(_visit: Visit, _said: Said) -> None:
    """Nothing is to be chosen here but the way home."""


TALK = Talk("privacy", show, act, open, guests=True)
