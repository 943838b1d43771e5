"""/forget: erases everything that is kept of a person, at once, after one confirmation with the safe answer first."""

from conversations.screens import Choice, Said, Screen
from handlers import clearing
from handlers.commands import Talk
from handlers.visit import Visit


async def open(visit: Visit, _rest: str) -> None:
    """Ask for the confirmation."""
    visit.go("forget")


async def show(visit: Visit) -> Screen:
    """Say what goes and what cannot be found any more."""
    return Screen(
        title=visit.t("forget.title"),
        text=visit.t("forget.text"),
        choices=(
            Choice("keep", visit.t("forget.keep")),
            Choice("erase", visit.t("forget.erase"), style="danger"),
        ),
        strict=True,
    )


async def act(visit: Visit, said: Said) -> None:
    """Erase, or go back."""
    if said.action != "erase":
        visit.go("mydata")
        return
    visit.asides += await clearing.goodbye(visit)
    if await visit.grants():
        visit.role = "worker"
    visit.notice(visit.t("forget.done"))
    visit.forgotten = True


TALK = Talk("forget", show, act, open, rights=True)
