"""The calendar of phases, for editors and approvers of the whole federation: move a day of a phase, or end it now.

Nothing changes without a screen that says what follows, nor on dates that somebody else has changed since. Refuses an
overlap, a gap, and an end before the start, each with one sentence.
"""

from dataclasses import replace
from datetime import timedelta

from conversations.reading import day_near
from conversations.screens import Choice, Said, Screen
from handlers import calendar, scope
from handlers.commands import Talk
from handlers.date_screens import asking, chosen, confirming, ending, listing, standing, wished
from handlers.phase_change import ENDS, Wish, changed, fault, told
from handlers.phases import Stretch, events, phases
from handlers.visit import Visit
from handlers.words import home
from models import bounds
from models.audit import Act
from models.bounds import Bound

MAY = ("editor", "approver")
FAR = timedelta(days=3653)  # a day further off than this is a slip of the finger


def ways(visit: Visit, here: Stretch) -> list[Choice]:
    """The ways from a phase to here."""
    return [Choice("dates", visit.t("dates.change", number=here.phase.number)), *ending(visit, here)]


async def close(visit: Visit, phase: str) -> None:
    """Ask whether a phase is to end now."""
    stretches = await phases(visit.conn, visit.house.pack)
    if any(each.phase.id == phase and each.runs(visit.at) for each in stretches):
        _propose(visit, stretches, Wish(phase, ENDS, visit.today, along=True, closed_at=visit.at))
    else:
        visit.notice(visit.t("dates.not-running"))
        visit.go("dates", phase=phase)


def _propose(visit: Visit, stretches: tuple[Stretch, ...], wish: Wish) -> None:
    when = wish.day.isoformat() if wish.day else ""
    its = {"edge": wish.edge, "day": when, "along": wish.along, "close": wish.closed_at is not None}
    visit.go("dates", phase=wish.phase, view="confirm", was=told(stretches), **its)


async def show(visit: Visit) -> Screen:
    """The calendar, the question for a day, or what would follow from it."""
    if not await scope.at_the_top(visit, MAY):
        return Screen(visit.t("desk.not-for-you"), nav=(home(visit),))
    stretches = await phases(visit.conn, visit.house.pack)
    view = visit.person.data.get("view")
    if view == "ask":
        return asking(visit, stretches, chosen(visit, stretches))
    if view == "confirm":
        return confirming(visit, stretches)
    return listing(visit, stretches, chosen(visit, stretches))


async def act(visit: Visit, said: Said) -> None:
    """Look at another phase, ask for a day, read it, change it."""
    if not await scope.at_the_top(visit, MAY):
        visit.go("start")
        return
    kind, _, value = said.action.partition(":")
    phase = str(visit.person.data.get("phase"))
    if kind == "topics":
        visit.go("topics", phase=phase)
    elif kind == "edge":
        visit.go("dates", phase=phase, view="ask", edge=value)
    elif kind == "close":
        await close(visit, phase)
    elif kind == "yes":
        await _keep(visit)
    elif kind in ("open", "along") or said.text:
        await _read(visit, kind, said.text)
    else:
        visit.go("dates", phase=value or phase)


async def _read(visit: Visit, kind: str, text: str) -> None:
    """Take up the day that was typed, no day at all, or the day of before with the phase beside it."""
    stretches = await phases(visit.conn, visit.house.pack)
    if kind == "along":
        _propose(visit, stretches, replace(wished(visit), along=True))
        return
    data, here = visit.person.data, chosen(visit, stretches)
    now = standing(here, data["edge"])
    day = day_near(text, now or visit.today) if text else None
    if text and day is None:
        visit.notice(visit.t("dates.unread"))
    elif day and abs(day - (now or visit.today)) > FAR:
        visit.notice(visit.t("dates.far"))
    elif day == now:
        visit.notice(visit.t("dates.same"))
    else:
        _propose(visit, stretches, Wish(here.phase.id, str(data["edge"]), day))


async def _keep(visit: Visit) -> None:
    """Change the dates that were seen; ask again where they are no longer those, and refuse what may not be."""
    await bounds.lock(visit.conn)
    before, wish = await phases(visit.conn, visit.house.pack), wished(visit)
    seen = (told(before), wish.day.isoformat() if wish.day else "")
    if seen != (visit.person.data["was"], visit.person.data["day"]):
        visit.notice(visit.t("dates.meanwhile"))
        _propose(visit, before, wish) if wish.closed_at is None else await close(visit, wish.phase)
        return
    after = changed(before, wish)
    if fault(before, after):
        return
    new = [(each.phase.id, each) for was, each in zip(before, after, strict=True) if each != was]
    kept = [(id, Bound(each.phase.starts, each.phase.ends, each.closed_at)) for id, each in new]
    await bounds.keep(visit.conn, kept, Act(visit.at, str(visit.person.id)))
    fresh = [id for id in events(after, visit.at) if id not in events(before, visit.at)]
    await calendar.at_once(visit.conn, visit.house, fresh, visit.at)
    visit.notice(visit.t("dates.done"))
    visit.go("dates", phase=wish.phase)


TALK = Talk("dates", show, act)
