"""The broadcasts of a schedule of slogans: one for each occasion, all known by the same series."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import broadcasts
from models.audit import Act
from models.broadcasts import EDITABLE, Broadcast, broadcast
from models.posts import post_version

KIND = "slogans"
PHASE_OVER = "phase"  # the reason why the rest of a schedule is ended


async def locked(conn: AsyncConnection, series: str) -> list[Broadcast]:
    """The broadcasts of a series in the order of their moments, kept still until the transaction ends."""
    found = [await broadcasts.find(conn, each.id, lock=True) for each in await of(conn, series)]
    return [each for each in found if each]


async def of(conn: AsyncConnection, series: str) -> list[Broadcast]:
    """The broadcasts of a series in the order of their moments."""
    found = await broadcasts.of_series(conn, KIND, series)
    return sorted(found, key=lambda each: each.plan.start_at.timestamp() if each.plan.start_at else 0.0)


async def planned(conn: AsyncConnection, phase: str, since: datetime) -> list[int]:
    """The occasions of a phase from a moment on that have not begun."""
    its, words = broadcast.c, post_version.c
    sent = and_(words.post_id == its.post_id, words.number == its.version)
    waits = (its.kind == KIND, its.status.in_(EDITABLE), its.start_at >= since, words.phase == phase)
    return list((await conn.execute(select(its.id).join(post_version, sent).where(*waits).order_by(its.id))).scalars())


async def end_with_phase(conn: AsyncConnection, phase: str, closed: datetime, at: datetime) -> int:
    """End what the schedules of a phase still had from the moment on at which it closed; tells how many that were."""
    rest = await planned(conn, phase, closed)
    for id in rest:
        await broadcasts.cancel(conn, id, Act(at, "clock"), PHASE_OVER)
    return len(rest)
