"""Everybody in the audience gets one copy, or is counted for what else became of theirs."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.outcomes import Closed, Gone, Outcome, Refused, Sent, Throttled, Unknown
from models.audiences import Audience
from models.broadcasts import FINISHED, PAUSED
from models.postings import Tallied
from tests.bot.broadcasting.stage import SECOND, WIRE, Wire, stage
from tests.platforms.clock import soon


async def test_everybody_gets_one_copy_and_the_broadcast_ends(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 601))
        await on.join(range(601, 606), channel="")
        await on.join(range(606, 610), topic="slogans")
        id, wire = await on.approve(), Wire()
        async with on.sending(wire):
            await on.until(id, FINISHED)
        assert sorted(wire.took) == sorted(f"u{id}" for id in range(1, 601))
        assert await on.counts(id) == {"sent": 600, "unreachable": 5}
        assert await on.left(id) == 0
        assert await on.had() == {(person, id) for person in range(1, 601)}
        assert all("Mời anh chị đến dự." in text for text in wire.texts)


OUTCOMES: dict[int, Outcome] = {
    1: Gone(),
    2: Refused("the text is odd"),
    3: Unknown(),
    4: Closed(),
    5: Sent("1", ("0",)),
}


async def test_every_outcome_is_counted_for_what_it_is(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 8))
        id, wire = await on.approve(), Wire(lambda user: OUTCOMES.get(int(user[1:]), Sent()))
        async with on.sending(wire):
            await on.until(id, FINISHED)
        assert await on.tallied(id) == {
            Tallied(WIRE, "gone"): 1,
            Tallied(WIRE, "refused", "the text is odd"): 1,
            Tallied(WIRE, "unknown"): 1,
            Tallied(WIRE, "unreachable"): 1,
            Tallied(WIRE, "sent"): 3,
        }
        assert len(wire.asked) == 7
        # What may have arrived counts as received; what did not is forgotten.
        assert {person for person, _ in await on.had()} == {3, 5, 6, 7}
        # Whoever blocked us is written to no more, and what they subscribed to has ended.
        again = await on.approve()
        async with on.sending(wire):
            await on.until(again, FINISHED)
        assert wire.asked.count("u1") == 1
        assert (await on.counts(again)).total() == 6


async def test_who_is_put_off_waits_and_the_platform_rests(engine: AsyncEngine, tmp_path: Path) -> None:
    asked: set[str] = set()

    def does(user: str) -> Outcome:
        if user in ("u7", "u8") and user not in asked:
            asked.add(user)
            return Throttled(0.4)
        return Sent()

    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 101))
        id, wire = await on.approve(), Wire(does)
        async with on.sending(wire):
            await on.until(id, FINISHED)
        assert sorted(wire.took) == sorted(f"u{id}" for id in range(1, 101))
        assert await on.counts(id) == {"sent": 100}
        gaps = [later - earlier for earlier, later in zip(wire.times, wire.times[1:], strict=False)]
        assert max(gaps) >= 0.4


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Refused("the bot is odd"), "refused wire the bot is odd"),
        (Unknown(), "silent wire"),
        (Throttled(900.0), "rest wire 900"),
        (Gone(), "gone wire"),
    ],
    ids=["refused", "silent", "long rest", "nobody there"],
)
async def test_it_stops_by_itself(engine: AsyncEngine, tmp_path: Path, outcome: Outcome, reason: str) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 301))
        id, wire = await on.approve(), Wire(lambda _: outcome)
        async with on.sending(wire):
            await on.until(id, PAUSED)
        known = await on.known(id)
        assert known.reason == reason
        counted = await on.counts(id)
        assert counted.total() <= 30
        assert counted.total() + await on.left(id) in (250, 300)


async def test_one_in_two_refused_stops_it_too(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 601))
        lots = lambda user: Refused("odd") if int(user[1:]) % 5 < 3 else Sent()  # noqa: E731
        id, wire = await on.approve(), Wire(lots)
        async with on.sending(wire):
            await on.until(id, PAUSED)
        assert (await on.known(id)).reason == "refused wire odd"


async def test_each_language_gets_its_words_and_each_person_one_channel(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path, {WIRE: 400.0, SECOND: 100.0}) as on:
        await on.join(range(1, 51))
        await on.join(range(51, 71), channel=SECOND, lang="en")
        id, one, other = await on.approve(), Wire(), Wire()
        async with on.sending(one, other):
            await on.until(id, FINISHED)
        assert (len(one.took), len(other.took)) == (50, 20)
        assert all("You are invited." in text for text in other.texts)
        assert await on.tallied(id) == {Tallied(WIRE, "sent"): 50, Tallied(SECOND, "sent"): 20}


async def test_a_channel_that_rests_keeps_no_other_waiting(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path, {WIRE: 400.0, SECOND: 100.0}) as on:
        for first in range(1, 1201, 300):
            await on.join(range(first, first + 200), channel=SECOND)
            await on.join(range(first + 200, first + 300))
        id, one = await on.approve(), Wire()
        shut = Wire(lambda _: Throttled(60.0))
        async with on.sending(one, shut):
            await soon(lambda: len(one.took) == 400, 10)
        assert len(one.took) == 400
        assert await on.counts(id) == {"sent": 400}
        assert await on.left(id) == 800


async def test_the_audience_is_of_a_unit_and_those_below_or_of_a_kind(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join([1, 2], "a")
        await on.join([3, 4], "b")
        await on.join([5, 6], "e")
        await on.join([7], "d")
        await on.join([8], None)
        cases = {
            Audience("news", "d"): {1, 2, 3, 4, 7},
            Audience("news", "d", below=False): {7},
            Audience("news", "", kinds=("cdcs",)): {1, 2, 3, 4, 5, 6, 7},
            Audience("news", "", kinds=("tinh",)): set(),
        }
        for audience, members in cases.items():
            on.at += timedelta(days=8)
            id, wire = await on.approve(audience), Wire()
            async with on.sending(wire):
                await on.until(id, FINISHED)
            assert {int(user[1:]) for user in wire.took} == members
            assert await on.counts(id) == ({"sent": len(members)} if members else {})
