"""The ledger of every figure that was ever given out: of which whole groups, its value, on which day, to which role.

Never to whom. A figure is written once, however often it is looked at; a look is one row a day. What was refused is
counted. `langnghe audit privacy` checks the whole of it; nobody else reads it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Column, Date, Integer, String, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.participation import chunks
from models.schema import metadata
from models.upserts import Upsert, on_both

EVERYONE = "everyone"  # the role of those who need none
PEOPLE = ("", "@n")  # the cell under which the number of people of a set of groups is entered

ledger_set = Table(
    "ledger_set",
    metadata,
    Column("set_id", String(32), primary_key=True),
    Column("group_id", String(32), primary_key=True),
    sqlite_with_rowid=False,
)

ledger_figure = Table(
    "ledger_figure",
    metadata,
    Column("set_id", String(32), primary_key=True),
    Column("question", String(80), primary_key=True),
    Column("option", String(80), primary_key=True),
    Column("value", Integer, nullable=False),
    sqlite_with_rowid=False,
)

ledger_look = Table(
    "ledger_look",
    metadata,
    Column("set_id", String(32), primary_key=True),
    Column("extent", String(8), primary_key=True),
    Column("role", String(12), primary_key=True),
    Column("day", Date, primary_key=True),
    sqlite_with_rowid=False,
)

ledger_refusal = Table(
    "ledger_refusal",
    metadata,
    Column("questionnaire", String(80), primary_key=True),
    Column("role", String(12), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("times", Integer, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, by role alone ("officer", or "everyone"), and on which day."""

    role: str
    day: date


def _if_new(into: Upsert) -> Upsert:
    return into.values({column.name: bindparam(column.name) for column in into.table.c}).on_conflict_do_nothing()


def _once_more(into: Upsert) -> Upsert:
    more = {"times": ledger_refusal.c.times + 1}
    row = into.values({column.name: bindparam(column.name) for column in ledger_refusal.c})
    return row.on_conflict_do_update(index_elements=["questionnaire", "role", "day"], set_=more)


_SET, _FIGURE, _LOOK = (on_both(table, _if_new) for table in (ledger_set, ledger_figure, ledger_look))
_REFUSE = on_both(ledger_refusal, _once_more)


def set_of(groups: Iterable[str]) -> str:
    """Name a set of groups, whatever their order."""
    return hashlib.sha256("\n".join(sorted(groups)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Entry:
    """The figures of one set of groups, by question and option; `PEOPLE` alone where no question was shown."""

    groups: tuple[str, ...]
    values: Mapping[tuple[str, str], int]

    @property
    def set_id(self) -> str:
        """The name of the set."""
        return set_of(self.groups)

    @property
    def extent(self) -> str:
        """Whether more than the number of people is in it."""
        return "people" if self.values.keys() <= {PEOPLE} else "all"


async def enter(conn: AsyncConnection, look: Look, entries: Iterable[Entry]) -> None:
    """Enter what was given out together, and that it was; what the same role saw on the same day is there already."""
    its = ledger_look.c
    known = select(its.set_id, its.extent).where(its.role == look.role, its.day == look.day)
    wanted = {(entry.set_id, entry.extent): entry for entry in entries}
    for chunk in chunks(sorted(wanted)):
        there = await conn.execute(known.where(its.set_id.in_({name for name, _ in chunk})))
        for seen in there.all():
            wanted.pop((seen.set_id, seen.extent), None)
    for statement, rows in ((_SET, _groups), (_FIGURE, _values), (_LOOK, partial(_looks, look))):
        written = [row for (name, _), entry in sorted(wanted.items()) for row in rows(name, entry)]
        if written:
            await conn.execute(statement[conn.dialect.name], written)


Rows = Iterable[dict[str, Any]]


def _groups(name: str, entry: Entry) -> Rows:
    return ({"set_id": name, "group_id": group} for group in sorted(entry.groups))


def _values(name: str, entry: Entry) -> Rows:
    cells = sorted(entry.values.items())
    return ({"set_id": name, "question": of, "option": option, "value": value} for (of, option), value in cells)


def _looks(look: Look, name: str, entry: Entry) -> Rows:
    return ({"set_id": name, "extent": entry.extent, "role": look.role, "day": look.day},)


async def refuse(conn: AsyncConnection, look: Look, questionnaire: str) -> None:
    """Count a figure that was asked for and not given."""
    row = {"questionnaire": questionnaire, "role": look.role, "day": look.day, "times": 1}
    await conn.execute(_REFUSE[conn.dialect.name], row)
