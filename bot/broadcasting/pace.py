"""The pace of one channel: so many messages a second, evenly; a short delay is made up for, a long one never."""

import asyncio

BURST = 0.3  # seconds of delay that are made up for
GRAIN = 0.005  # seconds by which a message may come early: at a thousand a second, some go together


class Pace:
    """`rate` messages a second: in any `t` seconds at most `rate * (t + BURST + GRAIN)` get their turn, and one."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._next = 0.0

    async def turn(self) -> None:
        """Return when the next message may go."""
        time = asyncio.get_running_loop().time()
        if self._next < time - BURST:
            self._next = time
        if (wait := self._next - time) > GRAIN:
            await asyncio.sleep(wait)
        self._next += 1 / self.rate
