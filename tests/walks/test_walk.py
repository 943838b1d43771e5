"""Many people walk both questionnaires at once, and everybody's record is exactly what they meant."""

import time
from pathlib import Path

import pytest

from tests.walks.crowd import crowd

MODES = pytest.mark.parametrize("mode", ["webhook", "polling"])
PEOPLE = [pytest.param(60, id="60"), pytest.param(300, id="300", marks=pytest.mark.long)]


@MODES
@pytest.mark.parametrize("people", PEOPLE)
async def test_everybody_is_heard(tmp_path: Path, mode: str, people: int) -> None:
    async with crowd(tmp_path, people, mode) as all_of_them:
        await all_of_them.product.start()
        began = time.perf_counter()
        await all_of_them.walk()
        seconds = time.perf_counter() - began
        print(f"{mode}: {people} people, {all_of_them.world.steps} steps in {seconds:.1f} s")
        assert await all_of_them.product.stop() == 0
        await all_of_them.check()
        assert not all_of_them.world.repeats
        assert all_of_them.world.platform.chats.spinning() == 0
