"""What people want, when they sleep, and what they had: looked at when their turn comes."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.outcomes import Outcome, Sent
from handlers import erasing
from handlers.expansion import Expansion
from models import broadcasts, departures, merging, people, recipients, subscriptions, unit_tables
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import FINISHED
from models.database import Connection
from models.messages import Address
from tests.bot.broadcasting.stage import SECOND, WIRE, Stage, Wire, stage
from tests.platforms.clock import soon

LATE = datetime(2020, 1, 6, 14, 59, 50, tzinfo=UTC)  # ten seconds before 22:00 in Vietnam
MIDNIGHT = datetime(2020, 1, 6, 17, tzinfo=UTC)  # in Vietnam


async def send(on: Stage, wire: Wire, times: int = 1) -> list[int]:
    """Send some broadcasts, one after the other."""
    ids = []
    for _ in range(times):
        ids.append(await on.approve())
        async with on.sending(wire):
            await on.until(ids[-1], FINISHED)
    return ids


async def test_nobody_is_sent_more_than_three_a_day_and_five_a_week(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 6))
        wire = Wire()
        today = await send(on, wire, 4)
        assert [await on.counts(id) for id in today] == [{"sent": 5}, {"sent": 5}, {"sent": 5}, {"capped": 5}]
        on.at += timedelta(days=1)
        tomorrow = await send(on, wire, 3)
        assert [await on.counts(id) for id in tomorrow] == [{"sent": 5}, {"sent": 5}, {"capped": 5}]
        on.at += timedelta(days=5)  # the seventh day, the first among them
        assert await on.counts((await send(on, wire))[0]) == {"capped": 5}
        on.at += timedelta(days=1)
        assert await on.counts((await send(on, wire))[0]) == {"sent": 5}


async def test_a_day_of_the_caps_is_a_day_in_vietnam(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join([1])
        on.house.pack = on.house.pack.model_copy(
            update={"quiet": on.house.pack.quiet.model_copy(update={"since": 3, "until": 4})}
        )
        on.at, wire = MIDNIGHT - timedelta(minutes=1), Wire()
        await send(on, wire, 3)
        on.at = MIDNIGHT
        assert await on.counts((await send(on, wire))[0]) == {"sent": 1}


async def test_people_sleep_and_copies_of_the_evening_count_for_the_morning(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 201))

        def does(_user: str) -> Outcome:
            if len(wire.took) == 60:
                on.at = LATE + timedelta(seconds=11)
            return Sent()

        on.at, wire = LATE, Wire(does)
        id = await on.approve()
        async with on.sending(wire):
            await soon(lambda: len(wire.took) > 60)
            await asyncio.sleep(0.5)
            evening = len(wire.took)
            assert evening < 200
            for hours in (1, 5, 8.9):
                on.at = LATE + timedelta(hours=hours)
                await asyncio.sleep(0.3)
                assert len(wire.took) == evening
            # What waited since the evening is sent in the morning, and is of that day.
            on.at = LATE + timedelta(hours=9, minutes=1)
            await on.until(id, FINISHED)
        assert await on.counts(id) == {"sent": 200}
        assert len(set(wire.took)) == 200
        # Who had theirs in the morning has had one today; who had it in the evening none: three more fit, or two.
        wire.does = lambda _: Sent()
        ids = await send(on, wire, 3)
        sent = [(await on.counts(id))["sent"] for id in ids]
        assert sent == [200, 200, evening]


async def test_frozen_leaves_out_who_came_later_and_open_does_not(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 6))
        frozen, open = await on.approve(), await on.approve(frozen=False)
        on.at += timedelta(minutes=1)
        await on.join([6], topic="")
        await on.do(lambda conn: subscriptions.choose(conn, 6, "news", True, on.at))
        async with on.sending(Wire()):
            await on.until(frozen, FINISHED)
            await on.until(open, FINISHED)
        assert await on.counts(frozen) == {"sent": 5}
        assert await on.counts(open) == {"sent": 6}


async def leave(on: Stage, conn: Connection) -> None:
    """Four people change their minds: one unsubscribes, one blocks us, one is erased, one had no consent left."""
    await subscriptions.choose(conn, 101, "news", False, on.at)
    await departures.leave(conn, Address(WIRE, "u102"), "2020-01-06")
    await erasing.erase(conn, 103, on.at)
    await conn.execute(people.person.update().where(people.person.c.id == 104).values(consent_version=None))


async def test_who_left_while_their_copy_waited_gets_none(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 201))
        id, wire = await on.approve(), Wire(gate=asyncio.Event())
        async with on.sending(wire):
            await soon(lambda: wire.asked)
            await on.do(lambda conn: leave(on, conn))
            assert wire.gate is not None
            wire.gate.set()
            await on.until(id, FINISHED)
        assert not {"u101", "u102", "u103", "u104"} & set(wire.asked)
        assert await on.counts(id) == {"sent": 196, "left": 4}
        assert {person for person, _ in await on.had()} == set(range(1, 201)) - {101, 102, 103, 104}


async def join_records(on: Stage, pairs: Sequence[tuple[int, int]], conn: Connection) -> None:
    """Let the first of each pair give way to the second, as /link does."""
    for old, new in pairs:
        await merging.give_way(conn, on.house.keys, "2020-01", old, new)
        for at in await people.addresses(conn, old):
            await people.move_address(conn, at, new)
        await erasing.erase(conn, old, on.at)


SENT_OR_WAITING = [(1, 245), (246, 2), (247, 248), (1047, 3), (249, 1048), (4, 1049), (1050, 250)]
LOOKED_AT_OR_NOT = [(1, 1001), (1002, 2), (1003, 1004)]


@pytest.mark.parametrize("pairs", [SENT_OR_WAITING, LOOKED_AT_OR_NOT], ids=["sent or waiting", "looked at or not"])
async def test_two_records_that_are_joined_meanwhile_are_one_person(
    engine: AsyncEngine, tmp_path: Path, pairs: list[tuple[int, int]]
) -> None:
    async with stage(engine, tmp_path, {WIRE: 100.0, SECOND: 25.0}) as on:
        await on.join(range(1, 251))
        await on.join(range(1001, 1051), channel=SECOND)
        id, wire, other = await on.approve(), Wire(), Wire()
        if pairs == LOOKED_AT_OR_NOT:
            await on.do(lambda conn: broadcasts.start(conn, id, on.at))
            await on.do(lambda conn: Expansion(on.house).page(conn, id, on.at))
            await on.do(lambda conn: join_records(on, pairs, conn))
        async with on.sending(wire, other):
            await soon(lambda: len(wire.took) >= 20)
            if pairs == SENT_OR_WAITING:
                await on.do(lambda conn: broadcasts.pause(conn, id, Act(on.at, "3")))
                await asyncio.sleep(0.6)  # so that nothing is on its way
                await on.do(lambda conn: join_records(on, pairs, conn))
                await on.do(lambda conn: broadcasts.resume(conn, id, Act(on.at, "3")))
            await on.until(id, FINISHED)
        took = [*wire.took, *other.took]
        assert len(took) == len(set(took))
        for old, new in pairs:
            assert len({f"u{old}", f"u{new}"} & set(took)) == 1, (old, new)
        counted = await on.counts(id)
        assert counted["sent"] == len(took) == 300 - len(pairs)
        # One record of each pair was counted as having left, or having its copy, unless it was never looked at.
        assert 300 - len(pairs) <= counted.total() <= 300
        assert set(counted) <= {"sent", "left", "already"}


async def laid_out(on: Stage, times: int = 1) -> list[int]:
    """Begin some broadcasts whose copies wait."""
    ids = [await on.approve() for _ in range(times)]
    for id in ids:
        await on.do(partial(broadcasts.start, id=id, at=on.at))
        await on.do(partial(Expansion(on.house).page, id=id, at=on.at))
    return ids


async def sent_of(on: Stage, ids: Sequence[int]) -> Counter[str]:
    """Send what waits, and add up what became of it."""
    async with on.sending(Wire(), Wire()):
        for id in ids:
            await on.until(id, FINISHED)
    return sum([await on.counts(id) for id in ids], Counter())


async def test_of_copies_that_waited_together_as_many_are_sent_as_may_be(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join([1, 2])
        evening = await laid_out(on, 3)
        on.at += timedelta(days=1)
        assert await sent_of(on, [*evening, *await laid_out(on)]) == {"sent": 6, "capped": 2}


async def test_two_records_that_are_joined_are_sent_no_more_than_one(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path, {WIRE: 400.0, SECOND: 100.0}) as on:
        await on.join([1])
        assert await sent_of(on, await laid_out(on, 3)) == {"sent": 3}
        await on.join([2], channel=SECOND)
        ids = await laid_out(on, 2)
        await on.do(lambda conn: join_records(on, [(1, 2)], conn))
        assert await sent_of(on, ids) == {"capped": 4}


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_of_two_copies_one_goes_also_when_the_other_is_begun_just_then(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    async with stage(engine, tmp_path, {WIRE: 400.0, SECOND: 100.0}) as on:
        await on.join([1])
        await on.join([2], channel=SECOND)
        (id,) = await laid_out(on)
        async with engine.begin() as conn:
            (begun,) = await recipients.find(conn, WIRE, on.at, 5)
            await recipients.mark(conn, [begun.id], trying=True)
            joining = asyncio.create_task(on.do(lambda conn: join_records(on, [(1, 2)], conn)))
            await asyncio.sleep(0.5)
        await joining
        async with engine.begin() as conn:
            assert await recipients.left_of(conn, id) == {WIRE: 1}


async def test_people_of_a_unit_that_ended_belong_to_its_heir(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join([1, 2], "a")
        await on.join([3], "e")
        await on.join([4], "b")
        span, unit = unit_tables.unit_span, unit_tables.unit
        ended = datetime(2020, 1, 5, tzinfo=UTC).date()
        on.at -= timedelta(days=2)
        before = await on.approve(Audience("news", "a"), start_at=on.at + timedelta(days=2))
        on.at += timedelta(days=2)
        await on.do(lambda conn: conn.execute(span.update().where(span.c.unit_id == "a").values(valid_to=ended)))
        await on.do(lambda conn: conn.execute(unit.update().where(unit.c.id == "a").values(successor_id="e")))
        heir, wire = await on.approve(Audience("news", "e")), Wire()
        async with on.sending(wire):
            await on.until(before, FINISHED)
            await on.until(heir, FINISHED)
        # The heir's people were not among those for whom it was approved.
        assert await on.counts(before) == {"sent": 2}
        assert await on.counts(heir) == {"sent": 3}
