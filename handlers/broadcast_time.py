"""When a sending begins, and until when it is worth sending."""

from conversations.moments import moment
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_told, broadcast_work
from handlers.broadcast_ways import PLAN, back, to
from handlers.broadcast_work import Work
from handlers.phases import phases
from handlers.quiet import quiet
from handlers.visit import Visit
from handlers.words import home
from locales.formats import moment as told
from models.broadcasts import Plan

FIELDS = ("start", "until")


async def ask(visit: Visit, work: Work) -> Screen:
    """Ask for a moment, to be typed, or one of those that need no typing."""
    field = str(visit.person.data["field"])
    now = broadcast_told.when(visit, work.plan) if field == "start" else _until(visit, work.plan)
    return Screen(
        title=visit.t("broadcast.plan.title"),
        text=f"{now}\n\n{visit.t(ASKED[field])}",
        choices=tuple(await _choices(visit, field)),
        nav=(back(visit), home(visit)),
        typed=True,
    )


def _until(visit: Visit, plan: Plan) -> str:
    if plan.until is None:
        return visit.t("broadcast.until.none")
    return visit.t("broadcast.until", at=told(plan.until, visit.lang))


async def _choices(visit: Visit, field: str) -> list[Choice]:
    if field == "until":
        return [Choice("none", visit.t("broadcast.until.drop"))]
    ahead = [each.phase for each in await phases(visit.conn, visit.house.pack) if not each.over(visit.at)]
    closing = [
        Choice(f"close:{phase.id}", visit.t("broadcast.when.choose", number=phase.number))
        for phase in ahead
        if phase.ends
    ]
    return [Choice("now", visit.t("broadcast.when.at-once")), *closing]


async def take(visit: Visit, work: Work, said: Said) -> None:
    """Keep the moment; one that is over, that would wake people, or that nobody can read, is asked for again."""
    field = str(visit.person.data["field"])
    at = moment(said.text, visit.at) if said.text else None
    if said.text and at is None:
        visit.notice(visit.t("broadcast.when.unread"))
        return
    if field == "until":
        changed = work.plans(until=at)
    elif said.action.startswith("close:"):
        changed = work.plans(on_close=said.action.removeprefix("close:"), start_at=None)
    else:
        changed = work.plans(start_at=at, on_close="")
        if wakes(visit, changed.plan):
            visit.notice(visit.t("schedule.fault.quiet"))
            return
    await broadcast_work.keep(visit, changed)
    to(visit, PLAN, work)


def wakes(visit: Visit, plan: Plan) -> bool:
    """Whether a plan would begin at a chosen moment in people's quiet hours; public places have none."""
    begins = plan.start_at if plan.audience else None
    return begins is not None and begins > visit.at and quiet(begins, visit.house.pack)


ASKED = {field: f"broadcast.ask.{field}" for field in FIELDS}
PHRASE_KEYS = tuple(ASKED.values())
