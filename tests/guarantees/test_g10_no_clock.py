"""G10: what is released, and who took part, carries no time finer than a period, no order of writing, no address."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Date, DateTime, Table, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models import tables

WHEN = r"time|date|(^|_)at$|(^|_)on$|day|hour|created|updated|seq|serial"
WHERE = r"chat|channel|message|user|file|ip$"
TELLTALE = re.compile(f"{WHEN}|{WHERE}")
NAMES = (
    "release",
    "release_group",
    "released_count",
    "released_question",
    "released_text",
    "released_wording",
    "release_waiting",
    "participation",
)


def faults(table: Table) -> Iterator[str]:
    """What in a table could tell when or where from."""
    for column in table.columns:
        if isinstance(column.type, Date | DateTime) or TELLTALE.search(column.name):
            yield f"{table.name}.{column.name}"
        if column.autoincrement is True:
            yield f"{table.name}.{column.name} counts up"
    if table.dialect_options["sqlite"]["with_rowid"]:
        yield f"{table.name} keeps SQLite's hidden row number"


@pytest.mark.parametrize("name", NAMES)
def test_no_column_tells_when_or_where_from(name: str) -> None:
    assert list(faults(tables.metadata.tables[name])) == []


def test_the_look_is_strict() -> None:
    assert list(faults(tables.metadata.tables["outbox"]))
    assert list(faults(tables.metadata.tables["seen"]))


def test_no_table_of_released_things_is_left_out() -> None:
    assert {name for name in tables.metadata.tables if name.startswith("release")} <= set(NAMES)


async def test_the_database_itself_has_no_more_than_the_code_says(conn: AsyncConnection) -> None:
    def columns(connection: Connection) -> dict[str, set[str]]:
        found = inspect(connection)
        return {name: {str(column["name"]) for column in found.get_columns(name)} for name in NAMES}

    wanted = {name: set(tables.metadata.tables[name].columns.keys()) for name in NAMES}
    assert await conn.run_sync(columns) == wanted
    if conn.dialect.name == "sqlite":
        created = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"
        for name in NAMES:
            (sql,) = (await conn.execute(text(created), {"name": name})).one()
            assert "WITHOUT ROWID" in sql


def test_the_only_trace_of_time_is_the_month_of_a_close() -> None:
    for name in ("release_group", "participation", "released_question", "release"):
        period = tables.metadata.tables[name].columns["period"]
        assert getattr(period.type, "length", None) == len("2020-01")
    for name in ("released_text", "released_count", "released_wording", "release_waiting"):
        assert "period" not in tables.metadata.tables[name].columns
