"""Messages for people who fetch them: the web chat and the console. Waits without asking the database for ever."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from bot.writer import Writer
from models import outbox
from models.keys import Keys
from models.messages import Address, Outbound
from models.outbox import Letter

LOOK_EVERY = 2.0  # with several processes: another may have put something for an address whose stream we hold


class Mailbox:
    """What waits for an address of one pulling channel; `hand` wakes whoever waits for it.

    `alone` says that no other process can put anything, so that there is no need to look by oneself.
    """

    def __init__(self, writer: Writer, keys: Keys, *, alone: bool) -> None:
        self._writer = writer
        self._keys = keys
        self._alone = alone
        self._wakes: dict[Address, list[asyncio.Event]] = {}

    def hand(self, letter: Letter) -> None:
        """Wake those who wait for this address."""
        for wake in self._wakes.get(letter.outbound.to, ()):
            wake.set()

    async def waiting(self, address: Address) -> Sequence[tuple[int, Outbound]]:
        """All that the address has not acknowledged, oldest first. Raises Unavailable."""
        letters = await self._writer.write(lambda conn: outbox.waiting(conn, self._keys, address), _key(address))
        return [(letter.id, letter.outbound) for letter in letters]

    async def settle(self, address: Address, ids: Sequence[int]) -> None:
        """Drop what the address says it has. Raises Unavailable."""
        await self._writer.write(lambda conn: outbox.settle_for(conn, address, ids), _key(address))

    async def wait(self, address: Address, timeout: float) -> None:  # noqa: ASYNC109 - a wait is its whole work
        """Return when something was put for the address, or after a while."""
        wake = asyncio.Event()
        self._wakes.setdefault(address, []).append(wake)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout if self._alone else min(timeout, LOOK_EVERY)):
                    await wake.wait()
        finally:
            self._wakes[address].remove(wake)
            if not self._wakes[address]:
                del self._wakes[address]


def _key(address: Address) -> str:
    return f"{address.channel}:{address.user}"
