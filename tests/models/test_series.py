"""A schedule of slogans: its order, and what becomes of it when its phase closes."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audit, broadcasts, posts, series
from models.audiences import Audience
from models.broadcasts import CANCELLED, DRAFT, RUNNING, SCHEDULED, SUBMITTED, Plan
from models.posts import Written
from tests.models.test_broadcasts import APPROVER, AT, WRITER, sealed

DAY = timedelta(days=1)
SERIES = "a1b2"


async def slogan(conn: AsyncConnection, phase: str) -> int:
    body = f'"{phase}"'
    words = Written(body, sha256(body.encode()).hexdigest(), phase, "", "")
    return await posts.add(conn, words, WRITER, unit_id="u")


async def occasion(conn: AsyncConnection, post: int, days: int, status: str = SCHEDULED, kind: str = "slogans") -> int:
    plan = Plan(post, 1, Audience("slogans"), kind=kind, start_at=AT + days * DAY, series=SERIES)
    id = await broadcasts.draft(conn, plan, WRITER)
    if status in (SUBMITTED, SCHEDULED):
        await broadcasts.submit(conn, id, WRITER)
    if status == SCHEDULED:
        await broadcasts.approve(conn, id, await sealed(conn, id), APPROVER)
    return id


async def status(conn: AsyncConnection, id: int) -> str:
    known = await broadcasts.find(conn, id)
    assert known is not None
    return known.status


async def test_occasions_stand_in_the_order_of_their_moments(conn: AsyncConnection) -> None:
    post = await slogan(conn, "dot-1")
    later, sooner = await occasion(conn, post, 14), await occasion(conn, post, 7)
    assert [each.id for each in await series.of(conn, SERIES)] == [sooner, later]
    assert [each.id for each in await series.locked(conn, SERIES)] == [sooner, later]


async def test_the_close_of_a_phase_ends_what_its_schedules_still_had(conn: AsyncConnection) -> None:
    here, there = await slogan(conn, "dot-1"), await slogan(conn, "dot-2")
    before, after = await occasion(conn, here, 1), await occasion(conn, here, 3)
    unapproved, unsent = await occasion(conn, here, 4, SUBMITTED), await occasion(conn, here, 5, DRAFT)
    others = [await occasion(conn, there, 3), await occasion(conn, here, 3, kind="post")]
    assert await series.end_with_phase(conn, "dot-1", AT + 2 * DAY, AT + 2 * DAY) == 3
    assert [await status(conn, id) for id in (after, unapproved, unsent)] == [CANCELLED] * 3
    assert [await status(conn, id) for id in (before, *others)] == [SCHEDULED] * 3
    found = await broadcasts.find(conn, after)
    assert found is not None
    assert found.reason == series.PHASE_OVER
    told = select(audit.audit.c.detail).where(audit.audit.c.act == "cancel broadcast", audit.audit.c.actor == "clock")
    assert f"broadcast {after} phase" in set((await conn.execute(told)).scalars())
    assert await series.end_with_phase(conn, "dot-1", AT + 2 * DAY, AT + 3 * DAY) == 0


async def test_what_is_being_sent_when_its_phase_closes_goes_on(conn: AsyncConnection) -> None:
    id = await occasion(conn, await slogan(conn, "dot-1"), 1)
    await broadcasts.start(conn, id, AT + DAY)
    await series.end_with_phase(conn, "dot-1", AT, AT + DAY)
    assert await status(conn, id) == RUNNING
