"""Finds where a unit that a tree does not have stands in it: the unit it was merged into, else the nearest above it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.unit_tables import unit_span
from models.units import Tree, successor


async def homes(conn: AsyncConnection, units: Iterable[str], tree: Tree, on: date) -> dict[str, str]:
    """Give for every unit its place in the tree of a day. Refuses (ValueError) an empty tree."""
    return {unit: await _home(conn, unit, tree, on) for unit in sorted(set(units))}


async def _home(conn: AsyncConnection, unit: str, tree: Tree, on: date) -> str:
    seen: set[str] = set()
    current: str | None = unit
    while current is not None and current not in seen:
        if current in tree:
            return current
        seen.add(current)
        heir = await successor(conn, current, on)
        current = heir if heir in tree else await _last_parent(conn, current)
    if not tree.roots:
        raise ValueError(f"the unit tree of {on} is empty")
    return tree.roots[0].id


async def _last_parent(conn: AsyncConnection, unit: str) -> str | None:
    spans = select(unit_span.c.parent_id).where(unit_span.c.unit_id == unit)
    return (await conn.execute(spans.order_by(unit_span.c.valid_from.desc(), unit_span.c.id.desc()).limit(1))).scalar()
