"""What is asked for each page and slice of a broadcast is found by keys: a million subscribers cost no more than a few.

SQLite tells how it would look; it has no statistics here, as in an operator's house.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from models import audiences, received, recipients
from models.audiences import Audience, Reach
from models.database import Connection, Engine, open_engine
from models.tables import metadata

AT = datetime(2020, 1, 6, 3, tzinfo=UTC)
PEOPLE = list(range(1, 251))
REACH = Reach(Audience("news"), ["telegram", "web"], AT)
ASKED: dict[str, Callable[[Connection], Awaitable[object]]] = {
    "a page of subscribers": lambda conn: audiences.page(conn, REACH, 7, 250),
    "their addresses": lambda conn: audiences._addresses(conn, PEOPLE, REACH.channels),
    "who has a copy already": lambda conn: received.known(conn, 1, PEOPLE),
    "what they were sent this week": lambda conn: received.had(conn, PEOPLE, date(2020, 1, 6)),
    "whose turn it is": lambda conn: recipients.find(conn, "telegram", AT, 100),
    "how many wait": lambda conn: recipients.waiting(conn, "telegram", 2000),
}


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Engine]:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    async with engine.begin() as conn:
        await conn.run_sync(metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("what", ASKED)
async def test_nothing_is_looked_through_and_no_rest_is_sorted(what: str, sqlite: Engine) -> None:
    asked: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        asked.append((told[2], told[3]))

    async with sqlite.begin() as conn:
        event.listen(sqlite.sync_engine, "before_cursor_execute", note)
        await ASKED[what](conn)
        for statement, parameters in list(asked):
            plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            for step in [str(row["detail"]) for row in plan.mappings()]:
                assert not step.startswith("SCAN") or step.endswith("anon_1"), step
                assert step != "USE TEMP B-TREE FOR ORDER BY", step
                assert "sqlite_autoindex_address_1 (channel=?)" not in step, step
    assert asked
