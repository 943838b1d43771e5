"""/stop: stops what is going on, at once. What was written so far stays sealed for the person to go on or erase."""

from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home


async def open(visit: Visit, _rest: str) -> None:
    """Stop; a guest who stops is forgotten like one who says no."""
    if visit.person.consent_version is None:
        visit.notice(visit.t("consent.goodbye"))
        visit.forgotten = True
    else:
        visit.go("stop")


async def show(visit: Visit) -> Screen:
    """Say that it stopped, and what can still be done."""
    return Screen(
        title=visit.t("stop.title"),
        text=visit.t("stop.text"),
        nav=(home(visit), Choice("forget", visit.t("forget.button"))),
    )


async def act(visit: Visit, said: Said) -> None:
    """Go home, or on to erasing."""
    visit.go("forget" if said.action == "forget" else "start")


TALK = Talk("stop", show, act, open, guests=True)
