"""A broadcast: one sending of one version of a post, to an audience and to outlets, behind which two people stand.

    draft -> submitted -> scheduled -> running <-> paused -> finished | cancelled

An edit of anything that is sealed (the words, the audience, the outlets, the time) leads back to draft and voids the
approval. What was approved is known by its seal, and only what still has that seal is ever sent. Nobody approves what
they wrote, edited or submitted. Every step is written to the audit log by the one who took it.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audiences, audit, posts
from models.audiences import Audience
from models.audit import Act
from models.schema import UtcDateTime, metadata

DRAFT, SUBMITTED, SCHEDULED, RUNNING, PAUSED = "draft", "submitted", "scheduled", "running", "paused"
CANCELLED, FINISHED = "cancelled", "finished"
EDITABLE = (DRAFT, SUBMITTED, SCHEDULED)
UNENDED = (DRAFT, SUBMITTED, SCHEDULED, RUNNING, PAUSED)
KINDS = ("post", "slogans", "results", "reminder")
REASON = 300  # characters
HOUSE = "house"  # who made what no officer wrote

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("post_id", BigInteger, ForeignKey(posts.post.c.id), nullable=False),
    Column("version", Integer, nullable=False),
    Column("audience", Text),  # null: outlets alone
    Column("outlets", Text, nullable=False),
    # Whether those who subscribe after the approval are left out.
    Column("frozen", Boolean, nullable=False),
    # When it is to begin: at a moment, when a phase closes, or (neither) as soon as it is approved.
    Column("start_at", UtcDateTime),
    Column("on_close", String(40), nullable=False),
    # What has not been sent to a person until then is not sent any more.
    Column("until", UtcDateTime),
    # What it belongs to: a schedule of slogans, or the occasion on which the house made it.
    Column("series", String(100), nullable=False),
    Column("status", String(10), nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("submitted_by", String(40)),
    Column("approved_by", String(40)),
    Column("approved_at", UtcDateTime),
    Column("seal", String(64)),
    Column("due", UtcDateTime),
    # Up to which person id subscribers were looked at, and whether that was the last.
    Column("checkpoint", BigInteger, nullable=False),
    Column("expanded", Boolean, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Index("ix_broadcast_status", "status"),
    Index("ix_broadcast_post_id", "post_id"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an officer decides about a sending; `outlets` are keys (`models.outlets`). All of it is sealed."""

    post_id: int
    version: int
    audience: Audience | None
    outlets: tuple[str, ...] = ()
    kind: str = "post"
    frozen: bool = True
    start_at: datetime | None = None
    on_close: str = ""
    until: datetime | None = None
    series: str = ""

    def seal(self, digest: str) -> str:
        """64 hexadecimal digits of the plan and of the digest of its post's version."""
        told = {**asdict(self), "audience": self.audience and self.audience.canonical(), "digest": digest}
        for name in ("start_at", "until"):
            told[name] = told[name] and told[name].timestamp()
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as it stands. `due` is when it begins (None: it waits for something, or is no further than that)."""

    id: int
    plan: Plan
    status: str
    created_by: str
    submitted_by: str | None
    approved_by: str | None
    approved_at: datetime | None
    seal: str | None
    due: datetime | None
    checkpoint: int
    expanded: bool
    reason: str
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def before(self) -> datetime | None:
        """Who subscribed after this moment is left out; None: nobody is."""
        return self.approved_at if self.plan.frozen else None


class Refused(Exception):
    """A step that cannot be taken; `why` is "status", "own", "changed" or "empty"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


_OWN = tuple(field.name for field in fields(Broadcast) if field.name not in ("plan",))
_PLANNED = tuple(field.name for field in fields(Plan))
_ROW = select(*(broadcast.c[name] for name in dict.fromkeys((*_OWN, *_PLANNED))))


def _read(row: Any) -> Broadcast:
    told = row._mapping
    planned = {name: told[name] for name in _PLANNED}
    planned["audience"] = audiences.read(told["audience"]) if told["audience"] else None
    planned["outlets"] = tuple(json.loads(told["outlets"]))
    return Broadcast(plan=Plan(**planned), **{name: told[name] for name in _OWN})


def _columns(plan: Plan) -> dict[str, Any]:
    told = {name: getattr(plan, name) for name in _PLANNED}
    return {
        **told,
        "audience": plan.audience.canonical() if plan.audience else None,
        "outlets": json.dumps(list(plan.outlets)),
    }


async def find(conn: AsyncConnection, id: int, *, lock: bool = False) -> Broadcast | None:
    """Give a broadcast; `lock` keeps it still until the transaction ends."""
    its = _ROW.where(broadcast.c.id == id)
    row = (await conn.execute(its.with_for_update() if lock else its)).first()
    return _read(row) if row else None


