"""Examines the tables as they are in the database: nothing beside those of the code, no clock, no order of writing.

G1: no table, view or trigger could keep what an exchange of two members' answers would change. G10: no column either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Inspector, Time, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from models.finding import Finding, counted, judged
from models.tables import metadata

OURS = frozenset({"alembic_version"})
# Where a moment would tell when somebody wrote; the ledger may keep days, which are those of officers' looks.
TIMELESS = (
    "participation",
    "pending",
    "release",
    "release_group",
    "release_waiting",
    "released_count",
    "released_question",
    "released_text",
    "released_wording",
    "ledger_set",
    "ledger_figure",
)
TRIGGERS = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal) + (SELECT count(*) FROM pg_rules"
    " WHERE schemaname NOT IN ('pg_catalog', 'information_schema'))",
}
WITHOUT_ROWID = "SELECT name FROM sqlite_master WHERE type = 'table' AND upper(sql) LIKE '%WITHOUT ROWID%'"


@dataclass(frozen=True, slots=True)
class _Found:
    """What is there: tables and views the code does not know, columns by table, and tables without a row number."""

    strange: int
    columns: dict[str, dict[str, TypeEngine[Any]]]
    orderless: frozenset[str]
    triggers: int


async def shape(conn: AsyncConnection) -> list[Finding]:
    """Compare the database with the code."""
    found = await conn.run_sync(_look)
    beside = [counted(found.strange, "table(s) or view(s) that the product does not know")]
    beside.append(counted(found.triggers, "trigger(s) or rule(s), which could copy what is written"))
    seen = f"{len(metadata.tables)} tables and nothing beside them: no view, no trigger, no row of a person's answers"
    clocks = "what is released and who took part carry no time, serial, chat, message or file"
    return [judged(1, beside, seen), judged(10, _clocks(found), clocks)]


def _look(conn: Connection) -> _Found:
    inspector: Inspector = inspect(conn)
    names = set(inspector.get_table_names())
    strange = (names - metadata.tables.keys() - OURS) | set(inspector.get_view_names())
    columns = {
        name: {column["name"]: column["type"] for column in inspector.get_columns(name)}
        for name in sorted(names & metadata.tables.keys())
    }
    sqlite = conn.dialect.name == "sqlite"
    orderless = frozenset(conn.execute(text(WITHOUT_ROWID)).scalars()) if sqlite else frozenset(names)
    return _Found(len(strange), columns, orderless, conn.execute(text(TRIGGERS[conn.dialect.name])).scalar_one())


def _clocks(found: _Found) -> Iterator[str]:
    for name, columns in found.columns.items():
        table = metadata.tables[name]
        for column in sorted(columns.keys() - table.c.keys()):
            yield f"{name} has a column that the product does not know: {column}"
        moments = [its for its, kind in columns.items() if isinstance(kind, DateTime | Date | Time)]
        if name in TIMELESS and moments:
            yield f"{name} keeps a time: {', '.join(moments)}"
        if table.dialect_options["sqlite"]["with_rowid"] is False and name not in found.orderless:
            yield f"{name} keeps the order of writing in a hidden row number"
