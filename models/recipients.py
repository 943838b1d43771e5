"""The copies of running broadcasts that wait to be sent: some thousand ahead of the sending, dropped once settled.

`trying` is committed before a platform is asked. What was being tried when its sender died may have arrived: it is
counted as unknown and never sent again. Whether a person still wants a copy is looked at when its turn comes: who
unsubscribed, blocked us or was erased meanwhile gets nothing, and is counted as having left. What became of copies is
counted in `models.postings` in the same transaction, so the figures always add up to the people looked at:

    sent, gone, refused, unknown   what the platform said, or did not
    placed                         put where the person fetches it: a web page that may be opened, or not
    capped, late, unreachable      enough of it today or this week; after the time set for it; no address
    left, already                  wants it no more; had it, on a record that was joined with this one
    cancelled                      by an officer, before it was sent
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models import postings, received
from models.broadcasts import CANCELLED, PAUSED, RUNNING, broadcast
from models.people import address, person
from models.postings import Tallied
from models.received import Copy
from models.schema import metadata
from models.subscriptions import subscription

recipient = Table(
    "broadcast_recipient",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("broadcast_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("topic", String(20), nullable=False),
    Column("trying", Boolean, nullable=False),
    Index("ix_broadcast_recipient_waiting", "channel", "trying", "id"),
    Index("ix_broadcast_recipient_broadcast_id", "broadcast_id"),
    Index("ix_broadcast_recipient_person_id", "person_id"),
    sqlite_autoincrement=True,  # a settled copy's id never names another
)
_ITS = recipient.c


class Waiting(NamedTuple):
    """A copy for a person on a channel."""

    person_id: int
    channel: str


class Found(NamedTuple):
    """A copy whose turn has come. `user` is None when its person does not want it any more, or is nowhere.

    `day` is the one it is counted for so far.
    """

    id: int
    broadcast_id: int
    person_id: int
    language: str | None
    user: str | None
    day: str | None

    @property
    def copy(self) -> Copy:
        """Whose copy of what."""
        return Copy(self.person_id, self.broadcast_id)


async def add(conn: AsyncConnection, broadcast_id: int, topic: str, copies: Sequence[Waiting]) -> None:
    """Let copies wait."""
    its = {"broadcast_id": broadcast_id, "topic": topic, "trying": False}
    if copies:
        await conn.execute(insert(recipient), [{**copy._asdict(), **its} for copy in copies])


async def waiting(conn: AsyncConnection, channel: str, most: int) -> int:
    """How many copies of running broadcasts wait on a channel, counted up to `most`."""
    some = select(_ITS.id).join(broadcast, broadcast.c.id == _ITS.broadcast_id)
    some = some.where(_ITS.channel == channel, _ITS.trying.is_(False), broadcast.c.status == RUNNING).limit(most)
    return int((await conn.execute(select(func.count()).select_from(some.subquery()))).scalar_one())


async def left_of(conn: AsyncConnection, broadcast_id: int) -> Counter[str]:
    """How many copies of a broadcast wait or are being tried, by channel."""
    by = select(_ITS.channel, func.count().label("n")).where(_ITS.broadcast_id == broadcast_id)
    return Counter({row.channel: row.n for row in await conn.execute(by.group_by(_ITS.channel))})


def _next(channel: str, at: datetime) -> ColumnElement[bool]:
    its = broadcast.c
    runs = and_(its.status == RUNNING, or_(its.until.is_(None), its.until > at))
    return and_(_ITS.channel == channel, _ITS.trying.is_(False), runs)


async def find(conn: AsyncConnection, channel: str, at: datetime, most: int) -> list[Found]:
    """Give the copies whose turn it is on a channel, the oldest first, each with where its person is written to now."""
    wants = and_(subscription.c.person_id == _ITS.person_id, subscription.c.topic == _ITS.topic)
    agreed = and_(person.c.id == subscription.c.person_id, person.c.consent_version.is_not(None))
    here = and_(address.c.person_id == person.c.id, address.c.channel == _ITS.channel, address.c.left_on.is_(None))
    had = and_(received.received.c.person_id == _ITS.person_id, received.received.c.broadcast_id == _ITS.broadcast_id)
    of = recipient.join(broadcast, broadcast.c.id == _ITS.broadcast_id).outerjoin(subscription, wants)
    of = of.outerjoin(person, agreed).outerjoin(address, here).outerjoin(received.received, had)
    its = (_ITS.id, _ITS.broadcast_id, _ITS.person_id, person.c.language, address.c.user, received.received.c.day)
    rows = select(*its).select_from(of).where(_next(channel, at)).order_by(_ITS.id, address.c.user).limit(most)
    found: dict[int, Found] = {}
    for row in await conn.execute(rows):
        found.setdefault(row.id, Found(*row))  # several addresses on one channel are one person
    return list(found.values())


async def mark(conn: AsyncConnection, ids: Sequence[int], *, trying: bool) -> set[int]:
    """Note that copies are about to be sent, or that they wait again; give those that were still there for it."""
    if not ids:
        return set()
    still = update(recipient).where(_ITS.id.in_(ids), _ITS.trying.is_(not trying)).values(trying=trying)
    return set((await conn.execute(still.returning(_ITS.id))).scalars())


async def let_go(conn: AsyncConnection, channel: str, out: Collection[int]) -> None:
    """Let what is marked on a channel wait again, but for what is on its way. Only for the channel's own sender."""
    marked = update(recipient).where(_ITS.channel == channel, _ITS.trying.is_(True), _ITS.id.not_in(out))
    await conn.execute(marked.values(trying=False))