async def listed(conn: AsyncConnection, statuses: Iterable[str], skip: int = 0, most: int = 8) -> list[Broadcast]:
    """List broadcasts in some of the statuses, the newest first.

    Never a reminder: how many it goes to would tell how many have begun and not sent.
    """
    its = _ROW.where(broadcast.c.status.in_(list(statuses)), broadcast.c.kind != "reminder")
    rows = await conn.execute(its.order_by(broadcast.c.id.desc()).offset(skip).limit(most))
    return [_read(row) for row in rows]


# ---- before it runs


async def draft(conn: AsyncConnection, plan: Plan, act: Act) -> int:
    """Keep a new draft and give its id."""
    fresh = {"status": DRAFT, "created_by": act.actor, "checkpoint": 0, "expanded": False, "reason": ""}
    new = insert(broadcast).values(**_columns(plan), **fresh).returning(broadcast.c.id)
    id: int = (await conn.execute(new)).scalar_one()
    await _note(conn, act, "draft broadcast", id)
    return id


async def change(conn: AsyncConnection, id: int, plan: Plan, act: Act) -> bool:
    """Change what is planned; True when that voided a submission or an approval. Refuses what has begun."""
    known = await _in(conn, id, EDITABLE)
    if known.plan == plan:
        return False
    void = {"status": DRAFT, "submitted_by": None, "approved_by": None, "approved_at": None, "seal": None, "due": None}
    await _set(conn, id, **_columns(plan), **void)
    voided = known.status != DRAFT
    await _note(conn, act, "edit voids approval" if known.status == SCHEDULED else "edit broadcast", id)
    return voided


async def of_post(conn: AsyncConnection, post_id: int) -> list[Broadcast]:
    """The broadcasts of a post that can still be edited: a new version of it must be planned for them anew."""
    its = _ROW.where(broadcast.c.post_id == post_id, broadcast.c.status.in_(EDITABLE))
    return [_read(row) for row in await conn.execute(its.order_by(broadcast.c.id))]


async def of_series(conn: AsyncConnection, kind: str, series: str) -> list[Broadcast]:
    """The broadcasts of one kind that belong together, in the order in which they were made."""
    its = _ROW.where(broadcast.c.kind == kind, broadcast.c.series == series)
    return [_read(row) for row in await conn.execute(its.order_by(broadcast.c.id))]


async def submit(conn: AsyncConnection, id: int, act: Act) -> None:
    """Hand a draft in for approval. Refuses one that goes to nobody."""
    known = await _in(conn, id, (DRAFT,))
    if known.plan.audience is None and not known.plan.outlets:
        raise Refused("empty")
    await _set(conn, id, status=SUBMITTED, submitted_by=act.actor, reason="")
    await _note(conn, act, "submit broadcast", id)


async def send_back(conn: AsyncConnection, id: int, act: Act, reason: str = "") -> None:
    """Take a submission or an approval back: it is a draft again; `reason` is for whoever wrote it."""
    await _in(conn, id, (SUBMITTED, SCHEDULED))
    void = {"status": DRAFT, "submitted_by": None, "approved_by": None, "approved_at": None, "seal": None, "due": None}
    await _set(conn, id, **void, reason=reason[:REASON])
    await _note(conn, act, "send broadcast back", id)


async def approve(conn: AsyncConnection, id: int, seen: str, act: Act) -> None:
    """Approve what was seen, known by its seal; it begins when it was planned to.

    Refuses ("own") whoever wrote, edited or submitted it, and ("changed") a seal that is no longer the broadcast's.
    """
    known = await _in(conn, id, (SUBMITTED,))
    if await had_a_hand(conn, known, act.actor):
        raise Refused("own")
    if await seal(conn, known) != seen:
        raise Refused("changed")
    due = None if known.plan.on_close else max(known.plan.start_at or act.at, act.at)
    await _set(conn, id, status=SCHEDULED, approved_by=act.actor, approved_at=act.at, seal=seen, due=due)
    await _note(conn, act, "approve broadcast", id)


async def appoint(conn: AsyncConnection, id: int, act: Act) -> None:
    """Let a reminder of the house begin: its words are nobody's, so nobody approves them. Refuses every other kind."""
    known = await _in(conn, id, (DRAFT,))
    if known.plan.kind != "reminder" or known.created_by != HOUSE:
        raise Refused("own")
    sealed = await seal(conn, known)
    await _set(conn, id, status=SCHEDULED, approved_by=act.actor, approved_at=act.at, seal=sealed, due=act.at)
    await _note(conn, act, "appoint broadcast", id)


async def had_a_hand(conn: AsyncConnection, known: Broadcast, actor: str) -> bool:
    """Whether somebody wrote, edited or submitted a broadcast, so that another has to approve it."""
    return actor in {known.created_by, known.submitted_by, *await posts.authors(conn, known.plan.post_id)}


