"""The public places of the federation, whether we may post there, and how another one is added."""

from conversations.screens import Choice, Said, Screen
from handlers import outlets as places
from handlers.broadcast_ways import listing, to
from handlers.visit import Visit
from handlers.words import home
from models import outlets
from models.outlets import Outlet


async def show(visit: Visit) -> Screen:
    """All of them, in words; one more is added by letting our bot in."""
    known = await outlets.listed(visit.conn)
    lines = [_line(visit, each) for each in known] or [visit.t("broadcast.outlets.none")]
    link = places.invitation(visit.house)
    add = (Choice("add", visit.t("broadcast.outlets.add"), url=link),) if link else ()
    return Screen(
        title=visit.t("broadcast.outlets"),
        text="\n\n".join(("\n".join(lines), visit.t("broadcast.outlets.how"))),
        choices=add,
        nav=(listing(visit), home(visit)),
    )


def _line(visit: Visit, known: Outlet) -> str:
    name = places.name_of(visit.house, visit.lang, known)
    return visit.t("broadcast.outlets.open" if known.may_post else "broadcast.outlets.closed", name=name)


async def act(visit: Visit, said: Said) -> None:
    """Go back to the list."""
    to(visit, "list")
