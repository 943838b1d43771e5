"""One-time links from a chat that others can read to the web chat. Only hashes are kept, and a used one not even so."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.people import person
from models.schema import UtcDateTime, metadata

LIFETIME = timedelta(minutes=30)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # invitations are shorter

passage = Table(
    "passage",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", BigInteger, ForeignKey(person.c.id, ondelete="CASCADE"), nullable=False),
    # Where it leads to: a questionnaire, or "" for the person's own record.
    Column("questionnaire", String(80), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_passage_person_id", "person_id"),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whose link it is, and the questionnaire that it leads to ("" for the person's own record)."""

    person_id: int
    questionnaire: str


def is_token(text: str) -> bool:
    """Tell whether something that was opened is such a link, whether it still holds or not."""
    return _TOKEN.fullmatch(text) is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def make(conn: AsyncConnection, its: Passage, at: datetime) -> str:
    """Make a link of 256 random bits, good for 30 minutes; an earlier one of the same person ends."""
    await forget(conn, its.person_id)
    token = secrets.token_urlsafe(32)
    values = {"person_id": its.person_id, "questionnaire": its.questionnaire, "expires_at": at + LIFETIME}
    await conn.execute(insert(passage), {"token_hash": _hash(token), **values})
    return token


async def find(conn: AsyncConnection, token: str, at: datetime) -> Passage | None:
    """Give what a link leads to, None when it is unknown, used or too old. Uses nothing up."""
    its = passage.c
    live = select(its.person_id, its.questionnaire).where(its.token_hash == _hash(token), its.expires_at > at)
    row = (await conn.execute(live)).first()
    return Passage(*row) if row else None


async def use(conn: AsyncConnection, token: str, at: datetime) -> bool:
    """Use a link up. False when it no longer holds, also because somebody else was faster."""
    mine = delete(passage).where(passage.c.token_hash == _hash(token), passage.c.expires_at > at)
    return (await conn.execute(mine)).rowcount == 1


async def purge(conn: AsyncConnection, at: datetime) -> None:
    """Drop links that are too old to be used."""
    await conn.execute(delete(passage).where(passage.c.expires_at <= at))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Drop a person's link."""
    await conn.execute(delete(passage).where(passage.c.person_id == person_id))
