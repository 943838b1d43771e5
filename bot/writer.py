"""The one place that opens transactions for what comes in. Work that waits together is committed together.

A commit that survives a power cut costs a flush of the disk, however much is in it: so all work that is waiting goes
into one transaction. If any of it fails, nothing of that transaction happened, and each piece is tried again alone, so
that one bad message costs the others nothing but time. Work must therefore touch nothing but the database.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.outcomes import Unavailable
from models.database import Connection, Engine, is_down, is_passing

T = TypeVar("T")
MOST = 64
TRIES = 3


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Awaitable[Any]]
    done: asyncio.Future[Any]


class Writer:
    """Runs work in transactions, in order for one `key`; `lanes` is how many transactions may be open at once.

    SQLite has one lane, since it has one writer. With more lanes the work of one key always takes the same lane.
    """

    def __init__(self, engine: Engine, lanes: int = 1) -> None:
        self._engine = engine
        self._lanes: list[asyncio.Queue[_Job | None]] = [asyncio.Queue() for _ in range(lanes)]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to take work."""
        self._tasks = [asyncio.create_task(self._run(lane)) for lane in self._lanes]

    async def close(self) -> None:
        """Finish all work that was handed in, then stop."""
        for lane in self._lanes:
            lane.put_nowait(None)
        await asyncio.gather(*self._tasks)

    async def write(self, work: Callable[[Connection], Awaitable[T]], key: str = "") -> T:
        """Run the work and return what it returned, once that is committed.

        Raises what the work raised, and Unavailable when the database could not be reached or written to.
        """
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._lanes[hash(key) % len(self._lanes)].put_nowait(job)
        result: T = await job.done
        return result

    async def _run(self, lane: asyncio.Queue[_Job | None]) -> None:
        going = True
        while going:
            jobs, going = _drain([await lane.get()], lane)
            if len(jobs) > 1:
                await self._together(jobs)
            elif jobs:
                await self._alone(jobs[0])

    async def _together(self, jobs: list[_Job]) -> None:
        try:
            async with self._engine.begin() as conn:
                results = [await job.work(conn) for job in jobs]
        except Exception:  # whatever it was, it is found again and told to the one it belongs to
            for job in jobs:
                await self._alone(job)
            return
        for job, result in zip(jobs, results, strict=True):
            _tell(job, result)

    async def _alone(self, job: _Job) -> None:
        for left in reversed(range(TRIES)):
            try:
                async with self._engine.begin() as conn:
                    result = await job.work(conn)
            except Exception as error:  # told to whoever waits for it
                if left and is_passing(error):
                    continue
                _tell_error(job, error)
            else:
                _tell(job, result)
            return


def _drain(first: list[_Job | None], lane: asyncio.Queue[_Job | None]) -> tuple[list[_Job], bool]:
    found = first
    while len(found) < MOST and not lane.empty():
        found.append(lane.get_nowait())
    jobs = [job for job in found if job is not None]
    return jobs, len(jobs) == len(found)


def _tell(job: _Job, result: Any) -> None:
    if not job.done.done():
        job.done.set_result(result)


def _tell_error(job: _Job, error: Exception) -> None:
    if job.done.done():
        return
    if is_down(error):
        job.done.set_exception(Unavailable(type(error).__name__))
    else:
        job.done.set_exception(error)
