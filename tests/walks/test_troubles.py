"""Everything that goes wrong on the way to a person and back, all at once; and everybody is heard all the same."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.platforms.clock import Clock
from tests.platforms.telegram import RESTART_500, FakeTelegram, Fault, Phone
from tests.platforms.telegram_methods import Pace
from tests.walks.crowd import Crowd, crowd
from tests.walks.record import waiting
from tests.walks.world import World

GROUP = {"id": -5, "type": "supergroup", "title": "x"}
MALFORMED: list[dict[str, Any]] = [
    {},
    {"message": "x"},
    {"message": {"chat": {"id": "1000", "type": "private"}, "text": "x"}},
    {"message": {"chat": {"id": 1000, "type": "private"}, "text": {"x": 1}}},
    {"message": {"chat": GROUP, "text": "1"}},
    {"callback_query": {"id": 5, "data": []}},
    {"callback_query": {"id": "5", "data": "1.o:x"}},
    {"my_chat_member": {"chat": {"id": True, "type": "private"}, "new_chat_member": "kicked"}},
    {"poll_answer": {"poll_id": 1}},
]


def telegram_of(people: Crowd) -> FakeTelegram:
    """The platform that they all are on."""
    platform = people.sides[0].platform
    assert isinstance(platform, FakeTelegram)
    return platform


@asynccontextmanager
async def beside(people: Crowd) -> AsyncIterator[None]:
    """Let things go wrong while the crowd walks."""
    task = asyncio.create_task(_trouble(people.world, telegram_of(people)))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _trouble(world: World, platform: FakeTelegram) -> None:
    lots, last = random.Random(1), 0
    while True:
        await asyncio.sleep(0.1)
        platform.updates.put(lots.choice(MALFORMED), f"m{1000 + lots.randrange(20)}")
        if platform.delivery is not None:
            platform.delivery.again, platform.delivery.late = 0.2, 0.3
        if world.steps > last + 50:  # so that it never fails faster than it recovers
            last = world.steps
            lost, down = Fault("", lost=True), Fault("", 500, RESTART_500)
            platform.fail(lots.choice([lost, lost, lost, down]))


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_all_troubles_at_once(tmp_path: Path, mode: str) -> None:
    """Double taps, updates that come twice and late, malformed ones, lost answers, blocks."""
    async with crowd(tmp_path, 14, f"telegram {mode}", Clock(5.0)) as people:
        people.world.double, people.world.think = 0.2, 0.02
        for walker in people.walkers[::2]:
            walker.blocks = 2
        await people.product.start()
        async with beside(people):
            await people.walk()
        assert await people.product.stop() == 0
        await people.check()
        statuses = [asked.status for asked in telegram_of(people).asked]
        print(f"{mode}: {people.world.steps} steps, {statuses.count(403)} to people who had blocked, ", end="")
        print(f"{people.world.repeats.total()} messages twice, {statuses.count(400)} edits that changed nothing")
        assert statuses.count(403)


async def test_the_pace_of_the_platform_is_obeyed(tmp_path: Path) -> None:
    """Telegram's own pace, on a hurried clock: refusals with 429 delay, and lose nothing."""
    async with crowd(tmp_path, 3, "telegram webhook", Clock(4.0)) as people:
        telegram_of(people).methods.keep_pace(Pace())
        people.world.think = 0.1
        await people.product.start()
        await people.walk()
        assert await people.product.stop() == 0
        await people.check()
        refused = [asked for asked in telegram_of(people).asked if asked.status == 429]
        print(f"{people.world.steps} steps, {len(refused)} refused for their pace")
        assert refused
        assert not people.world.repeats


async def test_a_block_ends_everything_and_a_start_goes_on(tmp_path: Path) -> None:
    async with crowd(tmp_path, 1, "telegram webhook") as people:
        (walker,) = people.walkers
        platform = telegram_of(people)
        await people.product.start()
        await walker.begin()
        for _ in range(10):
            await walker.step()
        phone = walker.phone
        assert isinstance(phone, Phone)
        phone.say("/help")
        phone.block()
        while platform.updates.waiting() or await waiting(people.given):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
        asked = len(platform.asked)
        await asyncio.sleep(1.5)
        assert len(platform.asked) == asked, "somebody who blocked us is written to"
        phone.unblock()
        await walker.again()
        await walker.walk()
        assert await people.product.stop() == 0
        await people.check()


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_a_clean_stop_finishes_what_it_holds(tmp_path: Path, mode: str) -> None:
    async with crowd(tmp_path, 20, f"telegram {mode}") as people:
        await people.product.start()
        walk = asyncio.create_task(people.walk())
        for stop in range(2):
            while people.world.steps < 150 + 250 * stop:  # noqa: ASYNC110 - the crowd rings no bell
                await asyncio.sleep(0.01)
            assert await people.product.stop() == 0
            assert await waiting(people.given) == {}
            await people.product.start()
        await walk
        assert await people.product.stop() == 0
        await people.check()
        assert not people.world.repeats
