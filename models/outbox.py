"""What is to be sent, written in the same transaction as the facts it tells of. Bodies are sealed, and go when sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models import bodies, people
from models.keys import KeyDestroyed, KeyLost, Keys
from models.messages import Address, Outbound
from models.periods import open_period
from models.schema import UtcDateTime, metadata

PAGE = 500
LEASE = timedelta(seconds=15)  # renewed while a message is held; so long does another process wait for a dead one

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("channel", String(20), nullable=False),
    Column("user", String(80), nullable=False),
    Column("lane", String(12), nullable=False),
    # The name of the key that seals the body. The first version had one for all of them, named "outbox".
    Column("period", String(7), nullable=False, server_default="outbox"),
    Column("sealed", LargeBinary, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    # Until when the platform takes it without a bill (`models.windows`); null where nothing is ever billed.
    Column("free_until", UtcDateTime),
    # Something that may be put only once, ever (a post to a subscriber); null for replies.
    Column("dedup", String(120), unique=True),
    Index("ix_outbox_due", "channel", "due"),
    Index("ix_outbox_user", "channel", "user", "id"),
    sqlite_autoincrement=True,  # ids are never used again: the web chat knows what it has seen by them
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A row on its way: its id, what it says, how often it failed, until when it costs nothing, since when it waits."""

    id: int
    outbound: Outbound
    tries: int = 0
    free_until: datetime | None = None
    since: datetime | None = None


_INSERT = insert(outbox).returning(outbox.c.id)
_ADDRESSED = (outbox.c.id, outbox.c.channel, outbox.c.user)
_ROW = (*_ADDRESSED, outbox.c.period, outbox.c.sealed, outbox.c.free_until, outbox.c.due)


async def put(
    conn: AsyncConnection, keys: Keys, period: str, outbounds: Sequence[Outbound], at: datetime
) -> list[Letter]:
    """Write messages in their order, already leased to the caller, who sends them after the commit."""
    while outbounds:
        period = open_period(period, keys.destroyed)
        try:
            rows = [_row(keys, period, outbound, at) for outbound in outbounds]
        except KeyDestroyed:
            continue
        ids = [(await conn.execute(_INSERT, row)).scalar_one() for row in rows]
        # While the rows waited for the end of a period in another process, that process may have destroyed its key.
        if keys.alive(period):
            return [Letter(id, outbound, since=at) for id, outbound in zip(ids, outbounds, strict=True)]
        await settle(conn, ids)
    return []


def _row(keys: Keys, period: str, outbound: Outbound, at: datetime) -> dict[str, Any]:
    return {
        "channel": outbound.to.channel,
        "user": outbound.to.user,
        "lane": outbound.lane,
        "period": period,
        "sealed": bodies.seal(keys, period, outbound),
        "due": at,
        "lease_until": at + LEASE,
    }


async def settle(conn: AsyncConnection, ids: Iterable[int]) -> None:
    """Drop what was delivered, refused, or has nobody to go to any more."""
    await conn.execute(delete(outbox).where(outbox.c.id.in_(list(ids))))


async def settle_for(conn: AsyncConnection, to: Address, ids: Iterable[int]) -> None:
    """Drop rows of one address that it says it has got; ids of others are passed over."""
    mine = (outbox.c.channel == to.channel, outbox.c.user == to.user)
    await conn.execute(delete(outbox).where(*mine, outbox.c.id.in_(list(ids))))


async def renew(conn: AsyncConnection, ids: Sequence[int], at: datetime) -> None:
    """Keep the lease of messages that are held for longer."""
    for start in range(0, len(ids), PAGE):
        page = outbox.c.id.in_(ids[start : start + PAGE])
        await conn.execute(update(outbox).where(page).values(lease_until=at + LEASE))


async def free(conn: AsyncConnection, ids: Sequence[int]) -> None:
    """Let go of messages that are held no longer, so that whoever has room can claim them."""
    for start in range(0, len(ids), PAGE):
        page = outbox.c.id.in_(ids[start : start + PAGE])
        await conn.execute(update(outbox).where(page).values(lease_until=None))


async def drop_queue(conn: AsyncConnection, to: Address) -> None:
    """Drop all that waits for an address that is gone."""
    await conn.execute(delete(outbox).where(outbox.c.channel == to.channel, outbox.c.user == to.user))


async def waits(conn: AsyncConnection, to: Address) -> bool:
    """Tell whether anything waits to be sent to an address, or is on its way there."""
    here = (outbox.c.channel == to.channel, outbox.c.user == to.user)
    return (await conn.execute(select(outbox.c.id).where(*here).limit(1))).first() is not None


