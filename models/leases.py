"""Jobs that only one process may do at a time: a row with a holder and an end."""

from datetime import datetime, timedelta

from sqlalchemy import Column, String, Table, delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import UtcDateTime, metadata

lease = Table(
    "lease",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)


async def take(conn: AsyncConnection, name: str, holder: str, at: datetime, lasts: timedelta) -> bool:
    """Take or renew the lease; False while somebody else holds it."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(lease).values(name=name, holder=holder, until=at + lasts)
    statement = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "until": at + lasts},
        where=or_(lease.c.holder == holder, lease.c.until <= at),
    )
    # Without the option SQLAlchemy gives no count for inserts on PostgreSQL (-1), and no lease would ever be had.
    done = await conn.execute(statement.execution_options(preserve_rowcount=True))
    return done.rowcount == 1


async def leave_all(conn: AsyncConnection, holder: str) -> None:
    """Give everything up that a process holds, at its clean stop."""
    await conn.execute(delete(lease).where(lease.c.holder == holder))


async def drop_all(conn: AsyncConnection) -> None:
    """Free every lease: only for the embedded database at start, when no other process can hold one."""
    await conn.execute(delete(lease))
