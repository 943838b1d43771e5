"""A product that is killed again and again while it sends writes to nobody twice, and its figures stay true."""

import asyncio
import random
from pathlib import Path

import pytest

from models.broadcasts import FINISHED
from tests.bot.broadcasting.town import Town, town

SIZES = [
    pytest.param(300, 3, 120.0, id="300"),
    pytest.param(20_000, 50, 200.0, id="20000", marks=pytest.mark.long),
]


@pytest.mark.parametrize(("people", "kills", "pace"), SIZES)
async def test_everybody_once_or_unknown(tmp_path: Path, people: int, kills: int, pace: float) -> None:
    async with town(tmp_path, people, pace) as on:
        id = await on.approve()
        await on.product.start()
        await _killed(on, people, kills)
        await on.until(id, FINISHED, 60 + 2 * people / pace)
        assert await on.product.stop() == 0
        counted = await on.counts(id)
        shown = [len(chat.history) for chat in on.chats]
        print(f"{people} people, {kills} kills: {dict(counted)}, {sum(shown)} messages")
        assert max(shown) == 1
        assert counted.total() == people
        assert set(counted) <= {"sent", "unknown"}
        # All that was counted as sent is there; what else is there, or is not, was counted as unknown.
        assert counted["sent"] <= sum(shown) <= people
        # What a death leaves in doubt is a slice of a quarter of a second, and what was on its way.
        assert counted["unknown"] <= kills * (0.25 * 0.8 * pace + 100)
        assert on.fastest(3.0) <= 3 * 1.35 * 0.8 * pace
        assert not [each for each in on.platform.complaints if "getUpdates: 409" not in each]
        assert "Traceback" not in on.product.output


async def _killed(on: Town, people: int, kills: int) -> None:
    lots = random.Random(1)
    for moment in sorted(lots.sample(range(people * 3 // 5), kills)):  # some are unknown, and are not shown
        async with asyncio.timeout(60):
            while on.shown < moment:  # noqa: ASYNC110 - the platform rings no bell
                await asyncio.sleep(0.005)
        await asyncio.sleep(lots.uniform(0.0, 0.4))
        await on.product.kill()
        if lots.random() < 0.2:
            await on.product.start(ready=False)
            await asyncio.sleep(lots.uniform(0.0, 2.0))
            await on.product.kill()
        await on.product.start()
