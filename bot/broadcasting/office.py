"""What the parts of the sending share: the house, the lease that each of their transactions proves, who runs."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.channel import Ground
from bot.lease import Term
from bot.writer import Writer
from handlers.house import House
from models import leases
from models.database import Connection

NAME = "broadcasts"
T = TypeVar("T")


class Lost(Exception):
    """The lease is somebody else's: what was to be written was not."""


@dataclass(slots=True)
class Office:
    """`running` are the broadcasts that go on; `stopping` says that nothing more is to be begun."""

    ground: Ground
    writer: Writer
    term: Term
    running: frozenset[int] = frozenset()
    stopping: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def house(self) -> House:
        """The house."""
        return self.ground.foundation.house

    def now(self) -> datetime:
        """The time."""
        return self.ground.foundation.now()

    async def read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run work that changes nothing. Raises Unavailable."""
        return await self.writer.write(work, NAME)

    async def write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run work in a transaction in which the lease is ours. Raises Lost, with nothing written, and Unavailable."""
        return await self.writer.write(partial(self._fenced, work), NAME)

    async def _fenced(self, work: Callable[[Connection], Awaitable[T]], conn: Connection) -> T:
        if not await leases.take(conn, NAME, self.ground.holder, self.now(), self.term.lasts):
            raise Lost
        return await work(conn)

    def tell(self) -> None:
        """Wake those who wait for something to do."""
        self._news.set()
        self._news = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when there may be something to do, or after a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
