"""How far a broadcast is, in figures that add up; and what can be done about it at any moment."""

from collections import Counter

from conversations.posts import read_content
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_told, broadcast_work
from handlers import outlets as places
from handlers.broadcast_ways import DRAFT, distinct, gone, listing, to
from handlers.broadcast_work import NAME
from handlers.commands import APPROVER, EDITOR
from handlers.pausing import why
from handlers.visit import Visit
from handlers.words import CHANNELS, home
from locales.formats import moment, number, time_of_day
from models import broadcasts, postings, recipients, watches
from models.broadcasts import EDITABLE, FINISHED, PAUSED, RUNNING, SCHEDULED, Broadcast, Refused
from models.postings import FAILED, UNKNOWN, Posting, Tallied
from models.watches import Watch

THERE = ("sent", "placed")
MOVES = (SCHEDULED, RUNNING)  # statuses in which there is something new to see


async def show(visit: Visit) -> Screen:
    """The figures as they are at this moment."""
    known = await broadcast_work.broadcast(visit, EDITOR, APPROVER)
    if known is None:
        return gone(visit)
    if visit.person.data.get("ask"):
        return _sure(visit)
    posted = await postings.of(visit.conn, known.id)
    content = read_content((await broadcast_work.version(visit, known)).body)
    parts = [content.called(visit.lang), _standing(visit, known)]
    if known.started_at is None:
        parts.append("\n".join(await broadcast_told.lines(visit, known.plan, known.before)))
    else:
        parts += [await _figures(visit, known), await _places(visit, posted)]
    if known.status == RUNNING:
        parts.append(visit.t("broadcast.progress.at", at=f"{time_of_day(visit.at)}:{visit.at:%S}"))
    await _watch(visit, known)
    return Screen(
        title=visit.t("broadcast.progress.title"),
        text="\n\n".join(part for part in parts if part),
        choices=(*(await _ways(visit, known)), *(await _doubts(visit, known, posted))),
        nav=(listing(visit), home(visit)),
    )


async def _watch(visit: Visit, known: Broadcast) -> None:
    """Let the screen be shown anew while the broadcast moves, where the channel can change a message in place."""
    inbound = visit.inbound
    if inbound.tap and inbound.screen and inbound.sender.channel in visit.house.changes and known.status in MOVES:
        await watches.watch(visit.conn, Watch(inbound.sender, inbound.screen, known.id), visit.at)


def _standing(visit: Visit, known: Broadcast) -> str:
    values = {
        "due": moment(known.due, visit.lang) if known.due else broadcast_told.when(visit, known.plan),
        "begun": moment(known.started_at, visit.lang) if known.started_at else "",
        "over": moment(known.ended_at, visit.lang) if known.ended_at else "",
    }
    told = visit.t(STANDING[known.status], **values)
    return (
        f"{told} {visit.t('broadcast.progress.why', reason=why(visit.house, visit.lang, known.reason))}"
        if known.reason
        else told
    )


async def _figures(visit: Visit, known: Broadcast) -> str:
    """Sent, waiting, and what became of the rest; every person who was looked at is in one of these numbers."""
    counts = await postings.counts(visit.conn, known.id)
    left = await recipients.left_of(visit.conn, known.id)
    there = Counter[str]()
    for each, n in counts.items():
        there[each.channel] += n if each.what in THERE else 0
    lines = [_line(visit, "broadcast.progress.sent", there)]
    if known.status in (RUNNING, PAUSED):
        lines.append(_line(visit, "broadcast.progress.left", left))
        lines += [] if known.expanded else [visit.t("broadcast.progress.more")]
    lines += [visit.t(key, n=number(n, visit.lang)) for what, key in BECAME.items() if (n := _became(counts, what))]
    return "\n".join(lines)


def _line(visit: Visit, key: str, counts: Counter[str]) -> str:
    total = number(counts.total(), visit.lang)
    names = [f"{CHANNELS.get(name, name)} {number(n, visit.lang)}" for name, n in sorted(counts.items()) if n]
    return visit.t(key, n=total) + (f" ({', '.join(names)})" if len(names) > 1 else "")


def _became(counts: Counter[Tallied], what: str) -> int:
    return sum(n for each, n in counts.items() if each.what == what)


async def _places(visit: Visit, posted: list[Posting]) -> str:
    return "\n".join(
        [f"{await broadcast_told.outlet_name(visit, each.outlet)}: {_state(visit, each)}" for each in posted]
    )


