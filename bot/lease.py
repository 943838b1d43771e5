"""Runs a job in one process at a time: whoever holds the lease runs it, the others wait to take over."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.channel import Ground
from bot.outcomes import Unavailable
from models import leases

LASTS = timedelta(seconds=30)
RENEW_EVERY = 10.0


async def alone(ground: Ground, name: str, job: Callable[[], Awaitable[None]]) -> None:
    """Run the job whenever the lease is ours; ends with the job, raises what it raised."""
    ended = False
    while not ended:
        while not await _take(ground, name):  # noqa: ASYNC110 - another process gives no sign when it dies
            await asyncio.sleep(RENEW_EVERY)
        ended = await _held(ground, name, job)


async def _held(ground: Ground, name: str, job: Callable[[], Awaitable[None]]) -> bool:
    """Run the job; False when the lease was lost before it came to an end."""
    work = asyncio.ensure_future(job())
    try:
        while not work.done():
            await asyncio.wait([work], timeout=RENEW_EVERY)
            if not work.done() and not await _take(ground, name):
                return False
        work.result()
    finally:
        work.cancel()
        await asyncio.wait([work])
    return True


async def _take(ground: Ground, name: str) -> bool:
    try:
        return await ground.writer.write(
            lambda conn: leases.take(conn, name, ground.holder, ground.foundation.now(), LASTS)
        )
    except Unavailable:
        return False
