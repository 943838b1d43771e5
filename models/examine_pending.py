"""Examines what waits, in one reading of the whole: sealed (G8), of people who agreed (G17), not settled (G3), and no
draft older than was promised (G18).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers, resealing
from models.answers import Tally
from models.finding import Finding, broken, counted, judged, people
from models.keys import KeyFault, Keys
from models.periods import is_period
from models.released import release_made
from models.shredding import past

SAMPLE = 200  # records that are unsealed, and forgotten at once


@dataclass(frozen=True, slots=True)
class Sealing:
    """The keys, the current period, that since which a draft must have been touched, and chance."""

    keys: Keys
    current: str
    drafts: str
    chance: Random


async def pending(conn: AsyncConnection, sealing: Sealing) -> list[Finding]:
    """Examine everything that waits."""
    found = await answers.tally(conn, sealing.drafts)
    return [
        await _sealed(conn, sealing, found),
        *broken(3, people(found.settled, "people are released and pending at once")),
        *broken(18, "drafts are kept longer than promised" if found.stale else ""),
        judged(17, [people(found.unasked, ALIEN)], "every pending record has an owner who agreed"),
    ]


ALIEN = "pending record(s) of people who are not known or never agreed"


async def _sealed(conn: AsyncConnection, sealing: Sealing, found: Tally) -> Finding:
    """Sealed in sizes that tell nothing, under keys that are there and no older than what they seal."""
    used = {*found.periods, *await resealing.periods(conn)}
    try:
        lost = [name for name in sorted(used) if not sealing.keys.alive(name)]
        unread = 0 if lost else await _unread(conn, sealing)
        late = await _late(conn, past(sealing.keys, sealing.current), used)
    except KeyFault as fault:
        return judged(8, [str(fault)], "")
    faults = [
        counted(len(lost), "period(s) have something sealed under a key that is destroyed or missing"),
        people(found.misshapen, "pending record(s) have a length that tells of them"),
        people(unread, "pending record(s), of those drawn by lot, are not sealed"),
        counted(late, "key(s) of a closed period are still there"),
    ]
    said = "what waits is sealed, in fixed sizes, under keys that are there; no key of a closed period is left"
    return judged(8, faults, said)


async def _unread(conn: AsyncConnection, sealing: Sealing) -> int:
    starts = (0, sealing.chance.randrange(2**62))
    return sum([await answers.unreadable(conn, sealing.keys, start, SAMPLE) for start in starts])


async def _late(conn: AsyncConnection, old: Iterable[str], used: set[str]) -> int:
    """A key goes once its period was released, or once nothing waits under it."""
    last = (await conn.execute(select(func.max(release_made.c.period)))).scalar() or ""
    return sum(name not in used or (is_period(name) and name <= last) for name in old)
