"""Everything at rest, as an administrator reads it. Sealed bytes, which no two sealings share, stand as a length."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.tables import metadata

SEALED = {"pending.sealed", "outbox.sealed"}
Dump = Mapping[str, list[tuple[Any, ...]]]


async def dump(conn: AsyncConnection, *, sealed: bool = False) -> Dump:
    """Give every table row by row: on SQLite in the order of the file, on PostgreSQL sorted. `sealed` as they are."""
    tables = {}
    for table in metadata.sorted_tables:
        names = [f"{table.name}.{column.name}" for column in table.columns]
        rows = (await conn.execute(select(table))).all()
        read = [
            tuple(
                len(value) if name in SEALED and not sealed else value for name, value in zip(names, row, strict=True)
            )
            for row in rows
        ]
        # What a rolled back world leaves behind moves PostgreSQL's rows about; SQLite's file is as it was.
        tables[table.name] = read if conn.dialect.name == "sqlite" else sorted(read, key=repr)
    return tables


async def script(conn: AsyncConnection) -> list[str]:
    """Give SQLite's own dump of the file, all of it but the sealed rows."""
    outside = (await conn.get_raw_connection()).driver_connection
    assert outside is not None
    lines: list[str] = [line async for line in outside.iterdump()]
    return [line for line in lines if not line.startswith(('INSERT INTO "pending"', 'INSERT INTO "outbox"'))]


def apart(one: Dump, other: Dump) -> dict[str, Any]:
    """The tables in which two dumps differ, each with the rows that only one of them has."""
    return {
        name: (
            [row for row in one[name] if row not in other[name]],
            [row for row in other[name] if row not in one[name]],
        )
        for name in one
        if one[name] != other[name]
    }
