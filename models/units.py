"""The union's units, and their tree as of a day. Refuses to forget: a published span is replaced, never deleted.

A unit is only an opaque id; what it is called and under whom it stands is told by its spans, each valid from a day to
a day (inclusive; none = until further notice). Codes are no keys: after a merger the same code may name another unit.
An edition is one published change of units; with its number the tree can be seen again as it was known then.
"""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from locales.vietnamese import fold, vi_key
from models.unit_search import NameIndex
from models.unit_tables import STANDING, edition, unit, unit_span


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was on one day. `short_name` and `code` may be empty; `parent_id` is None at the top."""

    id: str
    kind: str
    code: str
    name: str
    short_name: str
    parent_id: str | None


class Tree:
    """All units alive on one day. Pure; the costly parts (search, homonyms) are worked out once, at their first use.

    `edition` is the edition that the tree was read from. A unit whose parent is not alive stands at the top.
    """

    def __init__(self, units: Iterable[Unit], edition: int = 0) -> None:
        """Hang the units under their parents; their order here is the one of `post_order`."""
        self.edition = edition
        self._units = {each.id: each for each in units}
        self._below: dict[str | None, list[Unit]] = {}
        for each in self._units.values():
            above = each.parent_id if each.parent_id in self._units else None
            self._below.setdefault(above, []).append(each)
        self._sorted: dict[str | None, tuple[Unit, ...]] = {}

    def __len__(self) -> int:
        """Count the units."""
        return len(self._units)

    def __contains__(self, unit_id: object) -> bool:
        """Tell whether a unit is alive on the tree's day."""
        return unit_id in self._units

    @property
    def units(self) -> tuple[Unit, ...]:
        """All units, in no order that means anything."""
        return tuple(self._units.values())

    @property
    def roots(self) -> tuple[Unit, ...]:
        """The units at the top, in Vietnamese order."""
        return self._children(None)

    def get(self, unit_id: str) -> Unit | None:
        """Give a unit, None when it is not alive on the tree's day."""
        return self._units.get(unit_id)

    def coded(self, code: str) -> Unit | None:
        """Give the unit that holds a code on the tree's day."""
        return self._codes.get(code)

    @cached_property
    def _codes(self) -> dict[str, Unit]:
        return {each.code: each for each in self._units.values()}

    def children(self, unit_id: str) -> tuple[Unit, ...]:
        """Give the units directly below one, in Vietnamese order."""
        return self._children(unit_id)

    def _children(self, above: str | None) -> tuple[Unit, ...]:
        if above not in self._sorted:
            self._sorted[above] = tuple(sorted(self._below.get(above, ()), key=_vietnamese_order))
        return self._sorted[above]

    def path(self, unit_id: str) -> tuple[Unit, ...]:
        """Give the way from the top down to a unit, itself last; empty for a unit that is not alive."""
        way: list[Unit] = []
        below = self._units.get(unit_id)
        while below and below not in way:
            way.append(below)
            below = self._units.get(below.parent_id) if below.parent_id else None
        return tuple(reversed(way))

    def subtree(self, unit_id: str) -> set[str]:
        """Give the ids of a unit and of all below it; empty for a unit that is not alive."""
        return {each.id for each in self._downwards([self._units[unit_id]])} if unit_id in self._units else set()

    def post_order(self) -> tuple[Unit, ...]:
        """Give every unit, each after all that stand below it; always in the same order for the same tree."""
        return tuple(reversed(self._downwards(self._below.get(None, []))))

    def _downwards(self, tops: list[Unit]) -> list[Unit]:
        order, waiting = [], list(tops)
        while waiting:
            order.append(waiting.pop())
            waiting += self._below.get(order[-1].id, ())
        return order

    def label(self, unit_id: str) -> str:
        """Name a unit so that no other living unit is named the same: "CĐCS xã Chiềng Chung (LĐLĐ huyện Mai Sơn)".

        Raises KeyError for a unit that is not alive.
        """
        each = self._units[unit_id]
        name, above = fold(each.name), self._above(each)
        if self._homonyms[name, None] == 1:
            return each.name
        alone = above and self._homonyms[name, fold(above)] == 1
        marks = [mark for mark in (above, "" if alone else each.code) if mark]
        return f"{each.name} ({', '.join(marks)})" if marks else each.name

    def _above(self, each: Unit) -> str:
        parent = self._units.get(each.parent_id or "")
        return (parent.short_name or parent.name) if parent else ""

    @cached_property
    def _homonyms(self) -> Counter[tuple[str, str | None]]:
        """How many units are named so, in all (None) and under parents of one name."""
        found: Counter[tuple[str, str | None]] = Counter()
        for siblings in self._below.values():
            parent = fold(self._above(siblings[0]))
            for name in (fold(each.name) for each in siblings):
                found[name, None] += 1
                found[name, parent] += 1
        return found

    def search(self, text: str, limit: int = 24) -> list[Unit]:
        """Find units by name, short name or code: the best matches first, equally good ones in Vietnamese order."""
        return [self._ordered[position] for position in self._index.find(text, limit)]

    @cached_property
    def _ordered(self) -> list[Unit]:
        # Units of one name stand in the order of what they belong to, not of ids that differ from house to house.
        return sorted(self._units.values(), key=lambda each: (vi_key(each.name), vi_key(self._above(each)), each.id))

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex([(each.name, each.short_name, each.code) for each in self._ordered])


def _vietnamese_order(each: Unit) -> tuple[object, str]:
    return vi_key(each.name), each.id


def new_id() -> str:
    """Draw the id of a new unit: 16 characters that say nothing."""
    return secrets.token_hex(8)


async def last_edition(conn: AsyncConnection) -> int:
    """Give the number of the last published edition, 0 before the first. A tree of that edition is up to date."""
    return (await conn.execute(select(func.max(edition.c.number)))).scalar() or 0


async def has_units(conn: AsyncConnection) -> bool:
    """Tell whether any unit was ever published."""
    return (await conn.execute(select(unit.c.id).limit(1))).first() is not None


async def load_tree(conn: AsyncConnection, on: date, as_known_in: int | None = None) -> Tree:
    """Read the tree of a day, as known today or as known in an earlier edition."""
    last = await last_edition(conn)
    names = (unit_span.c.unit_id, *(unit_span.c[name] for name in ("kind", "code", "name", "short_name", "parent_id")))
    known = last if as_known_in is None else as_known_in
    rows = await conn.execute(select(*names).where(*_alive(on), *_known(known)).order_by(unit_span.c.unit_id))
    return Tree([Unit(*row) for row in rows], known)


def _alive(on: date) -> tuple[ColumnElement[bool], ...]:
    ends = unit_span.c.valid_to
    return unit_span.c.valid_from <= on, or_(ends.is_(None), ends >= on)


def _known(number: int) -> tuple[ColumnElement[bool], ...]:
    replaced = unit_span.c.replaced
    return unit_span.c.since <= number, or_(replaced.is_(None), replaced > number)


async def successor(conn: AsyncConnection, unit_id: str, on: date) -> str | None:
    """Give the unit that stands for one on a day: itself while it lives, else whom it was merged into, and so on.

    None when the line ends without a living unit.
    """
    seen: set[str] = set()
    current: str | None = unit_id
    while current and current not in seen:
        seen.add(current)
        living = select(unit_span.c.id).where(unit_span.c.unit_id == current, *_alive(on), STANDING).limit(1)
        if (await conn.execute(living)).first():
            return current
        current = (await conn.execute(select(unit.c.successor_id).where(unit.c.id == current))).scalar()
    return None