async def waiting(conn: AsyncConnection, keys: Keys, to: Address) -> list[Letter]:
    """What waits for one address, oldest first, for a channel that fetches for itself."""
    mine = select(*_ROW).where(outbox.c.channel == to.channel, outbox.c.user == to.user)
    return await _letters(conn, keys, (await conn.execute(mine.order_by(outbox.c.id))).all())


async def _letters(conn: AsyncConnection, keys: Keys, rows: Iterable[Any]) -> list[Letter]:
    """Open rows, oldest first; drop what no key will ever open, so that it keeps nobody from the rest."""
    letters: list[Letter] = []
    lost: list[int] = []
    for id, channel, user, period, sealed, free_until, due in rows:
        try:
            outbound = bodies.unseal(keys, period, sealed, Address(channel, user))
        except KeyLost:
            lost.append(id)
        else:
            letters.append(Letter(id, outbound, free_until=free_until, since=due))
    if lost:
        await settle(conn, lost)
    return sorted(letters, key=lambda letter: letter.id)


async def claim(conn: AsyncConnection, keys: Keys, channel: str, at: datetime, limit: int = 100) -> list[Letter]:
    """Lease rows that nobody is sending: left behind by a dead process, or due again. Nothing when there are none."""
    free = _free(channel, at).order_by(outbox.c.id).limit(limit).with_for_update(skip_locked=True)
    # Two statements: as one, PostgreSQL may look for the free ones again for each row that it has just taken.
    while ids := (await conn.execute(free)).scalars().all():
        taken = update(outbox).where(outbox.c.id.in_(ids)).values(lease_until=at + LEASE).returning(*_ROW)
        rows = (await conn.execute(taken)).all()
        if letters := await _current(conn, await _letters(conn, keys, rows)):
            return letters
    return []


async def any_free(conn: AsyncConnection, channel: str, at: datetime) -> bool:
    """Whether there is anything to claim, also what somebody else has locked just now."""
    return (await conn.execute(_free(channel, at).limit(1))).first() is not None


def _free(channel: str, at: datetime) -> Select[tuple[int]]:
    nobodys = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until < at)
    return select(outbox.c.id).where(outbox.c.channel == channel, outbox.c.due <= at, nobodys)


async def _current(conn: AsyncConnection, letters: list[Letter]) -> list[Letter]:
    """Drop screens of people who went on with another one meanwhile: an old screen would mislead them."""
    users = {letter.outbound.to.user for letter in letters}
    revisions = await people.revisions(conn, letters[0].outbound.to.channel, users) if letters else {}
    old = {each.id for each in letters if 0 < revision(each.outbound) < revisions.get(each.outbound.to.user, 0)}
    await settle(conn, old)
    return [letter for letter in letters if letter.id not in old]


def revision(outbound: Outbound) -> int:
    """Give the revision of the screen, which its taps begin with; 0 for a message that cannot be tapped."""
    taps = (button.tap.partition(".")[0] for row in outbound.buttons for button in row)
    return max((int(revision) for revision in taps if revision.isdigit()), default=0)


async def release_leases(conn: AsyncConnection) -> None:
    """Free every lease: only for the embedded database at start, when no other process can be sending."""
    await conn.execute(update(outbox).values(lease_until=None))


async def forget_old(conn: AsyncConnection, channel: str, before: datetime) -> int:
    """Drop what one channel's people never came back for."""
    return (await conn.execute(delete(outbox).where(outbox.c.channel == channel, outbox.c.due < before))).rowcount


async def forget_channel(conn: AsyncConnection, channel: str) -> None:
    """Drop everything of a channel that nobody reads (synthetic workers)."""
    await conn.execute(delete(outbox).where(outbox.c.channel == channel))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages of a channel wait, and since when the oldest does."""

    count: int
    oldest: datetime


async def state(conn: AsyncConnection, before: datetime) -> dict[str, Waiting]:
    """What waits to be sent before a moment, by channel."""
    by = select(outbox.c.channel, func.count(), func.min(outbox.c.due)).where(outbox.c.due < before)
    rows = await conn.execute(by.group_by(outbox.c.channel))
    return {channel: Waiting(count, oldest) for channel, count, oldest in rows.all()}


async def depth(conn: AsyncConnection) -> dict[str, int]:
    """How many messages wait, by channel."""
    rows = await conn.execute(select(outbox.c.channel, func.count()).group_by(outbox.c.channel))
    return {row[0]: row[1] for row in rows}
