"""The one place that opens transactions for what comes in. Work that waits together is committed together.

A commit that survives a power cut costs a flush of the disk, however much is in it: so all work that is waiting goes
into one transaction. If any of it fails, nothing of that transaction happened, and each piece is tried again alone, so
that one bad message costs the others nothing but time. Work must therefore touch nothing but the database.

Channels take turns: however much waits on one of them, each transaction takes some of every channel's.
"""

import asyncio
from collections import deque
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


_Turns = dict[str, list[_Job]]


class _Lane:
    """Work that waits for one transaction after another, by channel."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[_Job]] = {}
        self._news = asyncio.Event()
        self._closed = False

    def put(self, channel: str, job: _Job) -> None:
        self._waiting.setdefault(channel, deque()).append(job)
        self._news.set()

    def close(self) -> None:
        self._closed = True
        self._news.set()

    async def take(self) -> _Turns:
        """Give the work of the next transaction; nothing when the lane is closed and empty."""
        while not self._waiting and not self._closed:
            self._news.clear()
            await self._news.wait()
        taken: _Turns = {}
        for _ in range(MOST):
            if not self._waiting:
                break
            channel = next(iter(self._waiting))
            queue = self._waiting.pop(channel)
            taken.setdefault(channel, []).append(queue.popleft())
            if queue:
                self._waiting[channel] = queue  # behind the others: it is their turn
        return taken


class Writer:
    """Runs work in transactions, in order for one `key`; `lanes` is how many transactions may be open at once.

    SQLite has one lane, since it has one writer. With more lanes the work of one key always takes the same lane. What
    stands before a colon in the key is the channel.
    """

    def __init__(self, engine: Engine, lanes: int = 1) -> None:
        self._engine = engine
        self._lanes = [_Lane() for _ in range(lanes)]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to take work."""
        self._tasks = [asyncio.create_task(self._run(lane)) for lane in self._lanes]

    async def close(self) -> None:
        """Finish all work that was handed in, then stop."""
        for lane in self._lanes:
            lane.close()
        await asyncio.gather(*self._tasks)

    async def write(self, work: Callable[[Connection], Awaitable[T]], key: str = "") -> T:
        """Run the work and return what it returned, once that is committed.

        Raises what the work raised, and Unavailable when the database could not be reached or written to.
        """
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._lanes[hash(key) % len(self._lanes)].put(key.partition(":")[0], job)
        result: T = await job.done
        return result

    async def _run(self, lane: "_Lane") -> None:
        while jobs := await lane.take():
            await self._together(jobs)

    async def _together(self, turns: "_Turns") -> None:
        """Commit all in one transaction; where that fails each channel's for itself, and then one by one."""
        jobs = [job for some in turns.values() for job in some]
        if len(jobs) == 1:
            await self._alone(jobs[0])
            return
        try:
            async with self._engine.begin() as conn:
                results = [await job.work(conn) for job in jobs]
        except Exception:  # whatever it was, it is found again and told to the one it belongs to
            await self._apart(turns)
            return
        for job, result in zip(jobs, results, strict=True):
            _tell(job, result)

    async def _apart(self, turns: "_Turns") -> None:
        for channel in sorted(turns, key=lambda channel: len(turns[channel])):
            if len(turns) > 1:
                await self._together({channel: turns[channel]})
                continue
            for job in turns[channel]:
                await self._alone(job)

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
