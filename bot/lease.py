"""Runs a job in one process at a time: whoever holds the lease runs it, the others wait to take over."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.channel import Ground
from bot.outcomes import Unavailable
from models import leases


@dataclass(frozen=True, slots=True)
class Term:
    """For how long a lease lasts, and after how many seconds it is renewed, or asked for again."""

    lasts: timedelta = timedelta(seconds=30)
    every: float = 10.0


LONG = Term()


async def alone(ground: Ground, name: str, job: Callable[[], Awaitable[None]], term: Term = LONG) -> None:
    """Run the job whenever the lease is ours; ends with the job, raises what it raised."""
    ended = False
    while not ended:
        while not await _take(ground, name, term):  # noqa: ASYNC110 - another process gives no sign when it dies
            await asyncio.sleep(term.every)
        ended = await _held(ground, name, job, term)


async def _held(ground: Ground, name: str, job: Callable[[], Awaitable[None]], term: Term) -> bool:
    """Run the job; False when the lease was lost before it came to an end."""
    work = asyncio.ensure_future(job())
    loop, lasts = asyncio.get_running_loop(), term.lasts.total_seconds()
    ours = loop.time() + lasts
    try:
        while not work.done():
            await asyncio.wait([work], timeout=term.every)
            if work.done():
                break
            asked, taken = loop.time(), await _take(ground, name, term)
            ours = asked + lasts if taken else ours
            if taken is False or asked >= ours:
                return False
        work.result()
    finally:
        work.cancel()
        await asyncio.wait([work])
    return True


async def _take(ground: Ground, name: str, term: Term) -> bool | None:
    """Take or renew the lease; None while the database cannot be asked: nobody else takes it there either."""
    try:
        return await ground.writer.write(
            lambda conn: leases.take(conn, name, ground.holder, ground.foundation.now(), term.lasts)
        )
    except Unavailable:
        return None
