"""When a channel may ask its platform again, kept so that a restart does not ask sooner, and for the shell to show."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import UtcDateTime, metadata

channel_rest = Table(
    "channel_rest",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
_ITS = channel_rest.c


@dataclass(frozen=True, slots=True)
class Rested:
    """Since when nothing gets through, and until when the platform is left alone."""

    since: datetime
    until: datetime


async def note(conn: AsyncConnection, channel: str, rested: Rested) -> None:
    """Keep the newest rest of a channel."""
    await clear(conn, channel)
    await conn.execute(insert(channel_rest).values(channel=channel, since=rested.since, until=rested.until))


async def clear(conn: AsyncConnection, channel: str) -> None:
    """Something got through."""
    await conn.execute(delete(channel_rest).where(_ITS.channel == channel))


async def known(conn: AsyncConnection) -> dict[str, Rested]:
    """The channels that rest, or did when they were last heard of."""
    rows = await conn.execute(select(_ITS.channel, _ITS.since, _ITS.until))
    return {channel: Rested(since, until) for channel, since, until in rows.all()}
