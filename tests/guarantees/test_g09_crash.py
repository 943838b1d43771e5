"""G9, crash: a death at any statement of a release, or of what follows it, leaves all waiting or all released.

And whatever was left half done is finished by doing the whole again, with the same outcome as if nobody had died.
"""

import asyncio
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.guarantees.closing import NEXT, Crowd, Found, close, fill, look

ROOT = Path(__file__).parents[2]
SMALL, LARGE = Crowd(), Crowd(together=120, few=3)
KILLS = 5


class Struck(Exception):
    """The power went out."""


class Death:
    """Comes before the n-th statement or commit of an engine; nothing can be done any more after that."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.at = self.seen = 0
        event.listen(engine.sync_engine, "before_cursor_execute", self._statement)
        event.listen(engine.sync_engine, "commit", self._commit)

    def strike(self, at: int) -> None:
        """Come at the n-th from now; 0 is never."""
        self.at, self.seen = at, 0

    def _statement(self, *_of: object) -> None:
        self.seen += 1
        if 0 < self.at <= self.seen:
            raise Struck

    def _commit(self, _conn: Connection) -> None:
        self._statement()


def waits(found: Found, crowd: Crowd) -> bool:
    """Nothing was published, and everybody's answer is there to be read by its owner."""
    everybody = Counter({("pending", True): crowd.together + crowd.few})
    return (found.stages, found.counts, found.releases) == (everybody, (), 0)


def released(found: Found, crowd: Crowd) -> bool:
    """All counts are complete, nothing is kept of those counted, and those who wait on can read theirs."""
    stages = Counter({("released", False): crowd.together, ("pending", True): crowd.few})
    answered = {n for _, _, option, n in found.counts if option in ("yes", "x", "y", "@answered")}
    return (found.stages, answered, found.releases) == (stages, {crowd.together}, 1)


async def test_a_death_at_any_statement_leaves_all_or_nothing(engine: AsyncEngine, tmp_path: Path) -> None:
    await fill(engine, tmp_path, SMALL)
    death = Death(engine)
    death.strike(0)
    assert await close(engine, tmp_path)
    statements, whole = death.seen, await look(engine, tmp_path, SMALL)
    assert released(whole, SMALL)
    assert (whole.draft, whole.messages, whole.keys) == (b"draft", SMALL.few, (NEXT,))
    seen: Counter[str] = Counter()
    for at in range(1, statements + 1):
        death.strike(0)
        await fill(engine, tmp_path, SMALL)
        death.strike(at)
        try:
            await close(engine, tmp_path)
        except Struck:
            seen["died"] += 1
        death.strike(0)
        await engine.dispose()
        found = await look(engine, tmp_path, SMALL)
        assert waits(found, SMALL) != released(found, SMALL), (at, found)
        assert found.draft == b"draft"
        seen["waits" if waits(found, SMALL) else "released"] += 1
        await close(engine, tmp_path)
        assert await look(engine, tmp_path, SMALL) == whole, at
    print(f"{statements} statements and commits: {dict(seen)}")
    assert seen["died"] == statements
    assert min(seen["waits"], seen["released"]) > 5


async def test_a_process_that_is_killed_leaves_all_or_nothing(
    engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    lots, ends = random.Random(9), Counter[str]()
    await fill(engine, tmp_path, LARGE)
    seconds = await asyncio.to_thread(_closed, database_url, tmp_path)
    whole = await look(engine, tmp_path, LARGE)
    assert released(whole, LARGE)
    for _ in range(KILLS):
        await fill(engine, tmp_path, LARGE)
        ended = await asyncio.to_thread(_closed, database_url, tmp_path, lots.uniform(0.0, seconds))
        found = await look(engine, tmp_path, LARGE)
        assert waits(found, LARGE) != released(found, LARGE), found
        ends[f"{'waits' if waits(found, LARGE) else 'released'}, {'killed' if ended < 0 else 'through'}"] += 1
        await close(engine, tmp_path)
        assert await look(engine, tmp_path, LARGE) == whole
    print(f"{KILLS} kills within {seconds:.2f} s: {dict(ends)}")


def _closed(url: str, folder: Path, kill_after: float = -1.0) -> float:
    """Close in a process of its own; gives the seconds it took, less than 0 where it was killed before the end."""
    command = [sys.executable, "-m", "tests.guarantees.closing", url, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        began = time.perf_counter()
        if kill_after >= 0:
            time.sleep(kill_after)
            process.kill()
        ended = process.stdout.readline() == "done\n"
        taken = time.perf_counter() - began
    return taken if ended else -1.0
