"""Whether a database is a rehearsal's or a real one: settled at its first use, and never changed."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import metadata

database_kind = Table(
    "database_kind",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("rehearsal", Boolean, nullable=False),
    CheckConstraint("id = 1", name="single"),
)


class WrongKind(Exception):
    """A rehearsal was started on a real database, or the other way round."""


async def is_rehearsal(conn: AsyncConnection) -> bool | None:
    """Tell what the database was made for; None for a new one."""
    return (await conn.execute(select(database_kind.c.rehearsal))).scalar_one_or_none()


async def settle(conn: AsyncConnection, *, rehearsal: bool) -> None:
    """Settle what the database is for. Raises WrongKind when that was settled otherwise."""
    known = await is_rehearsal(conn)
    if known is None:
        await conn.execute(insert(database_kind), {"id": 1, "rehearsal": rehearsal})
    elif known != rehearsal:
        made = "a rehearsal" if known else "real use"
        raise WrongKind(f"DATABASE_URL: this database was made for {made}; AS_OF must {'' if known else 'not '}be set")
