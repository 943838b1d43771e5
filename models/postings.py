"""How far a broadcast is with its outlets, and what became of the copies for people: states and counts, nobody's name.

An outlet's row: waiting -> trying -> sent | failed | unknown. `trying` is committed before the platform is asked; what
was being tried when a process died is unknown, and an official post that may stand there already is never sent again
unless an officer says so.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audit
from models.audit import Act
from models.broadcasts import FINISHED, PAUSED, RUNNING, broadcast
from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

WAITING, TRYING, SENT, FAILED, UNKNOWN = "waiting", "trying", "sent", "failed", "unknown"
# Causes that officers are told in words of our own; a platform's own code or wording may stand behind one, or alone.
NO_RIGHT = "no right"  # to post there
OFF = "off"  # the platform is not set up, or there is no token for it
TOKEN, ACCOUNT, QUOTA = "token", "account", "quota"  # a person must look into the account; it had its share
BLOCKED, DUPLICATE, TOO_LONG = "blocked", "duplicate", "too long"
NO_COVER = "no cover"  # our address is not on the public web
TWICE = "twice"  # two outlets of the broadcast have become one place
LOST, DIED = "lost", "died"  # no answer came; the process that was posting
CAUSES = (*(NO_RIGHT, OFF, TOKEN, ACCOUNT, QUOTA, BLOCKED, DUPLICATE, TOO_LONG, NO_COVER, TWICE), LOST, DIED)
BY_HAND = "+"  # behind a step: an officer saw that it was made

broadcast_outlet = Table(
    "broadcast_outlet",
    metadata,
    Column("broadcast_id", BigInteger, ForeignKey(broadcast.c.id), primary_key=True),
    Column("outlet", String(100), primary_key=True),
    Column("state", String(8), nullable=False),
    # How far a post is that takes several calls, and what the platform gave in the step before.
    Column("step", String(20), nullable=False),
    Column("external", Text, nullable=False),
    Column("reason", String(120), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

broadcast_count = Table(
    "broadcast_count",
    metadata,
    Column("broadcast_id", BigInteger, ForeignKey(broadcast.c.id), primary_key=True),
    Column("channel", String(20), primary_key=True),
    # "sent", "gone", "refused", "unknown", "capped", "late", "unreachable", "cancelled"; see `models.recipients`.
    Column("what", String(20), primary_key=True),
    Column("reason", String(80), primary_key=True),
    Column("n", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A broadcast at one outlet."""

    broadcast_id: int
    outlet: str
    state: str
    step: str
    external: str
    reason: str
    at: datetime


class Tallied(NamedTuple):
    """What is counted together: on which channel, what became of a copy, and for what cause."""

    channel: str
    what: str
    reason: str = ""


_ITS = broadcast_outlet.c
_NAMES = ("broadcast_id", "outlet", "state", "step", "external", "reason", "at")


def _once(into: Upsert) -> Upsert:
    return into.values({name: bindparam(name) for name in _NAMES}).on_conflict_do_nothing()


_OPEN = on_both(broadcast_outlet, _once)


async def open_all(conn: AsyncConnection, broadcast_id: int, outlets: Iterable[str], at: datetime) -> None:
    """Let each outlet of a broadcast that has just begun wait for its post; those that are known stay as they are."""
    blank = {"state": WAITING, "step": "", "external": "", "reason": "", "at": at}
    for outlet in outlets:
        await conn.execute(_OPEN[conn.dialect.name], {"broadcast_id": broadcast_id, "outlet": outlet, **blank})


async def of(conn: AsyncConnection, broadcast_id: int) -> list[Posting]:
    """Where a broadcast stands at its outlets."""
    rows = await conn.execute(
        select(*(_ITS[name] for name in _NAMES)).where(_ITS.broadcast_id == broadcast_id).order_by(_ITS.outlet)
    )
    return [Posting(*row) for row in rows]


async def waiting(conn: AsyncConnection, at: datetime, most: int = 20) -> list[Posting]:
    """What running broadcasts have to post now; a row's `at` is when it may be tried."""
    found = select(*(_ITS[name] for name in _NAMES)).join(broadcast, broadcast.c.id == _ITS.broadcast_id)
    ready = (_ITS.state == WAITING, _ITS.at <= at, broadcast.c.status == RUNNING)
    rows = await conn.execute(found.where(*ready).order_by(_ITS.at, _ITS.broadcast_id, _ITS.outlet).limit(most))
    return [Posting(*row) for row in rows]


