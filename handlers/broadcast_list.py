"""What waits for an officer: to be approved, being written, scheduled, running; and the way to write something new."""

from conversations.drafting import Draft
from conversations.posts import read_content
from conversations.screens import Choice, Said, Screen
from conversations.text import FIRST, excerpt
from handlers import broadcast_series, broadcast_work, slogan_series
from handlers.broadcast_ways import DRAFT, distinct, gone, to
from handlers.broadcast_work import Work
from handlers.commands import APPROVER, EDITOR
from handlers.phases import phase_on
from handlers.visit import Visit
from handlers.words import home, pages, turned
from models import broadcasts
from models.broadcasts import CANCELLED, FINISHED, PAUSED, RUNNING, SCHEDULED, SUBMITTED, Broadcast

PAGE = 7
TITLE = 44  # characters of a title on a button
OPEN = (SUBMITTED, RUNNING, PAUSED, SCHEDULED, broadcasts.DRAFT)
OVER = (FINISHED, CANCELLED)


async def waiting(visit: Visit) -> int:
    """How many broadcasts wait for this person's approval."""
    if not await broadcast_work.holds(visit, APPROVER):
        return 0
    found = await broadcasts.listed(visit.conn, (SUBMITTED,), most=broadcast_work.SIGHT)
    mine = [each for each in found if await _mine_to_approve(visit, each)]
    return len(slogan_series.gathered(mine))


async def _mine_to_approve(visit: Visit, known: Broadcast) -> bool:
    if not await broadcast_work.covers(visit, known.plan, APPROVER):
        return False
    return not await broadcasts.had_a_hand(visit.conn, known, str(visit.person.id))


async def show(visit: Visit) -> Screen:
    """The list, a page at a time."""
    over = bool(visit.person.data.get("over"))
    entries = [] if over else [_sketched(visit, each) for each in await broadcast_work.mine(visit)]
    known = [each for each in await broadcast_work.seen(visit, OVER if over else OPEN) if await _theirs(visit, each)]
    entries += [await _entry(visit, each) for each in slogan_series.gathered(sorted(known, key=_urgency))]
    last = max(len(entries) - 1, 0) // PAGE
    page = min(int(visit.person.data.get("page") or 0), last)
    shown = entries[page * PAGE : (page + 1) * PAGE]
    labels = distinct(label for _, label in shown)
    items = (Choice(action, label) for (action, _), label in zip(shown, labels, strict=True))
    return Screen(
        title=visit.t("broadcast.title"),
        text=await _head(visit, len(entries), over=over),
        choices=(*items, *(await _ways(visit, over=over))),
        nav=(*pages(visit, page, last), home(visit)),
    )


async def _theirs(visit: Visit, known: Broadcast) -> bool:
    """Whether somebody can do something about it: a draft is for editors."""
    return known.status != broadcasts.DRAFT or await broadcast_work.covers(visit, known.plan, EDITOR)


def _urgency(known: Broadcast) -> tuple[int, int]:
    return (OPEN + OVER).index(known.status), -known.id


async def _head(visit: Visit, entries: int, *, over: bool) -> str:
    waits = await waiting(visit)
    parts = [visit.t("broadcast.waiting", n=waits)] if waits else []
    if over:
        parts = [visit.t("broadcast.over" if entries else "broadcast.over.none")]
    elif not entries:
        parts = [visit.t("broadcast.none"), visit.t("broadcast.two")]
    return "\n\n".join(parts) or visit.t("broadcast.some")


async def _ways(visit: Visit, *, over: bool) -> list[Choice]:
    found = []
    if await broadcast_work.holds(visit, EDITOR):
        found += [Choice("new", visit.t("broadcast.new")), Choice("schedule", visit.t("schedule.button"))]
        found.append(Choice("library", visit.t("broadcast.library")))
    found.append(Choice("outlets", visit.t("broadcast.outlets")))
    found.append(Choice("now", visit.t("broadcast.now")) if over else Choice("over", visit.t("broadcast.past")))
    return found


def titled(visit: Visit, draft: Draft, most: int = TITLE) -> str:
    """The title of a draft, short enough for a button."""
    title = draft.get("title", {})
    told = str(title.get(visit.lang) or title.get(FIRST) or "")
    return excerpt(told, most) if told else visit.t("broadcast.untitled")


def _sketched(visit: Visit, work: Work) -> tuple[str, str]:
    state = visit.t(STATES[broadcasts.DRAFT])
    return f"sketch:{work.sketch}", visit.t("broadcast.entry", state=state, title=titled(visit, work.draft))


async def _entry(visit: Visit, group: list[Broadcast]) -> tuple[str, str]:
    """What opens a broadcast, or a schedule of several."""
    known = group[0]
    waits = known.status == SUBMITTED and await _mine_to_approve(visit, known)
    state = visit.t("broadcast.state.yours") if waits else visit.t(STATES[known.status])
    if len(group) > 1:
        title = broadcast_series.titled(visit, group)
        return f"series:{known.plan.series}:{known.status}", visit.t("broadcast.entry", state=state, title=title)
    content = read_content((await broadcast_work.version(visit, known)).body)
    title = excerpt(content.called(visit.lang), TITLE)
    return f"open:{known.id}", visit.t("broadcast.entry", state=state, title=title)


async def act(visit: Visit, said: Said) -> None:
    """Open one of them, begin a new one, look elsewhere."""
    kind, _, value = said.action.partition(":")
    if kind == "page":
        visit.go(broadcast_work.NAME, **turned(visit, said.action))
    elif kind == "new" and await broadcast_work.holds(visit, EDITOR):
        await _new(visit)
    elif kind == "sketch":
        visit.go(broadcast_work.NAME, at=DRAFT, sketch=int(value))
    elif kind == "open":
        await open_one(visit, int(value))
    elif kind == "over":
        to(visit, "list", over=True)
    elif kind == "series":
        await broadcast_series.open(visit, value)
    elif kind in ("schedule", "library", "outlets"):
        to(visit, kind)
    else:
        to(visit, "list")


async def _new(visit: Visit) -> None:
    if not await broadcast_work.tops(visit, EDITOR):
        visit.notice(gone(visit).text)
        return
    today = await phase_on(visit.conn, visit.house.pack, visit.today)
    phase = (today.phase if today else visit.house.pack.phases[0]).id
    work = await broadcast_work.begin(visit, {"phase": phase})
    to(visit, DRAFT, work)


async def open_one(visit: Visit, id: int) -> None:
    """Open a broadcast on the screen where something can be done about it."""
    visit.change(data={**visit.person.data, "id": id})
    known = await broadcast_work.broadcast(visit, EDITOR, APPROVER)
    if known and known.status == SUBMITTED and await _reviews(visit, known):
        visit.go(broadcast_work.NAME, at="review", id=id, seal=await broadcasts.seal(visit.conn, known))
    else:
        written = known is not None and known.status in (broadcasts.DRAFT, SUBMITTED)
        visit.go(broadcast_work.NAME, at=DRAFT if written else "progress", id=id)


async def _reviews(visit: Visit, known: Broadcast) -> bool:
    """Whether it is opened to be decided about; who had a hand in it and may edit it opens the draft."""
    if await _mine_to_approve(visit, known):
        return True
    return not await broadcast_work.covers(visit, known.plan, EDITOR)


STATES = {status: f"broadcast.state.{status}" for status in (*OPEN, *OVER)}
PHRASE_KEYS = tuple(STATES.values())
