"""The clock as a channel: dates come in like messages, with ids that say "once". Nothing can be said to it."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.outcomes import Unavailable
from models.messages import Inbound

log = logging.getLogger(__name__)

EVERY = 30.0


class ClockChannel:
    """Brings what is due, now and every half minute.

    `after` runs when something new may have happened, and again until it says that nothing is left to do.
    """

    def __init__(
        self,
        due: Callable[[datetime], Awaitable[list[Inbound]]],
        now: Callable[[], datetime],
        after: Callable[[], Awaitable[bool]],
    ) -> None:
        self._due = due
        self._now = now
        self._after = after
        self._brought: set[str] = set()
        self._left = False

    @property
    def counts(self) -> Counter[str]:
        """How many dates this process has brought."""
        return Counter({"brought": len(self._brought)})

    async def listen(self, receive: Callable[[Inbound], Awaitable[None]]) -> None:
        """Bring dates until cancelled."""
        while True:
            try:
                await self.bring(receive)
            except Unavailable:
                log.warning("the database is away; the calendar waits")
            await asyncio.sleep(EVERY)

    async def bring(self, receive: Callable[[Inbound], Awaitable[None]]) -> None:
        """Bring everything that is due and was not brought by this process before."""
        fresh = [inbound for inbound in await self._due(self._now()) if inbound.id not in self._brought]
        for inbound in fresh:
            await receive(inbound)
            self._brought.add(inbound.id)
        if fresh or self._left:
            self._left = False  # a fault of ours in it is told once, and not again every second
            try:
                self._left = not await self._after()
            except Unavailable:
                self._left = True
                raise
