"""How much of a platform's plan is used: messages sent in a month, and people reached. Counts alone, never whose.

A plan that is used up ends in silence or in a bill, so both are counted here and not left to the platform to tell.
"""

from dataclasses import dataclass

from sqlalchemy import Column, Integer, String, Table, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.people import address
from models.schema import metadata
from models.upserts import Upsert, on_both

platform_budget = Table(
    "platform_budget",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("month", String(7), primary_key=True),  # in Vietnam, "2020-01"
    Column("sent", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Budget:
    """What was used (`sent` this month, `users` reached) and what the plan allows of each; 0 allows without end."""

    sent: int = 0
    monthly: int = 0
    users: int = 0
    most_users: int = 0

    @property
    def few_messages(self) -> bool:
        """Whether four fifths of the month's messages are sent."""
        return _used(self.sent, self.monthly, 80)

    @property
    def few_users(self) -> bool:
        """Whether four fifths of the people that the plan allows are reached."""
        return _used(self.users, self.most_users, 80)

    @property
    def spent(self) -> bool:
        """Whether all messages of the month are sent."""
        return _used(self.sent, self.monthly, 100)


def _used(used: int, allowed: int, percent: int) -> bool:
    return allowed > 0 and used * 100 >= allowed * percent


def _added(into: Upsert) -> Upsert:
    more = into.values({name: bindparam(name) for name in ("channel", "month", "sent")})
    total = platform_budget.c.sent + more.excluded.sent
    return more.on_conflict_do_update(index_elements=["channel", "month"], set_={"sent": total})


_ADD = on_both(platform_budget, _added)


async def add(conn: AsyncConnection, channel: str, month: str, sent: int) -> None:
    """Count messages that a platform took."""
    if sent:
        await conn.execute(_ADD[conn.dialect.name], {"channel": channel, "month": month, "sent": sent})


async def sent(conn: AsyncConnection, channel: str, month: str) -> int:
    """How many messages a platform took in a month."""
    its = (platform_budget.c.channel == channel, platform_budget.c.month == month)
    return (await conn.execute(select(platform_budget.c.sent).where(*its))).scalar_one_or_none() or 0


async def users(conn: AsyncConnection, channel: str) -> int:
    """How many people can be written to on a platform."""
    here = (address.c.channel == channel, address.c.left_on.is_(None))
    return (await conn.execute(select(func.count()).where(*here))).scalar_one()
