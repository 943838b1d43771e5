"""What could not be sent, for somebody to look at: why, on which channel and day; no text, no person, no address.

The message itself stays in the outbox for a while, sealed and not due, so that it can be sent again. It goes sooner
with whatever ends it there: its person leaves or is forgotten, or what it repeats was released.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, String, Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models.outbox import outbox
from models.schema import metadata

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
KEPT = timedelta(days=7)  # a message; that there was one is known four times as long
KNOWN = 4 * KEPT
LONGEST = 120
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|“[^”]*”|«[^»]*»|[0-9]{3,}")

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # that of the row in the outbox, never used again
    Column("channel", String(20), nullable=False),
    Column("lane", String(12), nullable=False),
    Column("day", String(10), nullable=False),
    Column("reason", String(LONGEST), nullable=False),
    Column("tries", Integer, nullable=False),
)
_ITS = dead_letter.c


@dataclass(frozen=True, slots=True)
class Dead:
    """One that was given up on a day (ISO), after so many tries. `reason` is our wording or the platform's, bounded."""

    id: int
    channel: str
    lane: str
    day: str
    reason: str
    tries: int


@dataclass(frozen=True, slots=True)
class Heap:
    """The dead of one channel and reason: how many, from which day to which, and those that can be sent again."""

    channel: str
    reason: str
    count: int
    first: str
    last: str
    kept: tuple[int, ...]


def bounded(reason: str) -> str:
    """Cut a platform's wording to size, without what it quotes and without long numbers, which may name somebody."""
    return QUOTED.sub("…", reason)[:LONGEST]


async def bury(conn: AsyncConnection, dead: Dead) -> None:
    """Send this one no more, until somebody asks for it."""
    await conn.execute(delete(dead_letter).where(_ITS.id == dead.id))
    await conn.execute(insert(dead_letter).values({**asdict(dead), "reason": bounded(dead.reason)}))
    await conn.execute(update(outbox).where(outbox.c.id == dead.id).values(due=NEVER, lease_until=None))


async def raise_again(conn: AsyncConnection, at: datetime, channel: str = "", ids: Sequence[int] = ()) -> int:
    """Let dead messages be sent again: all, or those of a channel, or these. Gives how many there were still."""
    its: list[ColumnElement[bool]] = [_ITS.channel == channel] if channel else []
    its += [_ITS.id.in_(ids)] if ids else []
    again = select(_ITS.id).where(*its)
    done = await conn.execute(update(outbox).where(outbox.c.id.in_(again)).values(due=at, lease_until=None))
    await conn.execute(delete(dead_letter).where(*its, _ITS.id.in_(select(outbox.c.id))))
    return done.rowcount


async def purge(conn: AsyncConnection, today: date) -> None:
    """Drop messages that nobody asked for in a week, and after four what is known of them."""
    old = select(_ITS.id).where(_ITS.day < (today - KEPT).isoformat())
    await conn.execute(delete(outbox).where(outbox.c.id.in_(old)))
    await conn.execute(delete(dead_letter).where(_ITS.day < (today - KNOWN).isoformat()))


async def heaps(conn: AsyncConnection) -> list[Heap]:
    """The dead by channel and reason."""
    by = (_ITS.channel, _ITS.reason)
    rows = await conn.execute(
        select(*by, func.count(), func.min(_ITS.day), func.max(_ITS.day)).group_by(*by).order_by(*by)
    )
    kept: dict[tuple[str, str], list[int]] = {}
    there = select(_ITS.id, *by).join(outbox, outbox.c.id == _ITS.id).order_by(_ITS.id)
    for id, channel, reason in await conn.execute(there):
        kept.setdefault((channel, reason), []).append(id)
    return [
        Heap(channel, reason, count, first, last, tuple(kept.get((channel, reason), ())))
        for channel, reason, count, first, last in rows
    ]
