"""One release with all that follows it, in a process of its own: `python -m bot.bench.releasing FOLDER [DATABASE]`.

Prints one line of JSON: seconds by stage, those for which each transaction held the writer's lock, and memory.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from bot.after import after_release
from bot.bench.federation import PERIOD, QUESTIONNAIRE, open_house
from bot.bench.machine import peak_mb, size_mb
from bot.writer import Writer
from handlers import calendar
from models.database import Connection
from models.messages import Inbound
from models.periods import closes, next_period

T = TypeVar("T")


@dataclass(slots=True)
class Spent:
    """Seconds of a release, of what follows, of the processor, of each transaction; MB at most, before, of the log."""

    release: float = 0.0
    after: float = 0.0
    cpu: float = 0.0
    locked: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    idle_mb: float = 0.0
    wal_mb: float = 0.0


class Timed(Writer):
    """A writer that notes how long each piece of work kept its transaction."""

    def __init__(self, inner: Writer, noted: list[float]) -> None:
        """Write through another writer."""
        self._inner, self._noted = inner, noted

    async def write(self, work: Callable[[Connection], Awaitable[T]], key: str = "") -> T:
        """Write and note the seconds."""
        began = time.perf_counter()
        done = await self._inner.write(work, key)
        self._noted.append(time.perf_counter() - began)
        return done


async def released(folder: Path, database: str = "") -> Spent:
    """Release the period of a filled house as the clock does."""
    foundation, spent = await open_house(folder, database), Spent(idle_mb=peak_mb())
    house = foundation.house
    close = closes(PERIOD, house.pack.period_close_day)
    due = f"release:{QUESTIONNAIRE}:{PERIOD}"
    inbound = Inbound(id=due, sender=calendar.SENDER, at=close, text=due)
    inner = Writer(foundation.engine)
    inner.start()
    writer = Timed(inner, spent.locked)
    began = time.perf_counter()
    await writer.write(lambda conn: calendar.attend(conn, house, inbound))
    spent.release = time.perf_counter() - began
    spent.wal_mb = size_mb(folder, "*-wal")
    began = time.perf_counter()
    await after_release(foundation, writer, next_period(PERIOD))
    spent.after = time.perf_counter() - began
    await inner.close()
    await foundation.close()
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent.cpu, spent.peak_mb = used.ru_utime + used.ru_stime, peak_mb()
    return spent


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(released(Path(sys.argv[1]), *sys.argv[2:])))))
