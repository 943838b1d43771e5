"""A product that is killed again and again loses nothing, doubles nothing, misfiles nothing and leaves nobody stuck."""

from pathlib import Path

import pytest

from tests.platforms.clock import Clock
from tests.walks.crowd import crowd
from tests.walks.kills import walk_through

FORMS = [pytest.param(16, 4, id="4"), pytest.param(60, 50, id="50", marks=pytest.mark.long)]


@pytest.mark.parametrize("mode", ["webhook", "polling"])
@pytest.mark.parametrize(("people", "kills"), FORMS)
async def test_kills_change_nothing(tmp_path: Path, mode: str, people: int, kills: int) -> None:
    # The platform's clock is hurried: it brings again what was not taken after 2, 4, 8 ... of its seconds.
    async with crowd(tmp_path, people, mode, Clock(5.0)) as all_of_them:
        # A tap lives 150 of them, and may grow old between the kills: then its person taps once more.
        all_of_them.world.patience, all_of_them.world.taps_again_after = 120.0, 35.0
        await all_of_them.product.start()
        figures = await walk_through(all_of_them, kills, seed=1)
        print(f"{mode}: {figures}")
        assert await all_of_them.product.stop() == 0
        await all_of_them.check()
        assert figures.worst <= 1
        assert all_of_them.world.again <= all_of_them.world.platform.updates.expired
