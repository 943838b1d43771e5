"""The draft on one screen: what stands in it, what it lacks, and a button for each of its parts."""

from conversations import drafting
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_about, broadcast_time, broadcast_told, broadcast_work, returning
from handlers.broadcast_ways import DRAFT, PLAN, gone, listing, to
from handlers.broadcast_work import Work
from handlers.commands import EDITOR
from handlers.phases import phases
from handlers.visit import Visit
from handlers.words import home
from locales.formats import local_day
from models import broadcasts
from models.broadcasts import EDITABLE, SCHEDULED, SUBMITTED, Plan, Refused

PARTS = ("phase", "topic", "theme", "title", "text", "english", "source", "verbatim", "silent", "file", "slogan")
OF_A_SLOGAN = ("phase", "topic", "theme", "slogan")


async def show(visit: Visit) -> Screen:
    """The draft, or that it is gone."""
    work = await broadcast_work.find(visit)
    if work is None or (work.known and work.known.status not in EDITABLE):
        return gone(visit)
    lines = [*_standing(visit, work), "\n".join(await broadcast_about.lines(visit, work)), await _plan(visit, work)]
    lines += _lacking(visit, work)
    return Screen(
        title=visit.t("broadcast.draft.title"),
        text="\n\n".join(line for line in lines if line),
        choices=(*_fields(visit, work), *_ends(visit, work)),
        nav=(listing(visit), home(visit)),
    )


def _standing(visit: Visit, work: Work) -> list[str]:
    known = work.known
    if known is None or known.status == broadcasts.DRAFT:
        return (
            [visit.t("broadcast.returned", reason=known.reason)] if known and known.reason not in ("", "seal") else []
        )
    return [visit.t("broadcast.edit.approved" if known.status == SCHEDULED else "broadcast.edit.submitted")]


async def _plan(visit: Visit, work: Work) -> str:
    return "\n".join(await broadcast_told.lines(visit, work.plan))


def _lacking(visit: Visit, work: Work) -> list[str]:
    lacks = drafting.missing(work.draft, placed=work.placed)
    return [" ".join(visit.t(LACKS[name]) for name in lacks)] if lacks else []


def _fields(visit: Visit, work: Work) -> list[Choice]:
    names: tuple[str, ...] = OF_A_SLOGAN if work.draft.get("slogan") else PARTS
    if work.plan.kind == "results":
        names = ("title", "text", "english")
    return [Choice(f"field:{name}", visit.t(FIELDS[name])) for name in names]


def _ends(visit: Visit, work: Work) -> list[Choice]:
    found = [Choice(PLAN, visit.t("broadcast.plan")), Choice("preview", visit.t("broadcast.preview"))]
    if work.known and work.known.status in (SUBMITTED, SCHEDULED):
        found.append(Choice("take-back", visit.t("broadcast.take-back")))
    else:
        found.append(Choice("submit", visit.t("broadcast.submit"), style="primary"))
    return [*found, Choice("drop", visit.t("broadcast.drop"), style="danger")]


async def act(visit: Visit, said: Said) -> None:
    """Open a part, look at it whole, hand it in, or throw it away."""
    work = await broadcast_work.find(visit)
    kind, _, value = said.action.partition(":")
    if work is None:
        to(visit, "list")
    elif kind == "field":
        to(visit, "field", work, field=value)
    elif kind in (PLAN, "preview"):
        to(visit, kind, work)
    elif kind == "submit":
        await _submit(visit, work)
    elif kind == "take-back" and work.known:
        await broadcasts.send_back(visit.conn, work.known.id, broadcast_work.act(visit))
        visit.notice(visit.t("broadcast.taken-back"))
        to(visit, DRAFT, work)
    elif kind == "drop":
        to(visit, "drop", work)


async def _submit(visit: Visit, work: Work) -> None:
    fault = await _fault(visit, work)
    content = broadcast_work.whole(visit, work)
    if fault or content is None:
        visit.notice(fault or visit.t("broadcast.unfit"))
        to(visit, DRAFT, work)
        return
    try:
        await broadcast_work.hand_in(visit, work, content)
    except Refused:
        visit.notice(visit.t("broadcast.begun"))
    else:
        visit.notice(visit.t("broadcast.submitted"))
    to(visit, "list")


async def _fault(visit: Visit, work: Work) -> str:
    """Why a draft cannot be handed in, in one sentence; "" where it can."""
    if lacks := drafting.missing(work.draft, placed=work.placed):
        return visit.t(LACKS[lacks[0]])
    content, plan = broadcast_work.whole(visit, work), work.plan
    if content and plan.kind == "results" and returning.unfinished(visit.house, content):
        return visit.t("broadcast.lacks.next")
    if not await broadcast_work.covers(visit, plan, EDITOR):
        return visit.t("broadcast.too-wide")
    if untimely := await _untimely(visit, plan):
        return visit.t(untimely)
    told = await broadcast_told.size(visit, plan)
    if not plan.outlets and not (told and told.people):
        return visit.t("broadcast.empty")
    return ""


async def _untimely(visit: Visit, plan: Plan) -> str:
    """The phrase for what is wrong with its times."""
    if broadcast_time.wakes(visit, plan):
        return "schedule.fault.quiet"
    return "broadcast.until.early" if await _ends_first(visit, plan) else ""


async def _ends_first(visit: Visit, plan: Plan) -> bool:
    """Whether the time after which nothing is sent comes before the beginning, as far as that is known."""
    if plan.until is None:
        return False
    if plan.on_close:
        known = {each.phase.id: each.phase.ends for each in await phases(visit.conn, visit.house.pack)}
        return local_day(plan.until) <= (known.get(plan.on_close) or visit.today)
    return plan.until <= max(plan.start_at or visit.at, visit.at)


FIELDS = {name: f"broadcast.field.{name}" for name in PARTS}
LACKS = {name: f"broadcast.lacks.{name}" for name in ("title", "text", "source", "place", "alt")}
PHRASE_KEYS = (*FIELDS.values(), *LACKS.values(), "broadcast.until.early", "schedule.fault.quiet")
