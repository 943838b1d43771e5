"""Roles over units, and the one-time invitations that grant them. Refuses a used, expired or unknown invitation."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audit
from models.audit import Act
from models.people import person
from models.schema import UtcDateTime, metadata

ROLES = ("officer", "editor", "approver")
LIFETIME = timedelta(days=14)

role_grant = Table(
    "role_grant",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("person_id", BigInteger, ForeignKey(person.c.id, ondelete="CASCADE"), nullable=False),
    Column("role", String(20), nullable=False),
    Column("unit_id", String(16), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("granted_by", String(40), nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_role_grant_person_id", "person_id"),
)

invitation = Table(
    "invitation",
    metadata,
    # Only the hash: a copy of the database opens no door.
    Column("token_hash", String(64), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("unit_id", String(16), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a unit and everything below it."""

    role: str
    unit_id: str


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def invite(conn: AsyncConnection, role: str, unit_id: str, act: Act) -> str:
    """Make a one-time invitation, good for 14 days, and give its token; only the token's hash is kept."""
    token = secrets.token_urlsafe(18)
    values = {"token_hash": _hash(token), "role": role, "unit_id": unit_id, "expires_at": act.at + LIFETIME}
    await conn.execute(insert(invitation), values)
    await audit.note(conn, act, "invite", unit_id, role)
    return token


async def invited(conn: AsyncConnection, token: str, at: datetime) -> Grant | None:
    """Tell what an invitation would grant, None when it is unknown, used or expired. Uses nothing up."""
    row = (
        await conn.execute(
            select(invitation.c.role, invitation.c.unit_id).where(
                invitation.c.token_hash == _hash(token), invitation.c.used_at.is_(None), invitation.c.expires_at > at
            )
        )
    ).first()
    return Grant(row.role, row.unit_id) if row else None


async def redeem(conn: AsyncConnection, token: str, person_id: int, at: datetime) -> Grant | None:
    """Use an invitation up and grant its role; None when it no longer holds (somebody else was first)."""
    grant = await invited(conn, token, at)
    if grant is None:
        return None
    await conn.execute(update(invitation).where(invitation.c.token_hash == _hash(token)).values(used_at=at))
    if grant not in await grants(conn, person_id):
        await conn.execute(
            insert(role_grant),
            {"person_id": person_id, **_columns(grant), "granted_at": at, "granted_by": "invitation"},
        )
    await audit.note(conn, Act(at, str(person_id)), "redeem", grant.unit_id, grant.role)
    return grant


def _columns(grant: Grant) -> dict[str, str]:
    return {"role": grant.role, "unit_id": grant.unit_id}


async def purge(conn: AsyncConnection, before: datetime) -> None:
    """Drop invitations that were used, or lost their force, before a moment."""
    its = invitation.c
    await conn.execute(delete(invitation).where(or_(its.used_at < before, its.expires_at < before)))


async def grants(conn: AsyncConnection, person_id: int) -> list[Grant]:
    """List the roles that a person holds now."""
    rows = await conn.execute(
        select(role_grant.c.role, role_grant.c.unit_id)
        .where(role_grant.c.person_id == person_id, role_grant.c.ended_at.is_(None))
        .order_by(role_grant.c.id)
    )
    return [Grant(role, unit_id) for role, unit_id in rows]


async def end_grants(conn: AsyncConnection, person_id: int, act: Act) -> None:
    """End every role of a person."""
    for grant in await grants(conn, person_id):
        await audit.note(conn, act, "end role", grant.unit_id, grant.role)
    await conn.execute(
        update(role_grant)
        .where(role_grant.c.person_id == person_id, role_grant.c.ended_at.is_(None))
        .values(ended_at=act.at)
    )


async def give_way(conn: AsyncConnection, old: int, new: int) -> None:
    """Let the roles of one record pass to another of the same person, which has each of them once."""
    for grant in set(await grants(conn, old)) & set(await grants(conn, new)):
        its = role_grant.c
        twice = (its.person_id == old, its.role == grant.role, its.unit_id == grant.unit_id, its.ended_at.is_(None))
        await conn.execute(delete(role_grant).where(*twice))
    await conn.execute(update(role_grant).where(role_grant.c.person_id == old).values(person_id=new))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Erase a person's roles with the person; the audit log keeps the acts."""
    await conn.execute(delete(role_grant).where(role_grant.c.person_id == person_id))
