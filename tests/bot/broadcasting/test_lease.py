"""A sender that was taken for dead marks and settles nothing more; nobody is written to by both."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.broadcasting.office import NAME, Lost, Office
from bot.lease import Term
from models import leases, recipients
from models.broadcasts import FINISHED
from models.database import Connection
from tests.bot.broadcasting.stage import Stage, Wire, stage
from tests.platforms.clock import soon


async def steal(on: Stage, conn: Connection) -> None:
    """Let the lease be another's, as after a long stillness of its holder."""
    await leases.drop_all(conn)
    assert await leases.take(conn, NAME, "two", on.at, timedelta(hours=1))


async def test_what_is_written_without_the_lease_is_not_written(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        office = Office(on.ground(), on.writer, Term())
        await on.do(lambda conn: steal(on, conn))
        with pytest.raises(Lost):
            await office.write(recipients.doubt_all)


async def test_two_senders_write_to_nobody_twice(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path, {"wire": 100.0}) as on:
        await on.join(range(1, 301))
        id, one, two = await on.approve(), Wire(slow=0.3), Wire()
        async with on.sending(one, holder="one"):
            await soon(lambda: len(one.took) > 30)
            await on.do(lambda conn: steal(on, conn))
            async with on.sending(two, holder="two"):
                await asyncio.sleep(1.0)
                stopped = len(one.asked)
                await on.until(id, FINISHED)
                assert len(one.asked) == stopped
        took = Counter([*one.took, *two.took])
        assert max(took.values()) == 1
        counted = await on.counts(id)
        # What the first had on its way was counted as unknown by the second, whatever became of it.
        assert counted.total() == 300
        assert set(counted) == {"sent", "unknown"}
        assert counted["sent"] <= len(took)
        assert 300 - len(took) <= counted["unknown"] <= 25 + 31
