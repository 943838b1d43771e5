"""What an approver decides about: every message as it will be seen, to how many, where and when; then yes or no.

The approval holds for what was shown, known by its seal. The seal is kept with the open talk, never in a button.
"""

from conversations import drafting
from conversations.posts import read_content
from conversations.screens import Choice, Said, Screen
from handlers import broadcast_about, broadcast_told, broadcast_work, posting
from handlers.broadcast_preview import Leaf, leaves, picture_of
from handlers.broadcast_ways import back, gone, listing, to
from handlers.broadcast_work import NAME, Work
from handlers.commands import APPROVER
from handlers.phases import phases
from handlers.visit import Visit
from handlers.words import home, pages, turned
from models import broadcasts
from models.broadcasts import SUBMITTED, Broadcast, Refused

REASON = broadcasts.REASON


async def show(visit: Visit) -> Screen:
    """The plan first, then the messages one by one; the approval stands on the last page."""
    known = await broadcast_work.broadcast(visit, APPROVER)
    if known is None or known.status != SUBMITTED:
        return gone(visit)
    if visit.person.data.get("ask"):
        return ask_reason(visit, back(visit))
    if await broadcasts.seal(visit.conn, known) != visit.person.data.get("seal"):
        again = Choice("again", visit.t("broadcast.review.again"))
        return Screen(visit.t("broadcast.review.changed"), choices=(again,), nav=(listing(visit), home(visit)))
    version = await broadcast_work.version(visit, known)
    shown = await leaves(visit, known.plan, await posting.sheet(visit.conn, version))
    last = len(shown)
    at = min(int(visit.person.data.get("page") or 0), last)
    own = await broadcasts.had_a_hand(visit.conn, known, str(visit.person.id))
    text = await _first(visit, known, shown) if at == 0 else _message(visit, shown, at)
    picture, alt = picture_of(shown[at - 1]) if at else (b"", "")
    return Screen(
        title=visit.t("broadcast.review.title"),
        text=f"{visit.t('broadcast.review.own')}\n\n{text}" if own else text,
        choices=() if own else tuple(decisions(visit, "broadcast.approve", whole=at == last)),
        nav=(*pages(visit, at, last), listing(visit), home(visit)),
        picture=picture,
        picture_alt=alt,
    )


async def _first(visit: Visit, known: Broadcast, shown: list[Leaf]) -> str:
    draft = drafting.started(read_content((await broadcast_work.version(visit, known)).body))
    about = await broadcast_about.lines(visit, Work(draft, known.plan, known=known))
    plan = await broadcast_told.lines(visit, known.plan)
    return "\n\n".join(("\n".join(about), "\n".join(plan), visit.t("broadcast.review.messages", n=len(shown))))


def _message(visit: Visit, shown: list[Leaf], at: int) -> str:
    leaf = shown[at - 1]
    head = visit.t("broadcast.preview.page", n=at, of=len(shown), places=leaf.places)
    return f"{head}\n\n{leaf.text}"


def decisions(visit: Visit, yes: str, *, whole: bool) -> list[Choice]:
    """Approve, called by the phrase `yes`, once all was shown; send back at any time."""
    refuse = Choice("refuse", visit.t("broadcast.refuse"))
    return [Choice("approve", visit.t(yes), style="primary"), refuse] if whole else [refuse]


def ask_reason(visit: Visit, way: Choice) -> Screen:
    """Ask why it is sent back."""
    return Screen(
        title=visit.t("broadcast.review.title"),
        text=visit.t("broadcast.ask.reason", most=REASON),
        nav=(way, home(visit)),
        typed=True,
    )


async def act(visit: Visit, said: Said) -> None:
    """Turn the page, approve what was shown, or send it back with a reason."""
    known = await broadcast_work.broadcast(visit, APPROVER)
    seal = str(visit.person.data.get("seal", ""))
    if known is None:
        to(visit, "list")
    elif said.action.startswith("page:"):
        visit.go(NAME, **turned(visit, said.action))
    elif said.action == "approve":
        await _approve(visit, known, seal)
    elif said.action == "refuse":
        visit.go(NAME, at="review", id=known.id, seal=seal, ask=True)
    elif said.action == "again":
        visit.go(NAME, at="review", id=known.id, seal=await broadcasts.seal(visit.conn, known))
    elif said.text:
        await _refuse(visit, known, said.text)
    elif said.action == "back":
        visit.go(NAME, at="review", id=known.id, seal=seal)
    else:
        to(visit, "list")


async def _approve(visit: Visit, known: Broadcast, seal: str) -> None:
    try:
        await broadcasts.approve(visit.conn, known.id, seal, broadcast_work.act(visit))
    except Refused as refused:
        visit.notice(visit.t(WHY.get(refused.why, "broadcast.begun")))
        if refused.why == "changed":
            visit.go(NAME, at="review", id=known.id, seal=await broadcasts.seal(visit.conn, known))
            return
        to(visit, "list")
        return
    await _begin_if_closed(visit, known)
    visit.notice(visit.t("broadcast.approved"))
    visit.go(NAME, at="progress", id=known.id)


async def _begin_if_closed(visit: Visit, known: Broadcast) -> None:
    """Let what waits for the close of a phase begin at once where that is over already: it will not close again."""
    stretches = await phases(visit.conn, visit.house.pack)
    if any(each.phase.id == known.plan.on_close and each.over(visit.at) for each in stretches):
        await broadcasts.phase_closed(visit.conn, known.plan.on_close, visit.at)


def reason_of(visit: Visit, text: str) -> str:
    """Read why it is sent back; "" for a reason that is too long, which is told."""
    reason = " ".join(text.split())
    if len(reason) <= REASON:
        return reason
    visit.notice(visit.t("broadcast.too-long", most=REASON, n=len(reason)))
    return ""


async def _refuse(visit: Visit, known: Broadcast, text: str) -> None:
    reason = reason_of(visit, text)
    if not reason:
        return
    try:
        await broadcasts.send_back(visit.conn, known.id, broadcast_work.act(visit), reason)
    except Refused:
        visit.notice(visit.t("broadcast.begun"))
    else:
        visit.notice(visit.t("broadcast.refused"))
    to(visit, "list")


WHY = {"own": "broadcast.review.own", "changed": "broadcast.review.changed"}
PHRASE_KEYS = tuple(WHY.values())
