"""Looks through every table for what is kept of somebody."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.tables import metadata


async def traces(conn: AsyncConnection, needles: set[str], beside: tuple[str, ...] = ()) -> list[str]:
    """Name every "table.column" that holds one of the needles anywhere in a cell, but for the tables `beside`."""
    found = []
    for table in metadata.sorted_tables:
        if table.name in beside:
            continue
        for row in (await conn.execute(select(table))).mappings():
            found += [f"{table.name}.{name}" for name, cell in row.items() if _holds(cell, needles)]
    return found


def _holds(cell: object, needles: set[str]) -> bool:
    words = cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)
    return any(needle in words for needle in needles)
