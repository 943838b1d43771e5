"""The rules that people answered under: frozen at the first answer to a questionnaire, and never loosened after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.planner import LEAST_K
from models.schema import metadata
from models.unit_tables import edition
from models.upserts import Upsert, on_both

frozen_rule = Table(
    "frozen_rule",
    metadata,
    Column("questionnaire", String(80), primary_key=True),
    Column("k", Integer, nullable=False),
    Column("hold", Integer, nullable=False),
    Column("tree_on", Date, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("version", String(64), nullable=False),
    CheckConstraint(f"k >= {LEAST_K}", name="k"),
    CheckConstraint("hold >= 0", name="hold"),
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The least number of countable people in a group, and how many periods a small unit waits to be pooled."""

    k: int
    hold: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """A questionnaire's rules, the unit tree that groups are made on (of a day, as known in an edition of the tree),
    and the questionnaire's version that was answered first.
    """

    rules: Rules
    tree_on: date
    edition: int
    version: str


def _once(into: Upsert) -> Upsert:
    given: dict[str, Any] = {name: bindparam(name) for name in ("questionnaire", "k", "hold", "tree_on", "version")}
    last = select(func.coalesce(func.max(edition.c.number), 0)).scalar_subquery()
    return into.values({**given, "edition": last}).on_conflict_do_nothing()


_FREEZE = on_both(frozen_rule, _once)


async def freeze(conn: AsyncConnection, questionnaire: str, rules: Rules, tree_on: date, version: str) -> None:
    """Freeze the rules, at every sending; only the first has an effect. Refuses (ValueError) a `k` below 5."""
    if rules.k < LEAST_K:
        raise ValueError(f"groups of fewer than {LEAST_K} people are refused (k = {rules.k})")
    values = {"questionnaire": questionnaire, "k": rules.k, "hold": rules.hold, "tree_on": tree_on, "version": version}
    await conn.execute(_FREEZE[conn.dialect.name], values)


async def frozen(conn: AsyncConnection, questionnaire: str) -> Frozen | None:
    """Give the rules that were frozen, None before the first answer."""
    row = (await conn.execute(select(frozen_rule).where(frozen_rule.c.questionnaire == questionnaire))).first()
    return Frozen(Rules(row.k, row.hold), row.tree_on, row.edition, row.version) if row else None


def strictest(one: Rules, other: Rules) -> Rules:
    """The rules that keep what both promise: a pack may tighten what was frozen."""
    return Rules(max(one.k, other.k), max(one.hold, other.hold))


async def check_rules(conn: AsyncConnection, wanted: Mapping[str, Rules]) -> list[str]:
    """Say in sentences which of a pack's rules (by questionnaire) are looser than what people answered under."""
    faults = []
    for questionnaire, rules in sorted(wanted.items()):
        kept = await frozen(conn, questionnaire)
        faults += _loosened(questionnaire, rules, kept.rules if kept else Rules(LEAST_K, 0))
    return faults


def _loosened(questionnaire: str, rules: Rules, kept: Rules) -> list[str]:
    faults = []
    if rules.k < LEAST_K:
        faults.append(f"{questionnaire}: k is {rules.k}; groups of fewer than {LEAST_K} people are refused")
    elif rules.k < kept.k:
        faults.append(f"{questionnaire}: k is {rules.k}, but people answered under k = {kept.k}; it may only grow")
    if rules.hold < kept.hold:
        faults.append(
            f"{questionnaire}: hold is {rules.hold}, but people answered under hold = {kept.hold}; it may only grow"
        )
    return faults