def _state(visit: Visit, posting: Posting) -> str:
    told = visit.t(POSTED[posting.state])
    if not posting.reason or posting.state not in (FAILED, UNKNOWN):
        return told
    return f"{told} ({places.why(visit.house, visit.lang, posting.reason)})"


async def _ways(visit: Visit, known: Broadcast) -> list[Choice]:
    names = {RUNNING: ["pause", "stop"], PAUSED: ["resume", "stop"]}.get(known.status, [])
    if known.status == SCHEDULED:
        edits = await broadcast_work.covers(visit, known.plan, EDITOR)
        approves = await broadcast_work.covers(visit, known.plan, APPROVER)
        names = ["edit"] * edits + ["unapprove"] * approves + ["stop"]
    return [Choice(name, visit.t(DOES[name]), style="danger" if name == "stop" else "") for name in names]


async def _doubts(visit: Visit, known: Broadcast, posted: list[Posting]) -> list[Choice]:
    """What only a person can tell: whether a post stands there whose answer was lost."""
    open = [each for each in posted if each.state in (UNKNOWN, FAILED)]
    if known.status not in (RUNNING, PAUSED, FINISHED):
        return []
    names = distinct([(await broadcast_told.outlet_name(visit, each.outlet))[:40] for each in open])
    found = []
    for each, name in zip(open, names, strict=True):
        if each.state == UNKNOWN:
            found.append(Choice(f"stands:{each.outlet}", visit.t("broadcast.outlet.stands", name=name)))
        found.append(Choice(f"again:{each.outlet}", visit.t("broadcast.outlet.again", name=name)))
    return found


def _sure(visit: Visit) -> Screen:
    return Screen(
        title=visit.t("broadcast.progress.title"),
        text=visit.t("broadcast.stop.sure"),
        choices=(
            Choice("back", visit.t("broadcast.stop.no")),
            Choice("sure", visit.t("broadcast.stop.yes"), style="danger"),
        ),
        nav=(home(visit),),
        strict=True,
    )


async def act(visit: Visit, said: Said) -> None:
    """Pause, resume, end for good, or say what became of a post."""
    known = await broadcast_work.broadcast(visit, EDITOR, APPROVER)
    kind, _, value = said.action.partition(":")
    if known is None or kind == "list":
        to(visit, "list")
        return
    if kind == "edit" and known.status in EDITABLE and await broadcast_work.covers(visit, known.plan, EDITOR):
        visit.go(NAME, at=DRAFT, id=known.id)
        return
    if kind in STEPS:
        await _step(visit, known, kind)
    elif kind == "stands":
        await postings.settled_by_hand(visit.conn, known.id, value, broadcast_work.act(visit))
    elif kind == "again":
        await postings.again(visit.conn, known.id, value, broadcast_work.act(visit))
    visit.go(NAME, at="progress", id=known.id, **({"ask": True} if kind == "stop" else {}))


async def _step(visit: Visit, known: Broadcast, kind: str) -> None:
    try:
        await STEPS[kind](visit.conn, known.id, broadcast_work.act(visit))
    except Refused:
        visit.notice(visit.t("broadcast.begun"))
    else:
        visit.notice(visit.t(DONE[kind]))


STEPS = {
    "pause": broadcasts.pause,
    "resume": broadcasts.resume,
    "sure": broadcasts.cancel,
    "unapprove": broadcasts.send_back,
}
DONE = {kind: f"broadcast.done.{kind}" for kind in STEPS}
STANDING = {
    status: f"broadcast.standing.{status}"
    for status in ("draft", "submitted", SCHEDULED, RUNNING, PAUSED, FINISHED, broadcasts.CANCELLED)
}
BECAME = {
    what: f"broadcast.became.{what}"
    for what in ("gone", "refused", "unknown", "capped", "late", "unreachable", "left", "already", "cancelled")
}
POSTED = {state: f"broadcast.posted.{state}" for state in ("waiting", "trying", "sent", FAILED, UNKNOWN)}
DOES = {name: f"broadcast.does.{name}" for name in ("edit", "unapprove", "stop", "pause", "resume")}
PHRASE_KEYS = (*DONE.values(), *STANDING.values(), *BECAME.values(), *POSTED.values(), *DOES.values())