async def move(conn: AsyncConnection, posting: Posting, **values: Any) -> bool:
    """Change the state of a posting; False when somebody else changed it since it was read."""
    its = (_ITS.broadcast_id == posting.broadcast_id, _ITS.outlet == posting.outlet, _ITS.state == posting.state)
    done = await conn.execute(update(broadcast_outlet).where(*its, _ITS.step == posting.step).values(**values))
    return done.rowcount == 1


async def doubt_all(conn: AsyncConnection, at: datetime) -> None:
    """Whoever was trying is dead: what they tried may stand there or not. Only for the holder of the lease."""
    trying = update(broadcast_outlet).where(_ITS.state == TRYING)
    await conn.execute(trying.values(state=UNKNOWN, reason=DIED, at=at))


async def midway(conn: AsyncConnection) -> set[tuple[int, str]]:
    """The postings of running broadcasts of which a part stands already: nothing else is posted in between."""
    found = select(_ITS.broadcast_id, _ITS.outlet).join(broadcast, broadcast.c.id == _ITS.broadcast_id)
    begun = (_ITS.state.in_((WAITING, TRYING)), _ITS.step != "", broadcast.c.status == RUNNING)
    return {(id, outlet) for id, outlet in await conn.execute(found.where(*begun))}


async def again(conn: AsyncConnection, broadcast_id: int, outlet: str, act: Act) -> bool:
    """An officer lets what failed, or is unknown, be tried once more from the step where it stopped; False if it is
    neither, or the broadcast was cancelled.
    """
    return await _decided(conn, (broadcast_id, outlet), act, (FAILED, UNKNOWN), "")


async def settled_by_hand(conn: AsyncConnection, broadcast_id: int, outlet: str, act: Act) -> bool:
    """An officer has looked, and what was unknown stands there: only what comes after it is posted, if anything."""
    return await _decided(conn, (broadcast_id, outlet), act, (UNKNOWN,), BY_HAND)


async def _decided(conn: AsyncConnection, its: tuple[int, str], act: Act, states: tuple[str, ...], mark: str) -> bool:
    broadcast_id, outlet = its
    open = (broadcast.c.id == broadcast_id, broadcast.c.status.in_((RUNNING, PAUSED, FINISHED)))
    if (await conn.execute(select(broadcast.c.id).where(*open).with_for_update())).first() is None:
        return False
    here = (_ITS.broadcast_id == broadcast_id, _ITS.outlet == outlet, _ITS.state.in_(states))
    waits = {"state": WAITING, "step": _ITS.step + mark, "reason": "", "at": act.at}
    if not (await conn.execute(update(broadcast_outlet).where(*here).values(**waits))).rowcount:
        return False
    ended = (broadcast.c.id == broadcast_id, broadcast.c.status == FINISHED)
    await conn.execute(update(broadcast).where(*ended).values(status=RUNNING, ended_at=None))
    await audit.note(conn, act, "post stands" if mark else "post again", None, f"broadcast {broadcast_id} {outlet}")
    return True


async def unsettled(conn: AsyncConnection, broadcast_id: int) -> bool:
    """Whether an outlet still waits for its post."""
    open = (_ITS.broadcast_id == broadcast_id, _ITS.state.in_((WAITING, TRYING)))
    return (await conn.execute(select(_ITS.outlet).where(*open).limit(1))).first() is not None


def _added(into: Upsert) -> Upsert:
    names = ("broadcast_id", "channel", "what", "reason")
    more = into.values({name: bindparam(name) for name in (*names, "n")})
    total = broadcast_count.c.n + more.excluded.n
    return more.on_conflict_do_update(index_elements=list(names), set_={"n": total})


_COUNT = on_both(broadcast_count, _added)


async def count(conn: AsyncConnection, broadcast_id: int, tallied: Counter[Tallied]) -> None:
    """Add to what became of a broadcast's copies."""
    rows = [
        {"broadcast_id": broadcast_id, "channel": each.channel, "what": each.what, "reason": each.reason[:80], "n": n}
        for each, n in tallied.items()
        if n
    ]
    if rows:
        await conn.execute(_COUNT[conn.dialect.name], rows)


async def counts(conn: AsyncConnection, broadcast_id: int) -> Counter[Tallied]:
    """What became of a broadcast's copies so far."""
    its = broadcast_count.c
    rows = await conn.execute(select(its.channel, its.what, its.reason, its.n).where(its.broadcast_id == broadcast_id))
    return Counter({Tallied(channel, what, reason): n for channel, what, reason, n in rows})
