"""What all channels do with what they heard: hand it over in order, and stop waiting when the house closes."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from bot.outcomes import Unavailable
from models.messages import Inbound

LOG = logging.getLogger(__name__)

Receive = Callable[[Inbound], Awaitable[None]]


async def hand_over(said: Iterable[Inbound], receive: Receive, counts: Counter[str]) -> None:
    """Give what one person said to `receive`, in order; raises only Unavailable.

    `receive` parks its own failures. Should one escape, it is counted and passed by: it must not hold up the others.
    """
    for inbound in said:
        try:
            await receive(inbound)
        except Unavailable:
            raise
        except Exception as error:
            counts["failed"] += 1
            LOG.error("%s: what came in failed beyond receive: %s", inbound.sender.channel, type(error).__name__)


async def unless(sign: asyncio.Event, work: Awaitable[Any]) -> Any:
    """Give what the work gives, or None as soon as the sign comes; the work is given up then."""
    working, signalled = asyncio.ensure_future(work), asyncio.ensure_future(sign.wait())
    try:
        await asyncio.wait({working, signalled}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        signalled.cancel()
