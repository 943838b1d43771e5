"""A platform's clock that a test can hurry: a day of retries passes while the test holds its breath."""

import asyncio
import contextlib
import time
from collections.abc import Callable


class Clock:
    """Real time times `speed`, plus what was skipped. Sleepers wake when time is skipped past them."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._began = time.time()
        self._counted = time.monotonic()
        self._skipped = 0.0
        self._jump = asyncio.Event()

    def now(self) -> float:
        """Give Unix seconds."""
        return self._began + self._skipped + (time.monotonic() - self._counted) * self.speed

    def skip(self, seconds: float) -> None:
        """Let that much time have passed."""
        self._skipped += seconds
        self._jump.set()
        self._jump = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Sleep until then on this clock."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._jump.wait(), left / self.speed)


class Bucket:
    """A pace: `rate` a second with `burst` at once."""

    def __init__(self, clock: Clock, rate: float, burst: float) -> None:
        self._clock = clock
        self._rate, self._burst = rate, burst
        self._left, self._at = burst, clock.now()

    def short_of(self) -> float:
        """Take one, or give the seconds until one can be had (0 when taken)."""
        now = self._clock.now()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._rate


async def soon(what: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait (in real seconds) until something is so; TimeoutError when it does not come."""
    for _ in range(int(seconds * 100)):
        if what():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("it did not come")
