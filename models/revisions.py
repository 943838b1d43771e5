"""The number of somebody's screens tells which way a questionnaire that branches led them: evened out after a release.

It goes on from a number of the period, the same for all of whom something was released in it, and never goes back, so
that a tap on an old screen stays old.
"""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models.participation import PENDING, participation
from models.people import person

SCREENS = 1000  # more than anybody looks at within one period
EPOCH = 2000


async def even_out(conn: AsyncConnection, current: str) -> None:
    """Even out what was released, or withheld, in all periods before the current one.

    To be called in a transaction of its own, after that of the release, which people who are writing may wait for. May
    be repeated.
    """
    its = participation.c
    done = (its.state != PENDING, its.period < current)
    for period in (await conn.execute(select(its.period).where(*done).distinct())).scalars().all():
        those = select(its.person_id).where(its.state != PENDING, its.period == period)
        behind = person.c.revision < first(period)
        await conn.execute(update(person).where(behind, person.c.id.in_(those)).values(revision=first(period)))


def first(period: str) -> int:
    """The number from which people go on of whom something was released in a period."""
    year, _, month = period.partition("-")
    return ((int(year) - EPOCH) * 12 + int(month)) * SCREENS