async def seal(conn: AsyncConnection, known: Broadcast) -> str:
    """The seal of a broadcast as it stands now, worked out from the words that are kept."""
    version = await posts.version(conn, known.plan.post_id, known.plan.version)
    if version is None:
        raise ValueError(f"broadcast {known.id} has no post")
    return known.plan.seal(sha256(version.body.encode()).hexdigest())


async def intact(conn: AsyncConnection, known: Broadcast) -> bool:
    """Whether what would be sent now is what was approved."""
    return await seal(conn, known) == known.seal


async def phase_closed(conn: AsyncConnection, phase: str, at: datetime) -> None:
    """Let what waits for the close of a phase begin at a moment."""
    its = broadcast.c
    waits = (its.on_close == phase, its.status == SCHEDULED, its.due.is_(None))
    await conn.execute(update(broadcast).where(*waits).values(due=at))


# ---- while it runs


async def due(conn: AsyncConnection, at: datetime) -> list[int]:
    """The approved broadcasts whose time has come."""
    its = broadcast.c
    ready = (its.status == SCHEDULED, its.due.is_not(None), its.due <= at)
    return list((await conn.execute(select(its.id).where(*ready).order_by(its.due, its.id))).scalars())


async def start(conn: AsyncConnection, id: int, at: datetime) -> Broadcast | None:
    """Begin an approved broadcast; None when it is not due any more.

    One whose seal is broken becomes a draft again, with a reason, and is not sent.
    """
    known = await find(conn, id, lock=True)
    if known is None or known.status != SCHEDULED or known.due is None or known.due > at:
        return None
    if not await intact(conn, known):
        await _set(conn, id, status=DRAFT, approved_by=None, approved_at=None, seal=None, due=None, reason="seal")
        await _note(conn, Act(at, "clock"), "seal broken", id)
        return None
    await _set(conn, id, status=RUNNING, started_at=at, expanded=known.plan.audience is None)
    await _note(conn, Act(at, "clock"), "start broadcast", id)
    return await find(conn, id)


async def advance(conn: AsyncConnection, id: int, checkpoint: int, *, expanded: bool) -> None:
    """Note up to which person id subscribers were looked at."""
    await _set(conn, id, checkpoint=checkpoint, expanded=expanded)


async def pause(conn: AsyncConnection, id: int, act: Act, reason: str = "") -> None:
    """Stop sending until somebody resumes; `reason` is why it stopped by itself."""
    await _in(conn, id, (RUNNING,))
    await _set(conn, id, status=PAUSED, reason=reason[:REASON])
    await _note(conn, act, "pause broadcast", id, reason)


async def resume(conn: AsyncConnection, id: int, act: Act) -> None:
    """Go on."""
    await _in(conn, id, (PAUSED,))
    await _set(conn, id, status=RUNNING, reason="")
    await _note(conn, act, "resume broadcast", id)


async def cancel(conn: AsyncConnection, id: int, act: Act, reason: str = "") -> None:
    """End it for good, at any moment before it is finished. What was sent stays sent."""
    known = await _in(conn, id, UNENDED)
    why = reason[:REASON] or known.reason
    await _set(conn, id, status=CANCELLED, ended_at=act.at, due=None, reason=why)
    await _note(conn, act, "cancel broadcast", id, reason)


async def finish(conn: AsyncConnection, id: int, at: datetime) -> None:
    """Note that nothing is left to send; a paused one ends so when its time is over."""
    await _in(conn, id, (RUNNING, PAUSED))
    await _set(conn, id, status=FINISHED, ended_at=at)
    await _note(conn, Act(at, "clock"), "finish broadcast", id)


async def pass_on(conn: AsyncConnection, old: str, new: str) -> None:
    """Let what one record of a person did be the other's: nobody approves their own by joining two."""
    for column in (broadcast.c.created_by, broadcast.c.submitted_by, broadcast.c.approved_by):
        await conn.execute(update(broadcast).where(column == old).values({column.name: new}))


async def last_begun(conn: AsyncConnection, kind: str, occasion: str) -> Broadcast | None:
    """The last broadcast of a kind that was sent on an occasion: one whose series begins with that word and a colon."""
    its = broadcast.c
    sent = (its.kind == kind, its.series.startswith(f"{occasion}:", autoescape=True), its.started_at.is_not(None))
    row = (await conn.execute(_ROW.where(*sent, its.status != CANCELLED).order_by(its.id.desc()).limit(1))).first()
    return _read(row) if row else None


async def _in(conn: AsyncConnection, id: int, statuses: tuple[str, ...]) -> Broadcast:
    known = await find(conn, id, lock=True)
    if known is None or known.status not in statuses:
        raise Refused("status")
    return known


async def _set(conn: AsyncConnection, id: int, **values: Any) -> None:
    await conn.execute(update(broadcast).where(broadcast.c.id == id).values(**values))


async def _note(conn: AsyncConnection, act: Act, what: str, id: int, detail: str = "") -> None:
    await audit.note(conn, act, what, None, f"broadcast {id} {detail}".strip())
