"""A product that is killed again and again loses nothing, doubles nothing, misfiles nothing and leaves nobody stuck."""

from pathlib import Path

import pytest

from tests.platforms.clock import Clock
from tests.platforms.telegram import FakeTelegram
from tests.walks.crowd import crowd
from tests.walks.kills import walk_through

SHORT = [("telegram webhook", 16, 4), ("telegram polling", 16, 4)]
SHORT += [("zalo-bot webhook", 6, 3), ("zalo-bot polling", 6, 3), ("zalo-oa", 6, 3)]
SIZES = [pytest.param(*size, id=f"{size[0]}-{size[2]}") for size in SHORT]
SIZES += [pytest.param(way, 60, 50, id=f"{way}-50", marks=pytest.mark.long) for way, _, _ in SHORT]


@pytest.mark.parametrize(("way", "people", "kills"), SIZES)
async def test_kills_change_nothing(tmp_path: Path, way: str, people: int, kills: int) -> None:
    # The platform's clock is hurried: it brings again what was not taken after 2, 4, 8 ... of its seconds, and an
    # Official Account after 30, 300, 900.
    async with crowd(tmp_path, people, way, Clock(100.0 if way == "zalo-oa" else 5.0)) as all_of_them:
        world, (side,) = all_of_them.world, all_of_them.sides
        world.patience = 120.0
        if isinstance(side.platform, FakeTelegram):
            world.taps_again_after = 35.0  # a tap lives 150 of the clock's seconds, and may grow old between the kills
        if side.loses:
            # Zalo gives a poller each event once and asks for no receipt: what was in the product's hands when it was
            # killed is gone, and its person asks again. What is asserted is that nothing kept is lost or doubled.
            world.asks_after = 6.0 if kills < 10 else 20.0
        await all_of_them.product.start()
        figures = await walk_through(all_of_them, kills, seed=1)
        print(f"{way}: {figures}")
        assert await all_of_them.product.stop() == 0
        await all_of_them.check()
        assert figures.worst <= 1
        if isinstance(side.platform, FakeTelegram):
            assert world.again <= side.platform.updates.expired
