"""Join links: an opaque token that brings a newcomer to a unit, or to the successor of a unit that was merged.

The same token serves `/join/<token>` on the web and Telegram's `?start=<token>`, which takes 1 to 64 of A-Z a-z 0-9 _ -
(core.telegram.org/bots/features#deep-linking). Refuses to say which unit a token means once the link has ended.
"""

import re
import secrets
from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, delete, insert, select, update

from models.database import Connection
from models.schema import UtcDateTime, metadata
from models.units import successor

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")

join_link = Table(
    "join_link",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("unit_id", String(16), ForeignKey("unit.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)

_LIVE = join_link.c.ended_at.is_(None)
Index("uq_join_link_unit_id", join_link.c.unit_id, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)


async def make_link(conn: Connection, unit_id: str, at: datetime) -> str:
    """Give the token of a unit's link, made now if the unit has none: one unit, one link on one poster."""
    token = await link_of(conn, unit_id)
    if token is None:
        token = secrets.token_urlsafe(16)
        await conn.execute(insert(join_link), {"token": token, "unit_id": unit_id, "created_at": at})
    return token


async def link_of(conn: Connection, unit_id: str) -> str | None:
    """Give the token of a unit's link; None for a unit that has none."""
    live = select(join_link.c.token).where(join_link.c.unit_id == unit_id, _LIVE)
    token: str | None = (await conn.execute(live)).scalar()
    return token


async def unit_of(conn: Connection, token: str, on: date) -> str | None:
    """Give the living unit that a token leads to on a day, through mergers.

    None for an unknown or ended link, for a unit that ended without a successor, and for anything that is no token.
    """
    if not _TOKEN.fullmatch(token):
        return None
    found = (await conn.execute(select(join_link.c.unit_id).where(join_link.c.token == token, _LIVE))).scalar()
    return await successor(conn, found, on) if found else None


async def end_link(conn: Connection, token: str, at: datetime) -> None:
    """End a link, as after a poster fell into wrong hands; the unit's next link has another token."""
    await conn.execute(update(join_link).where(join_link.c.token == token, _LIVE).values(ended_at=at))


async def purge(conn: Connection, before: datetime) -> None:
    """Drop links that ended before a moment."""
    await conn.execute(delete(join_link).where(join_link.c.ended_at < before))
