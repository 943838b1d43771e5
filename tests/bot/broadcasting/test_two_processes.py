"""Two processes on one PostgreSQL: one sends, at the pace of one; when it dies the other goes on within ten seconds."""

import asyncio
import time
from pathlib import Path

import pytest

from models.broadcasts import FINISHED
from tests.bot.broadcasting.town import town
from tests.walks.product import Product

PACE = 60.0


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_dead_sender_is_followed(tmp_path: Path, database_url: str) -> None:
    async with town(tmp_path, 400, PACE, database_url) as on:
        first = on.product
        second = Product(first.folder, on.platform.base_url, DATABASE_URL=database_url)
        second.environment |= {name: first.environment[name] for name in ("CAMPAIGN", "TELEGRAM_PACE")}
        await first.start()
        id = await on.approve()
        try:
            await _until(lambda: on.shown > 20)  # before there is another, so that it is known who sends
            await second.start()
            await _until(lambda: on.shown > 100)
            await first.kill()
            died, took = time.monotonic(), on.shown
            await _until(lambda: on.shown > took + 1)
            followed = max(on.times[took + 1 :]) - died
            await on.until(id, FINISHED, 60.0)
            assert await second.stop() == 0
        finally:
            await second.close()
        counted, shown = await on.counts(id), [len(chat.history) for chat in on.chats]
        print(f"followed after {followed:.1f} s; {dict(counted)}, at most {on.fastest(3.0)} in three seconds")
        assert followed <= 10.0
        assert max(shown) == 1
        assert counted.total() == 400
        assert counted["sent"] <= sum(shown)
        assert counted["unknown"] <= 0.25 * 0.8 * PACE + 48
        assert on.fastest(3.0) <= 3 * 1.35 * 0.8 * PACE


async def _until(so: object) -> None:
    assert callable(so)
    async with asyncio.timeout(40):
        while not so():  # noqa: ASYNC110 - the platform rings no bell
            await asyncio.sleep(0.01)
