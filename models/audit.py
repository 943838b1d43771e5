"""What officers did: who, what, when, on which unit. Never what a worker said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from models.schema import UtcDateTime, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    # The officer's person id, or "shell" for the operator. No foreign key: the entry outlives the person.
    Column("actor", String(40), nullable=False),
    Column("act", String(40), nullable=False),
    Column("scope", String(16)),
    Column("detail", String(200), nullable=False),
    Index("ix_audit_at", "at"),
)


@dataclass(frozen=True, slots=True)
class Act:
    """When an officer's act happens and who does it: a person id, or "shell" for the operator."""

    at: datetime
    actor: str


async def note(conn: AsyncConnection, act: Act, what: str, scope: str | None, detail: str = "") -> None:
    """Write one entry. `detail` is the product's own words (a role, a questionnaire), never a person's."""
    values = {"at": act.at, "actor": act.actor, "act": what, "scope": scope, "detail": detail[:200]}
    await conn.execute(insert(audit), values)


async def purge(conn: AsyncConnection, before: datetime) -> None:
    """Drop entries older than a moment."""
    await conn.execute(delete(audit).where(audit.c.at < before))
