"""A house that does nothing but keep what a channel hears."""

import asyncio

from bot.outcomes import Unavailable
from models.messages import Inbound


class House:
    """Keeps what is received, answers with a screen, and can be down or slow."""

    def __init__(self) -> None:
        self.kept: dict[str, Inbound] = {}
        self.came: list[str] = []
        self.down = 0
        self.slow = 0.0
        self.breaks_on = ""
        self._news = asyncio.Event()

    async def receive(self, inbound: Inbound) -> None:
        self.came.append(inbound.id)
        if self.down:
            self.down -= 1
            raise Unavailable
        await asyncio.sleep(self.slow)
        if self.breaks_on and inbound.text == self.breaks_on:
            raise RuntimeError("a bug")
        self.kept[inbound.id] = inbound
        self._news.set()

    @property
    def texts(self) -> list[str]:
        return [inbound.text or inbound.tap or inbound.start or "left" for inbound in self.kept.values()]

    async def holds(self, count: int, seconds: float = 5.0) -> None:
        async with asyncio.timeout(seconds):
            while len(self.kept) < count:
                self._news.clear()
                await self._news.wait()
