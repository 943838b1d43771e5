"""The dates of phases as officers changed them; a phase that has no row here has those of its pack.

Names nobody: who changed them stands in the log of officers' acts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, String, Table, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audit
from models.audit import Act
from models.schema import UtcDateTime, metadata
from models.upserts import Upsert, on_both

phase_bound = Table(
    "phase_bound",
    metadata,
    Column("phase", String(40), primary_key=True),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    # The moment at which an officer ended the phase; null where only its last day was moved.
    Column("closed_at", UtcDateTime),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("ends >= starts", name="dates"),
)


@dataclass(frozen=True, slots=True)
class Bound:
    """First and last day of a phase, both included; no `ends` is no end. `closed_at`: when it was ended by hand."""

    starts: date
    ends: date | None
    closed_at: datetime | None = None


def _newest(into: Upsert) -> Upsert:
    values: dict[str, Any] = {name: bindparam(name) for name in ("phase", "starts", "ends", "closed_at", "at")}
    new = {name: into.excluded[name] for name in ("starts", "ends", "closed_at", "at")}
    return into.values(values).on_conflict_do_update(index_elements=["phase"], set_=new)


_KEEP = on_both(phase_bound, _newest)


async def lock(conn: AsyncConnection) -> None:
    """Let nobody else change dates until this transaction ends: what is read after this is what is changed."""
    if conn.dialect.name == "postgresql":
        await conn.execute(text("LOCK TABLE phase_bound IN SHARE ROW EXCLUSIVE MODE"))


async def edited(conn: AsyncConnection) -> dict[str, Bound]:
    """Give the changed dates by phase; nothing of a phase that was never changed."""
    its = phase_bound.c
    rows = await conn.execute(select(its.phase, its.starts, its.ends, its.closed_at))
    return {row.phase: Bound(row.starts, row.ends, row.closed_at) for row in rows}


async def keep(conn: AsyncConnection, changed: Iterable[tuple[str, Bound]], act: Act) -> None:
    """Keep new dates of phases, with an entry of who did it for each. Checks nothing: see `handlers.phase_change`."""
    for phase, bound in changed:
        values = {"phase": phase, "starts": bound.starts, "ends": bound.ends, "closed_at": bound.closed_at}
        await conn.execute(_KEEP[conn.dialect.name], {**values, "at": act.at})
        what = "close phase" if bound.closed_at == act.at else "date phase"
        await audit.note(conn, act, what, None, f"{phase} {bound.starts} {bound.ends or '-'}")
