"""Keeps an eye on a platform's plan: counts what is sent with its settling, warns in time, holds back what can wait."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

from bot.channel import Ground
from bot.deliver import Sender
from bot.outcomes import Outcome, Refused, Unavailable
from locales.formats import VIETNAM
from models import budget
from models.budget import Budget
from models.database import Connection
from models.messages import Outbound

log = logging.getLogger(__name__)
NO_LIMIT = 1_000_000
LOOK_EVERY = 15.0  # seconds; so old is what /metrics and officers see


@dataclass(slots=True)
class Meter:
    """The plan of one channel: `monthly` messages and `most_users` people, 0 for no limit."""

    ground: Ground
    channel: str
    monthly: int
    most_users: int
    _told: str = ""

    @property
    def month(self) -> str:
        """The month that is running in Vietnam."""
        return f"{self.ground.foundation.now().astimezone(VIETNAM):%Y-%m}"

    @property
    def state(self) -> Budget:
        """What was seen at the last look."""
        return self.ground.foundation.house.budgets.get(self.channel, Budget())

    async def count(self, conn: Connection, messages: int) -> None:
        """Count messages that were sent, in the transaction that settles them."""
        await budget.add(conn, self.channel, self.month, messages)

    async def room(self, conn: Connection) -> int:
        """How many more messages of this month broadcasts may use: a fifth of the plan is left for answers."""
        if not self.monthly:
            return NO_LIMIT
        return self.monthly * 4 // 5 - await budget.sent(conn, self.channel, self.month)

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            with suppress(Unavailable):
                await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Read what is used, let everybody know, and write to the log when it comes to its end. Raises Unavailable."""
        used = await self.ground.writer.write(self._used, self.channel)
        self.ground.foundation.house.budgets[self.channel] = used
        short = used.few_messages or used.few_users
        warning = f"{self.month} spent" if used.spent else f"{self.month} nearly spent" if short else ""
        if warning and warning != self._told:
            plan = {"sent": used.sent, "monthly": used.monthly, "users": used.users, "most_users": used.most_users}
            log.warning("a platform's plan comes to its end", extra={"channel": self.channel, **plan})
        self._told = warning

    async def _used(self, conn: Connection) -> Budget:
        return Budget(
            sent=await budget.sent(conn, self.channel, self.month),
            monthly=self.monthly,
            users=await budget.users(conn, self.channel),
            most_users=self.most_users,
        )


class Thrifty:
    """Sends what answers a person whatever the plan says, and nothing else once the month's messages are used up."""

    def __init__(self, sender: Sender, meter: Meter) -> None:
        self._sender = sender
        self._meter = meter

    async def send(self, outbound: Outbound) -> Outcome:
        """Deliver one message, or refuse one that can wait for a month with messages left."""
        if outbound.lane != "live" and self._meter.state.spent:
            return Refused("the plan's messages of this month are used up")
        return await self._sender.send(outbound)
