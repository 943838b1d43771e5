"""SIGKILL at random moments while posts go out: nothing stands twice, and what is not known to stand is in doubt."""

import asyncio
import random
import sys
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models import postings
from models.postings import SENT, UNKNOWN, WAITING
from tests.bot.outlet_house import Town, town
from tests.platforms.telegram import Fault

WORDS = "\n\n".join(f"Đoạn {n}. " + "chữ " * 200 for n in range(8))  # two messages
PLACES = [-1001 - n for n in range(12)]


async def life(here: Town, database: str, folder: Path, seconds: float) -> None:
    """Let a process post for a while, then kill it."""
    words = (database, here.telegram.base_url, str(folder))
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.outlet_child"), *words, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout
    assert await child.stdout.readline() == b"ready\n"
    await asyncio.sleep(seconds)
    child.kill()
    await child.wait()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_kills(engine: AsyncEngine, database_url: str, tmp_path: Path) -> None:
    chance = random.Random(136)
    async with town(engine, tmp_path) as here:
        here.clock.skip(-here.clock._skipped)  # the child lives by the real clock
        channels = [await here.place(id) for id in PLACES]
        id = await here.broadcast(*(f"telegram:{place}" for place in PLACES), text=WORDS)
        for begins in (0.0, 3.0, 0.0):  # some are on their way then, some are done
            for n in range(len(PLACES)):
                here.telegram.fail(Fault("sendMessage", slow=0.06 * n))
            await life(here, database_url, tmp_path, begins + chance.uniform(0.1, 0.6))
        here.telegram.faults.clear()
        await life(here, database_url, tmp_path, 7.0)
        states = {}
        async with engine.connect() as conn:
            for posting in await postings.of(conn, id):
                states[int(posting.outlet.removeprefix("telegram:"))] = posting
        for channel in channels:
            posting = states[channel.user]
            assert len(channel.history) == len(set(channel.history)), "nothing stands twice"
            assert posting.state in (SENT, UNKNOWN, WAITING)
            known = len(posting.external.split(",")) if posting.external else 0
            doubt = posting.state == UNKNOWN
            assert known <= len(channel.history) <= known + doubt
            assert posting.state != SENT or known == 2
        assert all(posting.state != WAITING for posting in states.values())
