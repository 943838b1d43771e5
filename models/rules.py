"""The rules that people answered under: frozen at the first answer to a questionnaire, and never loosened after it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table, Text, bindparam, func, select
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
    Column("epsilon", String(40), nullable=False, server_default="2"),
    Column("exact", Text, nullable=False, server_default="[]"),
    Column("tree_on", Date, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("version", String(64), nullable=False),
    CheckConstraint(f"k >= {LEAST_K}", name="k"),
    CheckConstraint("hold >= 0", name="hold"),
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The least number of countable people in a group, how many periods a small unit waits to be pooled, and the noise.

    `epsilon` says how much one person's answer to a question may change the odds of what is published (less is
    stricter); `exact` names the questions that are published without noise.
    """

    k: int
    hold: int
    epsilon: Fraction = Fraction(2)
    exact: frozenset[str] = frozenset()


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
    names = ("questionnaire", "k", "hold", "epsilon", "exact", "tree_on", "version")
    given: dict[str, Any] = {name: bindparam(name) for name in names}
    last = select(func.coalesce(func.max(edition.c.number), 0)).scalar_subquery()
    return into.values({**given, "edition": last}).on_conflict_do_nothing()


_FREEZE = on_both(frozen_rule, _once)


async def freeze(conn: AsyncConnection, questionnaire: str, rules: Rules, tree_on: date, version: str) -> None:
    """Freeze the rules, at every sending; only the first has an effect. Refuses (ValueError) a `k` below 5."""
    if rules.k < LEAST_K:
        raise ValueError(f"groups of fewer than {LEAST_K} people are refused (k = {rules.k})")
    noise = {"epsilon": str(rules.epsilon), "exact": json.dumps(sorted(rules.exact))}
    values = {"questionnaire": questionnaire, "k": rules.k, "hold": rules.hold, "tree_on": tree_on, "version": version}
    await conn.execute(_FREEZE[conn.dialect.name], {**values, **noise})


async def frozen(conn: AsyncConnection, questionnaire: str) -> Frozen | None:
    """Give the rules that were frozen, None before the first answer."""
    row = (await conn.execute(select(frozen_rule).where(frozen_rule.c.questionnaire == questionnaire))).first()
    if row is None:
        return None
    kept = Rules(row.k, row.hold, Fraction(row.epsilon), frozenset(json.loads(row.exact)))
    return Frozen(kept, row.tree_on, row.edition, row.version)


def strictest(one: Rules, other: Rules) -> Rules:
    """The rules that keep what both promise: a pack may tighten what was frozen."""
    return Rules(
        max(one.k, other.k), max(one.hold, other.hold), min(one.epsilon, other.epsilon), one.exact & other.exact
    )


async def check_rules(conn: AsyncConnection, wanted: Mapping[str, Rules]) -> list[str]:
    """Say in sentences which of a pack's rules (by questionnaire) are looser than what people answered under."""
    faults = []
    for questionnaire, rules in sorted(wanted.items()):
        if rules.k < LEAST_K:
            faults.append(f"{questionnaire}: k is {rules.k}; groups of fewer than {LEAST_K} people are refused")
        elif kept := await frozen(conn, questionnaire):
            faults += [f"{questionnaire}: {looser}" for looser in _loosened(rules, kept.rules)]
    return faults


def _loosened(rules: Rules, kept: Rules) -> Iterable[str]:
    if rules.k < kept.k:
        yield f"k is {rules.k}, but people answered under k = {kept.k}; it may only grow"
    if rules.hold < kept.hold:
        yield f"hold is {rules.hold}, but people answered under hold = {kept.hold}; it may only grow"
    if rules.epsilon > kept.epsilon:
        said = f"epsilon = {float(kept.epsilon):g}"
        yield f"epsilon is {float(rules.epsilon):g}, but people answered under {said}; it may only fall"
    if added := sorted(rules.exact - kept.exact):
        yield f"{', '.join(added)} became exact, but people answered under noise; that may only be taken back"
