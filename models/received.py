"""Who was sent which broadcast in the last days: for the caps, so that nothing comes twice, and for nothing else.

A row is there from the moment a copy waits; it is taken back where the copy was not sent. Two records of one person
that are joined keep the rows of both. No foreign keys: an answer to a person never waits here for a broadcast.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Index, String, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models.broadcasts import PAUSED, RUNNING, broadcast
from models.schema import metadata

WEEK = 7  # days, today among them
NO_DAY = ""  # before all others

received = Table(
    "received",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("broadcast_id", BigInteger, primary_key=True, autoincrement=False),
    # The day in Vietnam (ISO) on which it was sent, or was to be.
    Column("day", String(10), nullable=False),
    Index("ix_received_day", "day"),
    sqlite_with_rowid=False,
)
_ITS = received.c


class Copy(NamedTuple):
    """That a person has, or is about to have, a copy of a broadcast."""

    person_id: int
    broadcast_id: int


class Had(NamedTuple):
    """How many broadcasts a person was sent today and in the last seven days."""

    today: int = 0
    week: int = 0


async def note(conn: AsyncConnection, copies: Sequence[Copy], today: str) -> None:
    """Note copies that nobody has yet; one that is known is an IntegrityError."""
    if copies:
        await conn.execute(insert(received), [{**copy._asdict(), "day": today} for copy in copies])


async def known(conn: AsyncConnection, broadcast_id: int, people: Sequence[int]) -> set[int]:
    """Which of these people have a copy of a broadcast already."""
    theirs = (_ITS.broadcast_id == broadcast_id, _ITS.person_id.in_(people))
    return set((await conn.execute(select(_ITS.person_id).where(*theirs))).scalars())


async def had(conn: AsyncConnection, people: Sequence[int], today: date) -> Mapping[int, Had]:
    """What these people were sent today and this week; who is not named was sent nothing."""
    since = (today - timedelta(days=WEEK - 1)).isoformat()
    theirs = select(_ITS.person_id, _ITS.day).where(_ITS.person_id.in_(people), _ITS.day >= since)
    found: dict[int, Had] = {}
    for person_id, day in await conn.execute(theirs):
        so_far = found.get(person_id, Had())
        found[person_id] = Had(so_far.today + (day == today.isoformat()), so_far.week + 1)
    return found


_ONE = (_ITS.person_id == bindparam("its_person"), _ITS.broadcast_id == bindparam("its_broadcast"))
_TAKE_BACK = delete(received).where(and_(*_ONE))
_MOVE = update(received).where(and_(*_ONE)).values(day=bindparam("its_day"))


async def take_back(conn: AsyncConnection, copies: Iterable[Copy]) -> None:
    """Forget copies that were not sent."""
    if rows := [{"its_person": copy.person_id, "its_broadcast": copy.broadcast_id} for copy in copies]:
        await conn.execute(_TAKE_BACK, rows)


async def move_to(conn: AsyncConnection, copies: Iterable[Copy], today: str) -> None:
    """Let copies that waited over midnight count for today."""
    rows = [{"its_person": copy.person_id, "its_broadcast": copy.broadcast_id, "its_day": today} for copy in copies]
    if rows:
        await conn.execute(_MOVE, rows)


async def recount(conn: AsyncConnection, people: Iterable[int], broadcasts: set[int]) -> None:
    """Let copies of these broadcasts that wait for these people count for no day until their turn comes."""
    its = (_ITS.person_id.in_(list(people)), _ITS.broadcast_id.in_(broadcasts))
    await conn.execute(update(received).where(*its).values(day=NO_DAY))


async def of(conn: AsyncConnection, person_id: int) -> set[int]:
    """The broadcasts that a person was sent."""
    return set((await conn.execute(select(_ITS.broadcast_id).where(_ITS.person_id == person_id))).scalars())


async def pass_on(conn: AsyncConnection, old: int, new: int) -> None:
    """Let all that one of two records of the same person was sent count for the other."""
    both = await of(conn, new)
    await conn.execute(delete(received).where(_ITS.person_id == old, _ITS.broadcast_id.in_(both)))
    await conn.execute(update(received).where(_ITS.person_id == old).values(person_id=new))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Erase what is known of a person."""
    await conn.execute(delete(received).where(_ITS.person_id == person_id))


async def purge(conn: AsyncConnection, before: str) -> None:
    """Drop what is older than a day (ISO), but not of a broadcast that goes on: nobody gets that twice."""
    going_on = select(broadcast.c.id).where(broadcast.c.status.in_((RUNNING, PAUSED)))
    await conn.execute(delete(received).where(_ITS.day < before, _ITS.broadcast_id.not_in(going_on)))
