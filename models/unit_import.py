"""Publishes a plan of units as a new edition. Spans that no longer stand are marked so; none is ever deleted."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Executable, bindparam, insert, select, update

from models import audit
from models.audit import Act
from models.database import Connection
from models.unit_plan import Plan, Published
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


class FaultyPlan(ValueError):
    """A plan with faults may not be applied."""


async def published(conn: Connection) -> Published:
    """Read every unit's timeline as it stands now."""
    rows = await conn.execute(select(*_SPAN).where(STANDING).order_by(unit_span.c.unit_id, unit_span.c.valid_from))
    spans = (Span(*row) for row in rows)
    successors = await conn.execute(select(unit.c.id, unit.c.successor_id).where(unit.c.successor_id.is_not(None)))
    return Published(
        {key: tuple(line) for key, line in groupby(spans, key=lambda span: span.unit)},
        dict(successors.tuples().all()),
    )


async def apply(conn: Connection, plan: Plan, act: Act, progress: Callable[[int], object] = int) -> int:
    """Write a plan made in the same transaction and give the number of the edition that stands afterwards.

    A plan without changes makes no edition. `progress` is told how many of `len(plan)` records each batch wrote.
    Raises FaultyPlan.
    """
    if plan.faults:
        raise FaultyPlan
    number = await last_edition(conn)
    if not len(plan):
        return number
    number += 1
    await conn.execute(insert(edition), {"number": number, "published_at": act.at, "changes": len(plan.changes)})
    ids = {key: new_id() for key in plan.founded}
    for statement, values in _writes(plan, ids, number):
        for start in range(0, len(values), BATCH):
            batch = values[start : start + BATCH]
            await conn.execute(statement, batch)
            progress(len(batch))
    await audit.note(conn, act, "units import", None, f"edition {number}, {len(plan.changes)} changes")
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
