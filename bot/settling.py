"""Drops what was delivered from the outbox, many with one commit, without holding up the road."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from bot.outcomes import Unavailable
from bot.writer import Writer
from models import outbox
from models.database import Connection
from models.outbox import Letter

AGAIN_AFTER = 1.0

Counted = Callable[[Connection, int], Awaitable[None]]


class Settling:
    """One channel's. `counted` is told, in the same transaction, how many messages the platform took."""

    def __init__(self, name: str, writer: Writer, counted: Counted) -> None:
        self._name = name
        self._writer = writer
        self._counted = counted
        self._done: dict[str, tuple[int, int]] = {}  # by user: the letter, and how many messages it was
        self._settled = asyncio.Event()
        self._settling: asyncio.Task[None] | None = None

    def __bool__(self) -> bool:
        """Whether anything is still to be dropped."""
        return bool(self._done)

    def done(self, letter: Letter, messages: int) -> None:
        """Have a letter dropped with the next commit. Not waited for: a crash before it repeats this one message."""
        self._done[letter.outbound.to.user] = letter.id, messages
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle_all())

    async def wait(self, user: str) -> None:
        """Return when the user's last message is settled."""
        while user in self._done:
            await self._settled.wait()

    async def _settle_all(self) -> None:
        while self._done:
            settled: dict[str, tuple[int, int]] = {}
            try:
                await self._writer.write(partial(self._settle_now, settled), self._name)
            except Unavailable:
                await asyncio.sleep(AGAIN_AFTER)
                continue
            for user in settled:
                del self._done[user]
            self._settled.set()
            self._settled = asyncio.Event()

    async def _settle_now(self, settled: dict[str, tuple[int, int]], conn: Connection) -> None:
        settled |= self._done
        await outbox.settle(conn, [id for id, _ in settled.values()])
        await self._counted(conn, sum(messages for _, messages in settled.values()))
