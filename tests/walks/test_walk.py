"""Many people walk both questionnaires at once, and everybody's record is exactly what they meant."""

import time
from pathlib import Path

import pytest

from tests.platforms.telegram import FakeTelegram
from tests.walks.crowd import crowd
from tests.walks.figures import quickness

SHORT = [("telegram webhook", 60), ("telegram polling", 60)]
SHORT += [("zalo-bot webhook", 12), ("zalo-bot polling", 12), ("zalo-oa", 12), ("zalo-oa and web", 6)]
LONG = [(way, 60 if way == "zalo-oa and web" else 300) for way, _ in SHORT]
SIZES = [pytest.param(*size, id=f"{size[0]}-{size[1]}") for size in SHORT]
SIZES += [pytest.param(*size, id=f"{size[0]}-{size[1]}", marks=pytest.mark.long) for size in LONG]


@pytest.mark.parametrize(("way", "people"), SIZES)
async def test_everybody_is_heard(tmp_path: Path, way: str, people: int) -> None:
    async with crowd(tmp_path, people, way) as all_of_them:
        world = all_of_them.world
        await all_of_them.product.start()
        began = time.perf_counter()
        await all_of_them.walk()
        seconds = time.perf_counter() - began
        waits = quickness([wait for walker in all_of_them.walkers for _, wait in walker.waits])
        print(f"{way}: {people} people, {world.steps} steps in {seconds:.1f} s; a screen after {waits}")
        assert await all_of_them.product.stop() == 0
        await all_of_them.check()
        assert not world.repeats
        platform = all_of_them.sides[0].platform
        if isinstance(platform, FakeTelegram):
            assert platform.chats.spinning() == 0
