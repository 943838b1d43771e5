"""A sender that was taken for dead marks and settles nothing more; nobody is written to by both."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.broadcasting.layouts import Layouts
from bot.broadcasting.mail import Mail
from bot.broadcasting.office import NAME, Lost, Office
from bot.broadcasting.sender import Sender
from bot.lease import Term
from bot.outcomes import Unavailable
from bot.writer import Writer
from handlers.expansion import Expansion
from models import broadcasts, leases, recipients
from models.broadcasts import FINISHED
from models.database import Connection
from tests.bot.broadcasting.stage import WIRE, Stage, Wire, stage
from tests.platforms.clock import soon

T = TypeVar("T")


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
            surely = len(one.took)
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
        # In doubt are at most a slice that it had taken and not asked for, one not settled, and what it asked since.
        assert 300 - len(took) <= counted["unknown"] <= 25 + 25 + stopped - surely


class Deaf(Writer):
    """A writer that does not hear of two commits in which copies were marked."""

    unheard = 2

    async def write(self, work: Callable[[Connection], Awaitable[T]], key: str = "") -> T:
        """Do the work, and say that the database is away."""
        done = await super().write(work, key)
        if self.unheard and done and isinstance(done, list):
            self.unheard -= 1
            raise Unavailable
        return done


async def test_what_is_marked_in_a_commit_that_was_not_heard_of_is_sent(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 201))
        id, wire, ground, deaf = await on.approve(), Wire(slow=0.1), on.ground(), Deaf(engine)
        await on.do(lambda conn: broadcasts.start(conn, id, on.at))
        await on.do(lambda conn: Expansion(on.house).page(conn, id, on.at))
        deaf.start()
        office = Office(ground, deaf, Term(), running=frozenset({id}))
        sender = Sender(office, Layouts(office), Mail(ground.delivery(WIRE, wire), wire.ready))
        sending = asyncio.create_task(sender.run())
        await soon(lambda: len(wire.took) == 200, 10)
        office.stopping = True
        await sending
        await deaf.close()
        assert await on.counts(id) == {"sent": 200}
        assert await on.left(id) == 0
        assert len(set(wire.took)) == 200
