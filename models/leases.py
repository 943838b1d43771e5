"""Jobs that only one process may do at a time: a row with a holder and an end."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, String, Table, bindparam, delete, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

lease = Table(
    "lease",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)


def _take(into: Upsert) -> Upsert:
    given: dict[str, Any] = {name: bindparam(name) for name in ("name", "holder", "until")}
    into = into.values(given)
    free = or_(lease.c.holder == into.excluded.holder, lease.c.until <= bindparam("at", type_=UtcDateTime))
    new = {"holder": into.excluded.holder, "until": into.excluded.until}
    return into.on_conflict_do_update(index_elements=["name"], set_=new, where=free)


_TAKE = on_both(lease, _take)


async def take(conn: AsyncConnection, name: str, holder: str, at: datetime, lasts: timedelta) -> bool:
    """Take or renew the lease; False while somebody else holds it."""
    values = {"name": name, "holder": holder, "until": at + lasts, "at": at}
    done = await conn.execute(_TAKE[conn.dialect.name], values)
    return done.rowcount == 1


async def leave(conn: AsyncConnection, name: str, holder: str) -> None:
    """Give one lease up, if it is ours."""
    await conn.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))


async def leave_all(conn: AsyncConnection, holder: str) -> None:
    """Give everything up that a process holds, at its clean stop."""
    await conn.execute(delete(lease).where(lease.c.holder == holder))


async def drop_all(conn: AsyncConnection) -> None:
    """Free every lease: only for the embedded database at start, when no other process can hold one."""
    await conn.execute(delete(lease))
