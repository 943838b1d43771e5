"""Addresses whose owners blocked us: marked on the day, unmarked when they come back, dropped after some time.

Who blocked us everywhere is subscribed to nothing any more: after a block nobody is written to who does not choose it
anew.
"""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import subscriptions
from models.messages import Address
from models.people import address

_ITS = address.c


async def leave(conn: AsyncConnection, at: Address, today: str) -> None:
    """Mark an address as left on a day (ISO); a mark that is there stays. The last one ends the subscriptions."""
    its = (_ITS.channel == at.channel, _ITS.user == at.user)
    await conn.execute(update(address).where(*its, _ITS.left_on.is_(None)).values(left_on=today))
    person_id = (await conn.execute(select(_ITS.person_id).where(*its))).scalar()
    if person_id is not None and not await _reached(conn, person_id):
        await subscriptions.stop_all(conn, person_id)


async def _reached(conn: AsyncConnection, person_id: int) -> bool:
    here = select(_ITS.user).where(_ITS.person_id == person_id, _ITS.left_on.is_(None)).limit(1)
    return (await conn.execute(here)).first() is not None


async def come_back(conn: AsyncConnection, at: Address) -> None:
    """Take the mark off."""
    await conn.execute(update(address).where(_ITS.channel == at.channel, _ITS.user == at.user).values(left_on=None))


async def left(conn: AsyncConnection, person_id: int) -> dict[Address, str]:
    """Give a person's marked addresses with their days (ISO)."""
    marked = select(_ITS.channel, _ITS.user, _ITS.left_on).where(_ITS.person_id == person_id, _ITS.left_on.is_not(None))
    rows = await conn.execute(marked.order_by(_ITS.channel, _ITS.user))
    return {Address(row.channel, row.user): row.left_on for row in rows}


async def due(conn: AsyncConnection, before: str) -> list[int]:
    """Name the people who left an address before a day (ISO)."""
    rows = await conn.execute(select(_ITS.person_id).where(_ITS.left_on < before).distinct().order_by(_ITS.person_id))
    return list(rows.scalars())


async def drop(conn: AsyncConnection, at: Address) -> None:
    """Erase an address."""
    await conn.execute(delete(address).where(_ITS.channel == at.channel, _ITS.user == at.user))
