"""What people want to be sent: topics that they chose themselves. Nothing is chosen for anybody, here or elsewhere.

Since when is kept of a topic, because an audience may be frozen at a moment. Of the asking only the day is: its moment
would tell of everybody, also of those who want nothing, when they came out of a questionnaire.
"""

from datetime import datetime, time

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from locales.formats import VIETNAM, local_day
from models.people import person
from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

TOPICS = ("news", "slogans", "results", "reminders")
ASKED = "asked"  # kept beside the topics: this person was asked which they want, and is not asked again

subscription = Table(
    "subscription",
    metadata,
    # In this order an audience is paged by its key: (topic, person_id).
    Column("topic", String(20), primary_key=True),
    Column("person_id", BigInteger, ForeignKey(person.c.id, ondelete="CASCADE"), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_subscription_person_id", "person_id"),
    sqlite_with_rowid=False,  # a row's place would tell when it was written
)
_ITS = subscription.c


def _once(into: Upsert) -> Upsert:
    return into.values({name: bindparam(name) for name in ("topic", "person_id", "since")}).on_conflict_do_nothing()


_CHOOSE = on_both(subscription, _once)


async def chosen(conn: AsyncConnection, person_id: int) -> set[str]:
    """The topics that a person wants to be sent."""
    return {topic for topic in await since(conn, person_id) if topic != ASKED}


async def since(conn: AsyncConnection, person_id: int) -> dict[str, datetime]:
    """All that is kept: since when each topic is chosen, and on which day (its start in Vietnam) they were ASKED."""
    rows = await conn.execute(select(_ITS.topic, _ITS.since).where(_ITS.person_id == person_id).order_by(_ITS.topic))
    return {row.topic: row.since for row in rows}


async def choose(conn: AsyncConnection, person_id: int, topic: str, on: bool, at: datetime) -> None:
    """Begin or end a topic, or note ASKED; once more changes nothing. Refuses (ValueError) what is no topic."""
    if topic not in (*TOPICS, ASKED):
        raise ValueError(f"there is no topic {topic!r}")
    if on:
        from_when = datetime.combine(local_day(at), time(), VIETNAM) if topic == ASKED else at
        await conn.execute(_CHOOSE[conn.dialect.name], {"topic": topic, "person_id": person_id, "since": from_when})
    else:
        await conn.execute(delete(subscription).where(_ITS.topic == topic, _ITS.person_id == person_id))


async def asked(conn: AsyncConnection, person_id: int) -> bool:
    """Tell whether a person was asked what they want to be sent."""
    return ASKED in await since(conn, person_id)


async def stop_all(conn: AsyncConnection, person_id: int) -> bool:
    """End every topic of a person; that they were asked stays. Tells whether there was any."""
    ended = await conn.execute(delete(subscription).where(_ITS.person_id == person_id, _ITS.topic != ASKED))
    return ended.rowcount > 0


async def pass_on(conn: AsyncConnection, old: int, new: int) -> None:
    """Let one of two records of the same person keep the choices: of `new` if it was asked, else of `old`."""
    if not await asked(conn, new):
        await forget(conn, new)
        await conn.execute(update(subscription).where(_ITS.person_id == old).values(person_id=new))
    await forget(conn, old)


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Erase what a person chose, and that they were asked."""
    await conn.execute(delete(subscription).where(_ITS.person_id == person_id))
