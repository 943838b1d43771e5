"""What happens once: an id is taken once, a lease is held by one; on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from models import leases, seen

AT = datetime(2020, 1, 6, 1, 0, tzinfo=UTC)
LASTS = timedelta(seconds=30)


async def test_an_id_is_new_once_in_each_channel(conn: AsyncConnection) -> None:
    assert await seen.mark(conn, "web", "a", AT)
    assert not await seen.mark(conn, "web", "a", AT)
    assert await seen.mark(conn, "telegram", "a", AT)


async def test_a_lease_has_one_holder_who_may_renew_it(conn: AsyncConnection) -> None:
    assert await leases.take(conn, "poll", "one", AT, LASTS)
    assert not await leases.take(conn, "poll", "two", AT, LASTS)
    assert await leases.take(conn, "poll", "one", AT + LASTS / 2, LASTS)
    assert not await leases.take(conn, "poll", "two", AT + LASTS, LASTS)
    assert await leases.take(conn, "poll", "two", AT + 2 * LASTS, LASTS)


async def test_a_lease_given_up_is_free(conn: AsyncConnection) -> None:
    assert await leases.take(conn, "poll", "one", AT, LASTS)
    await leases.leave_all(conn, "one")
    assert await leases.take(conn, "poll", "two", AT, LASTS)
