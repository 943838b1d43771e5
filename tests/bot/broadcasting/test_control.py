"""A broadcast is paused, resumed and cancelled at any moment, and its figures add up to the people looked at."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.broadcasting.mail import Each
from bot.outcomes import Outcome, Sent, Throttled
from handlers.choosing import choose
from handlers.expansion import Expansion
from handlers.progress import Progress, progress
from models import broadcasts, departures, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import CANCELLED, FINISHED, PAUSED, RUNNING
from models.messages import Address, Outbound
from tests.bot.broadcasting.stage import WIRE, Stage, Wire, stage
from tests.platforms.clock import soon

MOMENTS = [
    pytest.param(0, 1200, id="before the first copy"),
    pytest.param(60, 1200, id="while people are looked at"),
    pytest.param(40, 60, id="in the last slices"),
]


async def paused(on: Stage, id: int) -> None:
    """Pause as an officer does, once it runs."""
    await on.until(id, RUNNING)
    await on.do(lambda conn: broadcasts.pause(conn, id, Act(on.at, "3")))


@pytest.mark.parametrize(("after", "people"), MOMENTS)
async def test_a_pause_holds_and_everybody_gets_it_after_all(
    engine: AsyncEngine, tmp_path: Path, after: int, people: int
) -> None:
    async with stage(engine, tmp_path, {WIRE: 400.0 if people > 100 else 60.0}) as on:
        await on.join(range(1, people + 1))
        id, wire = await on.approve(), Wire()
        async with on.sending(wire):
            await soon(lambda: len(wire.took) >= after)
            await paused(on, id)
            await asyncio.sleep(0.6)  # what was marked before is on its way
            took = len(wire.took)
            assert took <= after + 150
            await asyncio.sleep(0.5)
            assert len(wire.took) == took
            await on.do(lambda conn: broadcasts.resume(conn, id, Act(on.at, "3")))
            await on.until(id, FINISHED)
        assert sorted(wire.took) == sorted(f"u{id}" for id in range(1, people + 1))
        assert await on.counts(id) == {"sent": people}


@pytest.mark.parametrize("first_paused", [False, True], ids=["running", "paused"])
@pytest.mark.parametrize(("after", "people"), MOMENTS)
async def test_a_cancelled_one_ends_and_everybody_is_counted(
    engine: AsyncEngine, tmp_path: Path, after: int, people: int, first_paused: bool
) -> None:
    async with stage(engine, tmp_path, {WIRE: 400.0 if people > 100 else 60.0}) as on:
        await on.join(range(1, people + 1))
        id, wire = await on.approve(), Wire()
        async with on.sending(wire):
            await soon(lambda: len(wire.took) >= after)
            if first_paused:
                await paused(on, id)
            await on.do(lambda conn: broadcasts.cancel(conn, id, Act(on.at, "3")))
            async with asyncio.timeout(10):
                while (await on.counts(id)).total() < people and (await on.known(id)).started_at:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        counted = await on.counts(id)
        assert (await on.known(id)).status == CANCELLED
        assert counted["sent"] == len(wire.took) == len(set(wire.took))
        assert counted["sent"] <= after + 150
        if (await on.known(id)).started_at:
            assert counted == Counter(sent=len(wire.took), cancelled=people - len(wire.took))
        # What was not sent is no longer received: it counts for no cap.
        assert {f"u{person}" for person, _ in await on.had()} == set(wire.took)
        assert await on.left(id) == 0


async def test_a_copy_that_comes_back_after_a_cancel_is_cancelled(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 11))
        id, wire = await on.approve(), Wire(lambda _: Throttled(0.1), gate=asyncio.Event())
        async with on.sending(wire):
            await soon(lambda: wire.asked)
            await on.do(lambda conn: broadcasts.cancel(conn, id, Act(on.at, "3")))
            await asyncio.sleep(0.3)
            assert wire.gate is not None
            wire.gate.set()
            async with asyncio.timeout(10):
                while await on.left(id):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        assert await on.counts(id) == {"cancelled": 10}
        assert await on.had() == set()


async def test_what_is_not_sent_in_time_is_late(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 601))
        id = await on.approve(until=on.at + timedelta(hours=1))

        def does(user: str) -> Outcome:
            if len(wire.took) == 50:
                on.at += timedelta(hours=1)
            return Sent()

        wire = Wire(does)
        async with on.sending(wire):
            await on.until(id, FINISHED)
        counted = await on.counts(id)
        assert counted == {"sent": len(wire.took), "late": 600 - len(wire.took)}
        assert 50 < len(wire.took) <= 300
        assert len(await on.had()) == len(wire.took)


async def test_a_paused_one_whose_time_is_over_ends_by_the_clock(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path, {WIRE: 100.0}) as on:
        await on.join(range(1, 601))
        id, wire = await on.approve(until=on.at + timedelta(hours=1)), Wire()
        async with on.sending(wire):
            await soon(lambda: len(wire.took) >= 20)
            await paused(on, id)
            await asyncio.sleep(0.6)
            assert (await on.known(id)).status == PAUSED
            on.at += timedelta(hours=1)
            await on.until(id, FINISHED)
        assert await on.counts(id) == {"sent": len(wire.took), "late": 600 - len(wire.took)}
        assert await on.left(id) == 0
        assert {f"u{person}" for person, _ in await on.had()} == set(wire.took)


async def test_a_broken_seal_stops_it_before_anything_is_sent(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 11))
        id, wire = await on.approve(), Wire()
        await on.do(lambda conn: broadcasts.start(conn, id, on.at))
        table = posts.post_version
        await on.do(lambda conn: conn.execute(table.update().values(body=table.c.body + " ")))
        async with on.sending(wire):
            await on.until(id, PAUSED)
        assert (await on.known(id)).reason == "seal"
        assert wire.asked == []


class Odd(Wire):
    """A platform for which nothing can be made ready, through a bug of ours."""

    def ready(self, outbound: Outbound) -> Each:
        """Fail."""
        raise LookupError(outbound.title)


async def test_what_cannot_be_laid_out_stops_and_loses_nobody(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 11))
        id = await on.approve()
        async with on.sending(Odd()):
            await on.until(id, PAUSED)
        assert (await on.known(id)).reason == "fault wire LookupError"
        assert (await on.counts(id), await on.left(id)) == ({}, 10)


async def test_whoever_is_looked_for_is_whom_two_people_approved(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 301))
        await on.join(range(301, 311), topic="slogans")
        id, table = await on.approve(), broadcasts.broadcast
        await on.do(lambda conn: broadcasts.start(conn, id, on.at))
        page = Expansion(on.house).page
        await on.do(lambda conn: page(conn, id, on.at))
        other = Audience("slogans").canonical()
        await on.do(lambda conn: conn.execute(table.update().values(audience=other)))
        await on.do(lambda conn: page(conn, id, on.at))
        known = await on.known(id)
        assert (known.status, known.reason, await on.left(id)) == (PAUSED, "seal", 250)


async def look(on: Stage, id: int) -> Progress:
    """How far it is."""
    async with on.engine.begin() as conn:
        known = await broadcasts.find(conn, id)
        assert known is not None
        return await progress(conn, on.house, known, on.at)


async def test_who_leaves_meanwhile_does_not_shrink_the_whole(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 601))
        id, blocked = await on.approve(), range(1, 41)
        await on.do(lambda conn: broadcasts.start(conn, id, on.at))
        await on.do(lambda conn: Expansion(on.house).page(conn, id, on.at))
        for person in blocked:
            await on.do(partial(departures.leave, at=Address(WIRE, f"u{person}"), today="2020-01-06"))
        await on.do(lambda conn: choose(conn, on.house, WIRE, on.at, 40))
        found = await look(on, id)
        assert (found.became, found.waiting, found.ahead) == ({"left": 40}, {WIRE: 210}, {WIRE: 350})
        assert found.total == 600


async def test_one_that_was_cancelled_before_it_began_is_over(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join([1])
        id = await on.approve(start_at=on.at + timedelta(days=1))
        assert not (await look(on, id)).over
        await on.do(lambda conn: broadcasts.cancel(conn, id, Act(on.at, "3")))
        assert (await look(on, id)).over


async def test_words_that_change_after_the_copies_were_laid_out_are_not_sent(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 11))
        id, wire, table = await on.approve(), Wire(), posts.post_version
        await on.do(lambda conn: broadcasts.start(conn, id, on.at))
        await on.do(lambda conn: Expansion(on.house).page(conn, id, on.at))
        await on.do(lambda conn: conn.execute(table.update().values(body=table.c.body + " ")))
        async with on.sending(wire):
            await on.until(id, PAUSED)
        assert ((await on.known(id)).reason, wire.asked, await on.left(id)) == ("seal", [], 10)


async def test_a_clean_stop_leaves_nothing_in_doubt(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 401))
        id, first, second = await on.approve(), Wire(slow=0.1), Wire()
        async with on.sending(first):
            await soon(lambda: len(first.took) > 50)
        counted = await on.counts(id)
        assert counted == {"sent": len(first.took)}
        async with on.sending(second, holder="two"):
            await on.until(id, FINISHED)
        assert await on.counts(id) == {"sent": 400}
        assert not set(first.took) & set(second.took)
