"""The dates of phases as officers changed them: the newest are kept, and the log says who changed what."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import bounds
from models.audit import Act, audit
from models.bounds import Bound

AT = datetime(2020, 9, 23, 9, tzinfo=UTC)
STARTS = date(2019, 11, 8)


async def test_what_was_never_changed_is_not_there(conn: AsyncConnection) -> None:
    assert await bounds.edited(conn) == {}


async def test_the_newest_dates_are_kept_and_each_change_is_in_the_log(conn: AsyncConnection) -> None:
    await bounds.lock(conn)
    ended = Bound(STARTS, date(2020, 9, 23), AT)
    await bounds.keep(conn, [("dot-1", Bound(STARTS, None)), ("dot-2", Bound(date(2020, 11, 1), None))], Act(AT, "7"))
    await bounds.keep(conn, [("dot-1", ended)], Act(AT, "8"))
    assert await bounds.edited(conn) == {"dot-1": ended, "dot-2": Bound(date(2020, 11, 1), None)}
    log = select(audit.c.actor, audit.c.act, audit.c.detail).order_by(audit.c.id)
    assert [tuple(row) for row in await conn.execute(log)] == [
        ("7", "date phase", "dot-1 2019-11-08 -"),
        ("7", "date phase", "dot-2 2020-11-01 -"),
        ("8", "close phase", "dot-1 2019-11-08 2020-09-23"),
    ]
