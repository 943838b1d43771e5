"""Until when a platform takes a message without a bill, and what waits for a person who has not written for too long.

Such a message is held, not sent: an official one until the person writes again, a screen until then at most, since they
are shown a fresh one. After `HELD` it is dropped.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages import Address
from models.outbox import Letter, outbox

BILLED = timedelta(days=5)  # for so long after its window a message is taken against a bill; then not at all
HELD = timedelta(days=7)
SCREENS = "live"  # the lane of what answers a person

_ITS = outbox.c


async def limit(conn: AsyncConnection, letter: Letter, until: datetime) -> Letter:
    """Say until when a message just put may be sent without a bill."""
    await conn.execute(update(outbox).where(_ITS.id == letter.id).values(free_until=until))
    return replace(letter, free_until=until)


async def reopen(conn: AsyncConnection, to: Address, at: datetime, until: datetime) -> None:
    """Let what is held for a person who has just written be sent, but for the screens: these are dropped."""
    held = (_ITS.channel == to.channel, _ITS.user == to.user, _ITS.free_until <= at)
    await conn.execute(delete(outbox).where(*held, _ITS.lane == SCREENS))
    await conn.execute(update(outbox).where(*held).values(free_until=until, due=at, lease_until=None))


async def hold(conn: AsyncConnection, letter: Letter, at: datetime) -> None:
    """Keep a message for the person's next contact; drop it where it was held for as long as that is done."""
    its = _ITS.id == letter.id
    if letter.free_until is not None and letter.free_until + HELD <= at:
        await conn.execute(delete(outbox).where(its))
        return
    shut = min(letter.free_until or at, at)
    await conn.execute(update(outbox).where(its).values(free_until=shut, due=shut + HELD, lease_until=None))
