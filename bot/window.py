"""What may be sent on a platform that answers free for a time and bills afterwards: nothing is billed by accident."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot.outcomes import Unavailable
from bot.writer import Writer
from locales.formats import VIETNAM
from models import budget, windows
from models.database import Connection
from models.messages import Outbound
from models.outbox import Letter


@dataclass(slots=True)
class Window:
    """The window of one channel. `paid` is how many billed messages a month are allowed (0: none, ever).

    `size` says in how many messages the platform is given one of ours. A billed one is counted, in a committed
    transaction, before it is sent: the budget may be used up by failures, but is never exceeded.
    """

    name: str
    writer: Writer
    now: Callable[[], datetime]
    paid: int
    size: Callable[[Outbound], int]
    _paid: set[int] = field(default_factory=set)

    async def lets(self, letter: Letter) -> bool:
        """Tell whether a message may be sent now: within its window, or after it where a bill is allowed."""
        at = self.now()
        if letter.free_until is None or at < letter.free_until or letter.id in self._paid:
            return True
        if not self.paid or at >= letter.free_until + windows.BILLED:
            return False
        with suppress(Unavailable):
            month = at.astimezone(VIETNAM).strftime("%Y-%m")
            if await self.writer.write(partial(self._pay, month, self.size(letter.outbound)), self.name):
                self._paid.add(letter.id)  # once, however often it is tried
                return True
        return False

    async def _pay(self, month: str, messages: int, conn: Connection) -> bool:
        # Counted first, so that two processes wait for each other at the row.
        await budget.add(conn, self.name, month, messages)
        if await budget.sent(conn, self.name, month) <= self.paid:
            return True
        await budget.add(conn, self.name, month, -messages)
        return False

    async def hold(self, letter: Letter) -> None:
        """Keep a message until the person writes again; without the database it stays where it is all the same."""
        with suppress(Unavailable):
            await self.writer.write(partial(windows.hold, letter=letter, at=self.now()), self.name)
