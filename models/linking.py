"""One-time codes that join two channels to one person, so that one person has one voice. Only hashes are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.people import person
from models.schema import UtcDateTime, metadata

LIFETIME = timedelta(minutes=15)
LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # nothing that looks like something else on a small screen
LENGTH = 8

link_code = Table(
    "link_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("person_id", BigInteger, ForeignKey(person.c.id, ondelete="CASCADE"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)


def normal(code: str) -> str:
    """The code as it is kept, however it was typed (spaces, hyphens, lower case)."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(normal(code).encode()).hexdigest()


async def make_code(conn: AsyncConnection, person_id: int, at: datetime) -> str:
    """Make a code good for 15 minutes; an earlier one of the same person ends."""
    await forget(conn, person_id)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    await conn.execute(
        insert(link_code), {"code_hash": _hash(code), "person_id": person_id, "expires_at": at + LIFETIME}
    )
    return f"{code[:4]}-{code[4:]}"


async def use_code(conn: AsyncConnection, code: str, at: datetime) -> int | None:
    """Use a code up and give whose it is; None when it is unknown or too old."""
    found = await conn.execute(
        select(link_code.c.person_id).where(link_code.c.code_hash == _hash(code), link_code.c.expires_at > at)
    )
    person_id = found.scalar_one_or_none()
    if person_id is not None:
        await forget(conn, person_id)
    return person_id


async def purge(conn: AsyncConnection, at: datetime) -> None:
    """Drop codes that are too old to be used."""
    await conn.execute(delete(link_code).where(link_code.c.expires_at <= at))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Drop a person's code."""
    await conn.execute(delete(link_code).where(link_code.c.person_id == person_id))
