"""What still waits to be sent when a period has closed: sealed anew, so that the period's key can be destroyed.

Screens to people of whom something was released are dropped instead: they may repeat what nobody may tie to them any
more. Whoever comes back is shown the screen of the day; what is in a channel's hands just now arrives all the same.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import bodies
from models.keys import KeyLost, Keys
from models.messages import Address
from models.outbox import PAGE, outbox, settle
from models.participation import PENDING, participation
from models.people import address
from models.periods import is_past

_ITS = outbox.c
_OWNER = (address.c.channel == _ITS.channel, address.c.user == _ITS.user)
_RELEASED = (participation.c.person_id == address.c.person_id, participation.c.state != PENDING)
_ANSWERED = exists().where(*_OWNER, *_RELEASED).correlate(outbox)
_RENEW = update(outbox).where(_ITS.id == bindparam("at")).values(period=bindparam("current"), sealed=bindparam("anew"))


async def hold_still(conn: AsyncConnection) -> None:
    """Let nobody put or settle anything until this transaction ends. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        await conn.execute(text("LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE"))


async def periods(conn: AsyncConnection) -> list[str]:
    """Name the periods under whose keys something waits to be sent, in order."""
    return list((await conn.execute(select(_ITS.period).distinct().order_by(_ITS.period))).scalars())


async def rekey(conn: AsyncConnection, keys: Keys, current: str) -> None:
    """Seal what waits from earlier periods under the key of the current one, and drop what nobody can read.

    Released people's screens are dropped, too. To be called in a transaction of its own; may be repeated.
    """
    await hold_still(conn)
    past = [name for name in await periods(conn) if is_past(name, current)]
    if not past:
        return
    earlier, last = _ITS.period.in_(past), 0
    await conn.execute(delete(outbox).where(earlier, _ITS.lane == "live", _ANSWERED))
    page = select(_ITS.id, _ITS.channel, _ITS.user, _ITS.period, _ITS.sealed).where(earlier).order_by(_ITS.id)
    while rows := (await conn.execute(page.where(_ITS.id > last).limit(PAGE))).all():
        last = rows[-1].id
        await _renew(conn, keys, rows, current)


async def _renew(conn: AsyncConnection, keys: Keys, rows: Sequence[Any], current: str) -> None:
    anew: list[dict[str, object]] = []
    lost: list[int] = []
    for id, channel, user, period, sealed in rows:
        try:
            outbound = bodies.unseal(keys, period, sealed, Address(channel, user))
        except KeyLost:
            lost.append(id)
        else:
            anew.append({"at": id, "current": current, "anew": bodies.seal(keys, current, outbound)})
    await settle(conn, lost)
    if anew:
        await conn.execute(_RENEW, anew)


async def lost(conn: AsyncConnection, keys: Keys) -> list[str]:
    """Name the periods whose messages can never be read again, because their key is not in the key file."""
    return [name for name in await periods(conn) if not keys.alive(name)]


async def drop_lost(conn: AsyncConnection, names: Sequence[str]) -> None:
    """Drop what waits under keys that are lost for good."""
    await conn.execute(delete(outbox).where(_ITS.period.in_(names)))
