"""The tokens that a platform lets us speak with, where it changes them: kept sealed, so that no copy of the database
holds them.

Sealed under the key `STANDING` of the key file, which belongs to no period.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, LargeBinary, String, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.keys import STANDING, KeyLost, Keys
from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

platform_token = Table(
    "platform_token",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("sealed", LargeBinary),
    Column("refreshed_at", UtcDateTime, nullable=False),
    # The SHA-256 of the token that the operator gave to begin with: another one in the settings is a new beginning.
    Column("begun_with", String(64), nullable=False),
    Column("spent", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A token to speak with and the one that buys the next pair, once. Never printed."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for a channel: a pair (None: there never was one, or its key is lost), since when, begun with what.

    `spent` says that the platform refused the pair's refresh token: only a new beginning helps.
    """

    pair: Pair | None
    at: datetime
    begun_with: str
    spent: bool = False


def _write(into: Upsert) -> Upsert:
    names = ("channel", "sealed", "refreshed_at", "begun_with", "spent")
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    into = into.values(values)
    new = {name: into.excluded[name] for name in names[1:]}
    return into.on_conflict_do_update(index_elements=["channel"], set_=new)


_WRITE = on_both(platform_token, _write)


def fingerprint(token: str) -> str:
    """Tell tokens apart without keeping them."""
    return hashlib.sha256(token.encode()).hexdigest()


async def load(conn: AsyncConnection, keys: Keys, channel: str) -> Kept | None:
    """Give what is kept for a channel."""
    its = select(platform_token).where(platform_token.c.channel == channel)
    row = (await conn.execute(its)).one_or_none()
    if row is None:
        return None
    return Kept(_opened(keys, channel, row.sealed), row.refreshed_at, row.begun_with, row.spent)


async def save(conn: AsyncConnection, keys: Keys, channel: str, kept: Kept) -> None:
    """Keep this in place of what was kept before."""
    pair = kept.pair
    body = json.dumps([pair.access, pair.refresh]).encode() if pair else b""
    sealed = keys.seal(STANDING, body, channel.encode()) if pair else None
    values = {"channel": channel, "sealed": sealed, "refreshed_at": kept.at}
    await conn.execute(_WRITE[conn.dialect.name], values | {"begun_with": kept.begun_with, "spent": kept.spent})


def _opened(keys: Keys, channel: str, sealed: bytes | None) -> Pair | None:
    if sealed is None:
        return None
    try:
        return Pair(*json.loads(keys.unseal(STANDING, sealed, channel.encode())))
    except KeyLost:
        return None
