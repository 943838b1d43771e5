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
)
from handlers.broadcast_ways import LIST, to
from handlers.broadcast_work import NAME
from handlers.commands import APPROVER, EDITOR, Talk
from handlers.visit import Visit
from handlers.words import home

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
