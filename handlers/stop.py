"""/stop: stops what is going on and all that is sent, at once. What was written so far stays sealed for its owner."""

from conversations.screens import Choice, Said, Screen
from handlers import settings
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home


async def open(visit: Visit, _rest: str) -> None:
    """Stop, and be asked for nothing more; a guest who stops is forgotten like one who says no."""
    if visit.guest:
        visit.notice(visit.t("consent.goodbye"))
        visit.forgotten = True
    else:
        await settings.refuse_all(visit)
        visit.go("stop")


async def show(visit: Visit) -> Screen:
    """Say that it stopped, and what can still be done."""
    return Screen(
        title=visit.t("stop.title"),
        text=visit.t("stop.text"),
        nav=(home(visit), Choice("go:forget", visit.t("forget.button"))),
    )


async def act(_visit: Visit, _said: Said) -> None:
    """Nothing is to be chosen here but other commands."""


TALK = Talk("stop", show, act, open, guests=True)
