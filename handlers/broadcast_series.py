"""The occasions of a schedule of slogans that stand alike, as one entry: to open each of them, or to end them all."""

from conversations.posts import read_content
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_series_review, broadcast_work, slogan_series
from handlers.broadcast_ways import DRAFT, gone, listing, to
from handlers.broadcast_work import NAME
from handlers.commands import APPROVER, EDITOR
from handlers.pausing import why
from handlers.schedule_words import label, phase_of, reached
from handlers.visit import Visit
from handlers.words import home, pages, turned
from locales.formats import day, local_day, number
from models import broadcasts
from models.broadcasts import CANCELLED, SUBMITTED, Broadcast, Refused

VIEW = "series"
PAGE = 6


async def open(visit: Visit, named: str) -> None:
    """Open a schedule by its name and status: to be decided about by who may, to be looked at by others."""
    series, _, status = named.partition(":")
    found = await slogan_series.of(visit, series, status, APPROVER)
    if status == SUBMITTED and found and not await broadcast_series_review.own(visit, found):
        await broadcast_series_review.open(visit, series)
    else:
        visit.go(NAME, at=VIEW, series=series, status=status)


def titled(visit: Visit, group: list[Broadcast]) -> str:
    """What a schedule is called in a list."""
    moments = [each.plan.start_at for each in group if each.plan.start_at]
    first = day(local_day(min(moments)), visit.lang) if moments else "–"
    return visit.t("series.entry", n=number(len(group), visit.lang), first=first)


async def show(visit: Visit) -> Screen:
    """What is planned, an occasion a button."""
    found = await _found(visit)
    if not found:
        return gone(visit)
    if visit.person.data.get("ask"):
        return _sure(visit)
    last = (len(found) - 1) // PAGE
    page = min(int(visit.person.data.get("page") or 0), last)
    parts = ["\n".join((titled(visit, found), await phase_of(visit, found[0]), *_standing(visit, found[0])))]
    if found[0].status != CANCELLED:
        parts += ["\n".join(await reached(visit, found[0].plan)), visit.t("series.open")]
    return Screen(
        title=visit.t("schedule.title"),
        text="\n\n".join(parts),
        choices=(
            *[await _occasion(visit, each) for each in found[page * PAGE : (page + 1) * PAGE]],
            *(await _ways(visit, found)),
        ),
        nav=(*pages(visit, page, last), listing(visit), home(visit)),
    )


def _standing(visit: Visit, known: Broadcast) -> list[str]:
    told = [visit.t(STATES[known.status])]
    if known.reason and known.status == broadcasts.DRAFT:
        told.append(visit.t("broadcast.returned", reason=known.reason))
    elif known.reason:
        told.append(visit.t("broadcast.progress.why", reason=why(visit.house, visit.lang, known.reason)))
    return told


async def _found(visit: Visit) -> list[Broadcast]:
    its = visit.person.data
    return await slogan_series.of(visit, str(its.get("series")), str(its.get("status")), EDITOR, APPROVER)


async def _occasion(visit: Visit, known: Broadcast) -> Choice:
    content = read_content((await broadcast_work.version(visit, known)).body)
    return Choice(f"open:{known.id}", label(visit, known.plan.start_at or visit.at, content.in_(visit.lang)))


async def _ways(visit: Visit, found: list[Broadcast]) -> list[Choice]:
    if found[0].status == CANCELLED:
        return []
    again = found[0].status == broadcasts.DRAFT and await broadcast_work.covers(visit, found[0].plan, EDITOR)
    ways = [Choice("submit", visit.t("broadcast.submit"), style="primary")] if again else []
    return [*ways, Choice("stop", visit.t("series.stop"), style="danger")]


def _sure(visit: Visit) -> Screen:
    return Screen(
        title=visit.t("schedule.title"),
        text=visit.t("series.stop.sure"),
        choices=(
            Choice("back", visit.t("broadcast.stop.no")),
            Choice("sure", visit.t("series.stop.yes"), style="danger"),
        ),
        nav=(home(visit),),
        strict=True,
    )


async def act(visit: Visit, said: Said) -> None:
    """Open an occasion, hand the schedule in again, or end it."""
    its, found = visit.person.data, await _found(visit)
    where = {"series": its.get("series"), "status": its.get("status")}
    kind, _, value = said.action.partition(":")
    if not found:
        to(visit, "list")
    elif kind == "page":
        visit.go(NAME, **turned(visit, said.action))
    elif kind == "open":
        known = next((each for each in found if each.id == int(value)), found[0])
        edits = known.status in (broadcasts.DRAFT, SUBMITTED) and await broadcast_work.covers(visit, known.plan, EDITOR)
        visit.go(NAME, at=DRAFT if edits else "progress", id=known.id)
    elif kind == "submit":
        await _submit(visit, found)
    elif kind == "sure":
        n = await slogan_series.end(visit, str(its.get("series")), EDITOR, APPROVER)
        visit.notice(visit.t("series.stopped", n=number(n, visit.lang)))
        to(visit, "list")
    else:
        visit.go(NAME, at=VIEW, **where, **({"ask": True} if kind == "stop" else {}))


async def _submit(visit: Visit, found: list[Broadcast]) -> None:
    for each in found:
        if await broadcast_work.covers(visit, each.plan, EDITOR):
            try:
                await broadcasts.submit(visit.conn, each.id, broadcast_work.act(visit))
            except Refused:
                visit.notice(visit.t("broadcast.begun"))
                break
    else:
        visit.notice(visit.t("schedule.submitted", n=number(len(found), visit.lang)))
    to(visit, "list")


STATES = {status: f"series.state.{status}" for status in slogan_series.TOGETHER}
PHRASE_KEYS = tuple(STATES.values())
