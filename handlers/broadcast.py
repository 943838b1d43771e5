"""/broadcast: where officers write what is published, hand it in, approve what others wrote, and watch it go out.

Every step checks the role anew: one that ended a minute ago opens nothing any more.
"""

from types import ModuleType

from conversations.screens import Said, Screen
from handlers import (
    broadcast_draft,
    broadcast_drop,
    broadcast_field,
    broadcast_library,
    broadcast_list,
    broadcast_outlets,
    broadcast_plan,
    broadcast_preview,
    broadcast_progress,
    broadcast_review,
    broadcast_schedule,
    broadcast_series,
    broadcast_series_review,
)
from handlers.broadcast_ways import LIST, to
from handlers.broadcast_work import NAME
from handlers.commands import APPROVER, EDITOR, Talk
from handlers.visit import Visit
from handlers.words import home
from models import broadcasts, watches
from models.broadcasts import RUNNING, SCHEDULED
from models.watches import Watch

ROLES = (EDITOR, APPROVER)
VIEWS: dict[str, ModuleType] = {
    LIST: broadcast_list,
    "draft": broadcast_draft,
    "field": broadcast_field,
    "plan": broadcast_plan,
    "preview": broadcast_preview,
    "drop": broadcast_drop,
    "review": broadcast_review,
    "progress": broadcast_progress,
    "library": broadcast_library,
    "outlets": broadcast_outlets,
    "schedule": broadcast_schedule,
    "series": broadcast_series,
    "series-review": broadcast_series_review,
}


async def open(visit: Visit, _rest: str) -> None:
    """Show the list."""
    to(visit, LIST)


async def show(visit: Visit) -> Screen:
    """The screen that is open; to somebody whose role has ended, that it has."""
    if not await _may(visit):
        return Screen(visit.t("broadcast.ended"), nav=(home(visit),))
    screen: Screen = await _view(visit).show(visit)
    return screen


async def anew(visit: Visit) -> Screen | None:
    """The progress as it is now, for a screen that is watched; None where there is nothing new to show.

    It is watched no more once the officer has moved on, or once it does not move, which is shown a last time.
    """
    watch = await watches.find(visit.conn, visit.inbound.sender)
    known = await broadcasts.find(visit.conn, watch.broadcast_id) if watch and _looks(visit, watch) else None
    if known is None or not await _may(visit):
        await watches.drop(visit.conn, visit.inbound.sender)
        return None
    if known.status == SCHEDULED:
        return None
    if known.status != RUNNING:
        await watches.drop(visit.conn, visit.inbound.sender)
    return await broadcast_progress.show(visit)


def _looks(visit: Visit, watch: Watch) -> bool:
    """Whether somebody still looks at what is watched."""
    data = visit.person.data
    here = visit.person.talk == NAME and data.get("at") == "progress" and not data.get("ask")
    return here and (watch.screen, watch.broadcast_id) == (visit.inbound.refresh, data.get("id"))


async def act(visit: Visit, said: Said) -> None:
    """Do what was chosen on it."""
    if not await _may(visit):
        visit.go("start")
    elif said.action == LIST:
        to(visit, LIST)
    else:
        await _view(visit).act(visit, said)


async def _may(visit: Visit) -> bool:
    return any(grant.role in ROLES for grant in await visit.grants())


def _view(visit: Visit) -> ModuleType:
    return VIEWS.get(str(visit.person.data.get("at")), broadcast_list)


TALK = Talk(NAME, show, act, open, roles=ROLES, refusal="broadcast.not-for-you")
