"""Officers who look at how far a broadcast is, and on which screen: it is shown anew in place while it moves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.broadcasts import broadcast
from models.messages import Address
from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

broadcast_watch = Table(
    "broadcast_watch",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("user", String(80), primary_key=True),
    # What the channel calls the message to be changed.
    Column("screen", String(40), nullable=False),
    Column("broadcast_id", BigInteger, ForeignKey(broadcast.c.id), nullable=False),
    Column("since", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Watch:
    """A screen at an address that shows a broadcast."""

    address: Address
    screen: str
    broadcast_id: int


_ITS = broadcast_watch.c
_NAMES = ("channel", "user", "screen", "broadcast_id", "since")


def _newest(into: Upsert) -> Upsert:
    into = into.values({name: bindparam(name) for name in _NAMES})
    new = {name: into.excluded[name] for name in _NAMES[2:]}
    return into.on_conflict_do_update(index_elements=["channel", "user"], set_=new)


_WATCH = on_both(broadcast_watch, _newest)


async def watch(conn: AsyncConnection, its: Watch, at: datetime) -> None:
    """Let a screen be the one that is shown anew at its address."""
    where = {"channel": its.address.channel, "user": its.address.user}
    await conn.execute(
        _WATCH[conn.dialect.name], {**where, "screen": its.screen, "broadcast_id": its.broadcast_id, "since": at}
    )


async def find(conn: AsyncConnection, at: Address) -> Watch | None:
    """Give what is watched at an address."""
    here = (_ITS.channel == at.channel, _ITS.user == at.user)
    row = (await conn.execute(select(_ITS.screen, _ITS.broadcast_id).where(*here))).first()
    return Watch(at, row.screen, row.broadcast_id) if row else None


async def listed(conn: AsyncConnection) -> list[Watch]:
    """List all that is watched."""
    rows = await conn.execute(select(_ITS.channel, _ITS.user, _ITS.screen, _ITS.broadcast_id))
    return [Watch(Address(channel, user), screen, id) for channel, user, screen, id in rows]


async def drop(conn: AsyncConnection, at: Address) -> None:
    """Watch nothing more at an address."""
    await conn.execute(delete(broadcast_watch).where(_ITS.channel == at.channel, _ITS.user == at.user))


async def purge(conn: AsyncConnection, before: datetime) -> None:
    """End what began before a moment."""
    await conn.execute(delete(broadcast_watch).where(_ITS.since < before))
