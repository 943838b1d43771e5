"""When a platform may be asked again. After a rest one message asks for all: many at once would prolong it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.channels.backoff import prolonged
from bot.outcomes import Closed, Outcome, Throttled, Unknown
from models.rests import Rested

DOUBT = 120.0  # seconds


class Rest:
    """One channel's rest. `since` is when the first message in a row was not taken, None while the platform is well.

    A lost answer tells little: it counts for two minutes, since perhaps nothing is sent for long.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._until = 0.0
        self._shut = False
        self._gate = asyncio.Lock()
        self._since: datetime | None = None
        self._doubted = 0.0

    @property
    def since(self) -> datetime | None:
        """Since when nothing gets through; None while it does."""
        doubtful = self._shut or asyncio.get_running_loop().time() < self._doubted
        return self._since if doubtful else None

    @property
    def left(self) -> float:
        """The seconds for which nothing is sent."""
        return max(0.0, self._until - asyncio.get_running_loop().time())

    @property
    def shut(self) -> bool:
        """Whether the platform did not take the last message: after the rest one asks for all."""
        return self._shut

    def resume(self, rested: Rested) -> None:
        """Go on with a rest that began in an earlier life of this process."""
        left = (rested.until - self._now()).total_seconds()
        if left > 0:
            self._until, self._shut, self._since = asyncio.get_running_loop().time() + left, True, rested.since

    def rested(self) -> Rested | None:
        """Since when and until when, as a restart must know it; None while nothing rests."""
        return Rested(self.since, self._now() + timedelta(seconds=self.left)) if self.since and self.left else None

    async def over(self) -> None:
        """Return when something may be sent."""
        while self.left:  # noqa: ASYNC110 - it may be prolonged meanwhile
            await asyncio.sleep(self.left)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until a message may be sent; one at a time until the first that is taken."""
        await self.over()
        if self._shut:
            async with self._gate:
                await self.over()
                if self._shut:
                    yield
                    return
        yield

    def note(self, outcome: Outcome) -> None:
        """Learn from what became of a message."""
        time = asyncio.get_running_loop().time()
        match outcome:
            case Throttled(after):
                self._since = self.since or self._now()
                self._until, self._shut = max(self._until, time + prolonged(after)), True
            case Unknown():
                self._since = self.since or self._now()
                self._doubted = time + DOUBT
            case Closed():
                pass
            case _ if not self.left:
                self._shut, self._doubted, self._since = False, 0.0, None