async def settle(conn: AsyncConnection, became: dict[int, Tallied], *, tried: bool) -> Counter[Tallied]:
    """Drop copies that were tried, or that waited, and count what became of them; give what was counted.

    A copy that somebody else settled or began to try meanwhile counts for nothing. What was not sent is no longer
    received.
    """
    dropped = delete(recipient).where(_ITS.id.in_(list(became)), _ITS.trying.is_(tried))
    rows = (await conn.execute(dropped.returning(_ITS.id, _ITS.broadcast_id, _ITS.person_id))).all() if became else []
    await received.take_back(
        conn, [Copy(row.person_id, row.broadcast_id) for row in rows if became[row.id].what not in REACHED]
    )
    by_broadcast: dict[int, Counter[Tallied]] = {}
    for row in sorted(rows, key=lambda row: row.broadcast_id):
        by_broadcast.setdefault(row.broadcast_id, Counter())[became[row.id]] += 1
    for id, tallied in by_broadcast.items():
        await postings.count(conn, id, tallied)
    return sum(by_broadcast.values(), Counter())


REACHED = ("sent", "placed", "unknown")  # what counts as received: it is there, or may be


async def doubt_all(conn: AsyncConnection) -> Counter[Tallied]:
    """Count as unknown what a dead sender was trying. Only for the holder of the lease."""
    rows = await conn.execute(select(_ITS.id, _ITS.channel).where(_ITS.trying.is_(True)))
    return await settle(conn, {id: Tallied(channel, "unknown") for id, channel in rows}, tried=True)


async def drop(conn: AsyncConnection, broadcast_id: int, what: str, most: int) -> int:
    """Drop up to `most` waiting copies of a broadcast that goes no further, counted as `what`; give their number."""
    its = select(_ITS.id, _ITS.channel).where(_ITS.broadcast_id == broadcast_id, _ITS.trying.is_(False))
    rows = await conn.execute(its.order_by(_ITS.id).limit(most))
    return (await settle(conn, {id: Tallied(channel, what) for id, channel in rows}, tried=False)).total()


async def unfinished(conn: AsyncConnection, at: datetime) -> list[int]:
    """The broadcasts that there is something to do about.

    Those that run, paused ones whose time is over, and cancelled ones with copies left.
    """
    its = broadcast.c
    over = and_(its.status == PAUSED, its.until <= at)
    behind = or_(its.expanded.is_(False), select(_ITS.id).where(_ITS.broadcast_id == its.id).exists())
    stopped = and_(its.status == CANCELLED, its.started_at.is_not(None), behind)
    found = select(its.id).where(or_(its.status == RUNNING, over, stopped)).order_by(its.id)
    return list((await conn.execute(found)).scalars())


async def pass_on(conn: AsyncConnection, old: int, new: int) -> None:
    """Let what waits for one of two records of a person wait for the other. Before `received.pass_on`.

    Of two copies of a broadcast one goes: that of the old record if it still waits, else that of the other. A copy that
    is on its way just now and comes back finds nobody, where the other record has its own. What waits then is counted
    anew when its turn comes: together the two may have had enough.
    """
    both = await received.of(conn, old) & await received.of(conn, new)
    waited = await _leave(conn, old, both)
    both -= await _leave(conn, new, both - waited)
    move = update(recipient).where(_ITS.person_id == old, _ITS.broadcast_id.not_in(both))
    await conn.execute(move.values(person_id=new))
    waits = select(_ITS.broadcast_id).where(_ITS.person_id == new, _ITS.trying.is_(False))
    await received.recount(conn, (old, new), set((await conn.execute(waits)).scalars()))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Drop what waits for a person who is erased; what is on its way just now is settled by its sender."""
    await _leave(conn, person_id)


async def _leave(conn: AsyncConnection, person_id: int, of: set[int] | None = None) -> set[int]:
    """Drop a person's waiting copies, of some broadcasts or of all, and give whose they were."""
    theirs = select(_ITS.id, _ITS.broadcast_id, _ITS.channel).where(_ITS.person_id == person_id, _ITS.trying.is_(False))
    theirs = theirs if of is None else theirs.where(_ITS.broadcast_id.in_(of))
    rows = (await conn.execute(theirs.with_for_update())).all()  # none of them begins to be sent meanwhile
    await settle(conn, {row.id: Tallied(row.channel, "left") for row in rows}, tried=False)
    return {row.broadcast_id for row in rows}
