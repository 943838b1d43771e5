"""Whether to throw a draft away: asked once more, since it cannot be had back."""

from conversations.screens import Choice, Said, Screen
from handlers import broadcast_work
from handlers.broadcast_ways import DRAFT, gone, to
from handlers.visit import Visit
from handlers.words import home
from models.broadcasts import Refused


async def show(visit: Visit) -> Screen:
    """Ask; the safe answer stands first."""
    if await broadcast_work.find(visit) is None:
        return gone(visit)
    return Screen(
        title=visit.t("broadcast.draft.title"),
        text=visit.t("broadcast.drop.sure"),
        choices=(
            Choice("back", visit.t("broadcast.drop.no")),
            Choice("yes", visit.t("broadcast.drop.yes"), style="danger"),
        ),
        nav=(home(visit),),
        strict=True,
    )


async def act(visit: Visit, said: Said) -> None:
    """Throw it away, or go back to it."""
    work = await broadcast_work.find(visit)
    if work is None:
        to(visit, "list")
    elif said.action == "yes":
        try:
            await broadcast_work.throw_away(visit, work)
        except Refused:
            visit.notice(visit.t("broadcast.begun"))
        else:
            visit.notice(visit.t("broadcast.dropped"))
        to(visit, "list")
    else:
        to(visit, DRAFT, work)
