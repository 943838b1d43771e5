"""Whom, where and when: the plan of a sending on one screen, always with the size that it comes to."""

from conversations.screens import Choice, Said, Screen
from handlers import broadcast_audience, broadcast_time, broadcast_told, broadcast_work, scope
from handlers.broadcast_ways import DRAFT, PLAN, back, gone, to
from handlers.broadcast_work import NEWS, Work
from handlers.commands import EDITOR
from handlers.visit import Visit
from handlers.words import home
from models import outlets
from models.audiences import Audience
from models.broadcasts import EDITABLE


async def show(visit: Visit) -> Screen:
    """The plan, or the part of it that is asked for."""
    work = await broadcast_work.find(visit)
    if work is None or (work.known and work.known.status not in EDITABLE):
        return gone(visit)
    field = str(visit.person.data.get("field", ""))
    if field in broadcast_audience.FIELDS:
        return await broadcast_audience.ask(visit, work)
    if field in broadcast_time.FIELDS:
        return await broadcast_time.ask(visit, work)
    return Screen(
        title=visit.t("broadcast.plan.title"),
        text="\n".join(await broadcast_told.lines(visit, work.plan)),
        choices=tuple(await _choices(visit, work)),
        nav=(back(visit), home(visit)),
    )


async def _choices(visit: Visit, work: Work) -> list[Choice]:
    audience = work.plan.audience
    names = ["topic", "unit", "below", "kinds", "language"] if audience and work.plan.kind == "post" else []
    if await scope.at_the_top(visit, (EDITOR,)) and await outlets.listed(visit.conn, open_only=True):
        names.append("outlets")
    names += ["start", "until"]
    names += ["frozen"] if audience else []
    if work.plan.kind == "post":
        names.append("directly" if audience is None else "not-directly")
    return [Choice(f"field:{name}", visit.t(_label(work, name))) for name in names]


def _label(work: Work, name: str) -> str:
    audience = work.plan.audience
    if name == "below" and audience and audience.below:
        return "broadcast.plan.alone"
    return FREEZE[not work.plan.frozen] if name == "frozen" else LABELS[name]


async def act(visit: Visit, said: Said) -> None:
    """Change a part at once, or ask for it."""
    work = await broadcast_work.find(visit)
    field = str(visit.person.data.get("field", ""))
    if work is None:
        to(visit, "list")
    elif field and said.action == "back":
        to(visit, PLAN, work)
    elif field in broadcast_audience.FIELDS:
        await broadcast_audience.take(visit, work, said)
    elif field in broadcast_time.FIELDS:
        await broadcast_time.take(visit, work, said)
    elif said.action.startswith("field:"):
        await _open(visit, work, said.action.removeprefix("field:"))
    else:
        to(visit, DRAFT, work)


async def _open(visit: Visit, work: Work, name: str) -> None:
    audience = work.plan.audience
    if name == "below" and audience:
        await broadcast_work.keep(visit, work.aims(below=not audience.below))
    elif name == "frozen":
        await broadcast_work.keep(visit, work.plans(frozen=not work.plan.frozen))
    elif name == "not-directly":
        await broadcast_work.keep(visit, work.plans(audience=None))
    elif name == "directly":
        unit = (await broadcast_work.tops(visit, EDITOR))[0]
        await broadcast_work.keep(visit, work.plans(audience=Audience(NEWS, unit=unit.id)))
    else:
        to(visit, PLAN, work, field=name)
        return
    to(visit, PLAN, work)


LABELS = {
    name: f"broadcast.plan.{name}"
    for name in (
        *("topic", "unit", "below", "kinds", "language", "outlets"),
        *("start", "until", "directly", "not-directly"),
    )
}
FREEZE = {True: "broadcast.plan.freeze", False: "broadcast.plan.unfreeze"}
PHRASE_KEYS = (*LABELS.values(), *FREEZE.values(), "broadcast.plan.alone")
