"""Publishes a plan of units as a new edition. Spans that no longer stand are marked so; none is ever deleted."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, bindparam, insert, select, update

from models import audit
from models.audit import Act
from models.database import Connection
from models.unit_cells import UnreadableFile
from models.unit_plan import Plan, Published, plan
from models.unit_rows import Fault, read_rows
from models.unit_spans import Span
from models.unit_tables import STANDING, edition, unit, unit_span
from models.units import last_edition, new_id

BATCH = 1000

_SPAN = tuple(
    unit_span.c[name]
    for name in ("unit_id", "valid_from", "valid_to", "kind", "code", "name", "short_name", "parent_id")
)
_REPLACE = (
    update(unit_span)
    .where(unit_span.c.unit_id == bindparam("of"), unit_span.c.valid_from == bindparam("start"), STANDING)
    .values(replaced=bindparam("number"))
)
_LEAD_ON = update(unit).where(unit.c.id == bindparam("of")).values(successor_id=bindparam("to"))


class FaultyFile(Exception):
    """A units file that may not be used; the message has one line a fault, each naming file and row."""

    def __init__(self, path: Path, faults: Iterable[Fault]) -> None:
        """Keep the lines, in the order of the faults."""
        places = ((f"{path}: row {fault.row}" if fault.row else f"{path}", fault.problem) for fault in faults)
        self.lines = tuple(f"{place}: {problem}" for place, problem in places)
        super().__init__("\n".join(self.lines))


async def published(conn: Connection) -> Published:
    """Read every unit's timeline as it stands now."""
    rows = await conn.execute(select(*_SPAN).where(STANDING).order_by(unit_span.c.unit_id, unit_span.c.valid_from))
    spans = (Span(*row) for row in rows)
    successors = await conn.execute(select(unit.c.id, unit.c.successor_id).where(unit.c.successor_id.is_not(None)))
    return Published(
        {key: tuple(line) for key, line in groupby(spans, key=lambda span: span.unit)},
        {row.id: row.successor_id for row in successors},
    )


async def plan_file(conn: Connection, path: Path) -> Plan:
    """Read a units file and plan what it would change. Raises FaultyFile with everything that is wrong with it."""
    try:
        sheet = read_rows(path)
    except UnreadableFile as error:
        raise FaultyFile(path, [Fault(0, str(error))]) from None
    found = Plan(faults=sheet.faults) if sheet.faults else plan(await published(conn), sheet.rows)
    if found.faults:
        raise FaultyFile(path, found.faults)
    return found


async def import_file(conn: Connection, path: Path, act: Act) -> Plan:
    """Publish a units file in this transaction, the whole of it or nothing. Raises FaultyFile."""
    found = await plan_file(conn, path)
    await apply(conn, found, act)
    return found


async def apply(conn: Connection, ready: Plan, act: Act, progress: Callable[[int], object] = int) -> int:
    """Write a plan made in the same transaction and give the number of the edition that stands afterwards.

    A plan without changes makes no edition. `progress` is told how many of `len(ready)` records each batch wrote.
    Raises ValueError for a plan with faults.
    """
    if ready.faults:
        raise ValueError("a plan with faults may not be applied")
    number = await last_edition(conn)
    if not len(ready):
        return number
    number += 1
    await conn.execute(insert(edition), {"number": number, "published_at": act.at, "changes": len(ready.changes)})
    ids = {key: new_id() for key in ready.founded}
    for statement, values in _writes(ready, ids, number):
        for start in range(0, len(values), BATCH):
            batch = values[start : start + BATCH]
            await conn.execute(statement, batch)
            progress(len(batch))
    await audit.note(conn, act, "units import", None, f"edition {number}, {len(ready.changes)} changes")
    return number


def _writes(plan: Plan, ids: dict[str, str], number: int) -> Iterable[tuple[Executable, Sequence[dict[str, Any]]]]:
    """Units first, since spans lead to them; what is replaced gives way before what replaces it comes."""
    yield insert(unit), [{"id": new} for new in ids.values()]
    yield _REPLACE, [{"of": key, "start": start, "number": number} for key, start in plan.replaced]
    yield insert(unit_span), [_values(span, ids, number) for span in plan.spans]
    yield _LEAD_ON, [{"of": ids.get(key, key), "to": to and ids.get(to, to)} for key, to in plan.successors]


def _values(span: Span, ids: dict[str, str], number: int) -> dict[str, Any]:
    return {
        "unit_id": ids.get(span.unit, span.unit),
        "valid_from": span.valid_from,
        "valid_to": span.valid_to,
        "kind": span.kind,
        "code": span.code,
        "name": span.name,
        "short_name": span.short_name,
        "parent_id": span.parent and ids.get(span.parent, span.parent),
        "since": number,
    }
