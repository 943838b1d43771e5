"""The ids that were handled, so that a platform's repeat does nothing. Keeps no content."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, bindparam, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

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


def _once(into: Upsert) -> Upsert:
    values: dict[str, Any] = {name: bindparam(name) for name in ("channel", "id", "at", "failed")}
    return into.values(values).on_conflict_do_nothing()


_INSERT = on_both(seen, _once)


async def mark(conn: AsyncConnection, channel: str, id: str, at: datetime, failed: str | None = None) -> bool:
    """Remember an id; False when it was remembered before, and then nothing more is to be done."""
    values = {"channel": channel, "id": id, "at": at, "failed": failed}
    done = await conn.execute(_INSERT[conn.dialect.name], values)
    return done.rowcount == 1


async def purge(conn: AsyncConnection, before: datetime) -> int:
    """Drop ids older than any platform redelivers; the clock's own ids stay, since they say "once for ever"."""
    done = await conn.execute(delete(seen).where(seen.c.at < before, seen.c.channel != "clock"))
    return done.rowcount
