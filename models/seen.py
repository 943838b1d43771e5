"""The ids that were handled, so that a platform's repeat does nothing. Keeps no content."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Insert, String, Table, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import UtcDateTime, metadata

seen = Table(
    "seen",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("id", String(120), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    # "Type at file:line" of a failure, never its message: messages may hold what a person typed.
    Column("failed", String(200)),
    Index("ix_seen_at", "at"),
)

_VALUES: dict[str, Any] = {name: bindparam(name) for name in ("channel", "id", "at", "failed")}
_INSERT: dict[str, Insert] = {
    "sqlite": sqlite.insert(seen).values(_VALUES).on_conflict_do_nothing(),
    # Without the option SQLAlchemy gives no count for this driver's inserts (-1), and nothing would ever seem new.
    "postgresql": postgresql.insert(seen)
    .values(_VALUES)
    .on_conflict_do_nothing()
    .execution_options(preserve_rowcount=True),
}


async def mark(conn: AsyncConnection, channel: str, id: str, at: datetime, failed: str | None = None) -> bool:
    """Remember an id; False when it was remembered before, and then nothing more is to be done."""
    values = {"channel": channel, "id": id, "at": at, "failed": failed}
    done = await conn.execute(_INSERT[conn.dialect.name], values)
    return done.rowcount == 1


async def purge(conn: AsyncConnection, before: datetime) -> int:
    """Drop ids older than any platform redelivers; the clock's own ids stay, since they say "once for ever"."""
    done = await conn.execute(delete(seen).where(seen.c.at < before, seen.c.channel != "clock"))
    return done.rowcount
