"""What a platform's plan allows is counted by month and by channel, and told in time."""

from sqlalchemy.ext.asyncio import AsyncConnection

from models import budget, departures, people
from models.budget import Budget
from models.messages import Address


async def test_messages_are_counted_by_channel_and_month(conn: AsyncConnection) -> None:
    assert await budget.sent(conn, "zalo-bot", "2020-01") == 0
    await budget.add(conn, "zalo-bot", "2020-01", 2)
    await budget.add(conn, "zalo-bot", "2020-01", 3)
    await budget.add(conn, "zalo-bot", "2020-02", 1)
    await budget.add(conn, "zalo-oa", "2020-01", 7)
    await budget.add(conn, "zalo-bot", "2020-01", 0)
    assert await budget.sent(conn, "zalo-bot", "2020-01") == 5
    assert await budget.sent(conn, "zalo-bot", "2020-02") == 1


async def test_people_who_left_are_no_users(conn: AsyncConnection) -> None:
    for name in ("a", "b"):
        await people.store(conn, people.guest("vi", "2020-01-06"), Address("zalo-bot", name))
    await people.store(conn, people.guest("vi", "2020-01-06"), Address("web", "c"))
    assert await budget.users(conn, "zalo-bot") == 2
    await departures.leave(conn, Address("zalo-bot", "a"), "2020-01-07")
    assert await budget.users(conn, "zalo-bot") == 1


def test_a_plan_is_told_of_from_four_fifths_on() -> None:
    assert not Budget(sent=2399, monthly=3000).few_messages
    assert Budget(sent=2400, monthly=3000).few_messages
    assert not Budget(sent=2999, monthly=3000).spent
    assert Budget(sent=3000, monthly=3000).spent
    assert Budget(users=40, most_users=50).few_users
    assert not Budget(users=39, most_users=50).few_users


def test_a_plan_without_limits_never_ends() -> None:
    endless = Budget(sent=10**6, users=10**6)
    assert not endless.few_messages
    assert not endless.spent
    assert not endless.few_users
