"""The one door to what was released: every figure is a sum over whole groups of one unit's part of the tree.

Refuses everything else: no filter, no crossing of questions, no list of people, nothing that depends on answers still
pending. How many people wait is told only as it was at the last close, and only as "0", "1-9" or "10+".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.buckets import FEW, NONE, TEN
from models.homes import homes
from models.participation import CHUNK
from models.released import (
    ANSWERED,
    release_group,
    release_made,
    release_waiting,
    released_count,
    released_text,
)
from models.units import Tree

LEAST_TEXTS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One question: how many gave an answer, and how many chose each option (which may be more, or fewer, in all)."""

    answered: int
    options: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a unit with everything below it said to a questionnaire, all released periods together.

    `n` people in `groups` groups; `own` of them in groups of the unit itself, the others `below` (by child). `periods`
    are the closed ones, in order, and `last` the latest of them, None before the first close; `final` says that no
    further one will come. `waiting` tells how many below the unit waited at the last close, `withheld` how many of
    the whole questionnaire were never counted, both as "0", "1-9" or "10+". `texts` counts words by question, for the
    whole questionnaire and shown at the top alone, from 10 on.
    """

    n: int
    groups: int
    own: int
    below: Mapping[str, int]
    questions: Mapping[str, Figure]
    periods: tuple[str, ...]
    final: bool
    waiting: str
    withheld: str
    texts: Mapping[str, int]

    @property
    def last(self) -> str | None:
        """The last closed period."""
        return self.periods[-1] if self.periods else None


@dataclass(frozen=True, slots=True)
class _Group:
    id: str
    unit: str
    n: int


async def summary(conn: AsyncConnection, tree: Tree, on: date, unit_id: str, questionnaire: str) -> Summary:
    """Sum up a unit of today's tree; all zero for a unit that is not in it."""
    part = tree.subtree(unit_id)
    groups = [group for group in await _groups(conn, tree, on, questionnaire) if group.unit in part]
    periods, final, withheld = await _closes(conn, questionnaire)
    return Summary(
        n=sum(group.n for group in groups),
        groups=len(groups),
        own=sum(group.n for group in groups if group.unit == unit_id),
        below=_below(tree, unit_id, groups),
        questions=await _figures(conn, [group.id for group in groups]),
        periods=periods,
        final=final,
        waiting=await _waiting(conn, tree, on, (unit_id, questionnaire)),
        withheld=withheld,
        texts=await _texts(conn, questionnaire) if unit_id in {top.id for top in tree.roots} else {},
    )


async def texts(conn: AsyncConnection, questionnaire: str, question: str) -> list[str]:
    """Give the words of the whole questionnaire, in an order that says nothing; none where there are fewer than 10."""
    its = released_text.c
    found = select(its.text).where(its.questionnaire == questionnaire, its.question == question).order_by(its.id)
    words = list((await conn.execute(found)).scalars())
    return words if len(words) >= LEAST_TEXTS else []


async def _groups(conn: AsyncConnection, tree: Tree, on: date, questionnaire: str) -> list[_Group]:
    """The groups of a questionnaire, each whole at the unit that stands for its own today."""
    its = release_group.c
    rows = (await conn.execute(select(its.id, its.unit_id, its.n).where(its.questionnaire == questionnaire))).all()
    gone = {row.unit_id for row in rows if row.unit_id not in tree}
    home = await homes(conn, gone, tree, on)
    return [_Group(row.id, home.get(row.unit_id, row.unit_id), row.n) for row in rows]


def _below(tree: Tree, unit_id: str, groups: Iterable[_Group]) -> Mapping[str, int]:
    below: Counter[str] = Counter()
    for group in groups:
        way = [unit.id for unit in tree.path(group.unit)]
        if group.unit != unit_id:
            below[way[way.index(unit_id) + 1]] += group.n
    return below


async def _figures(conn: AsyncConnection, groups: list[str]) -> Mapping[str, Figure]:
    its = released_count.c
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    for start in range(0, len(groups), CHUNK):
        some = select(its.question, its.option, func.sum(its.n).label("n"))
        some = some.where(its.group_id.in_(groups[start : start + CHUNK])).group_by(its.question, its.option)
        for question, option, n in await conn.execute(some):
            cells[question][option] += int(n)
    return {question: Figure(options.pop(ANSWERED, 0), options) for question, options in cells.items()}


async def _closes(conn: AsyncConnection, questionnaire: str) -> tuple[tuple[str, ...], bool, str]:
    its = release_made.c
    made = select(its.period, its.final, its.withheld).where(its.questionnaire == questionnaire).order_by(its.period)
    rows = (await conn.execute(made)).all()
    withheld = _largest(row.withheld for row in rows)
    return tuple(row.period for row in rows), any(row.final for row in rows), withheld


async def _waiting(conn: AsyncConnection, tree: Tree, on: date, of: tuple[str, str]) -> str:
    unit_id, questionnaire = of
    its = release_waiting.c
    rows = (await conn.execute(select(its.unit_id, its.bucket).where(its.questionnaire == questionnaire))).all()
    home = await homes(conn, {row.unit_id for row in rows if row.unit_id not in tree}, tree, on)
    return _largest(row.bucket for row in rows if home.get(row.unit_id, row.unit_id) == unit_id)


def _largest(buckets: Iterable[str]) -> str:
    return max(buckets, key=(NONE, FEW, TEN).index, default=NONE)


async def _texts(conn: AsyncConnection, questionnaire: str) -> Mapping[str, int]:
    its = released_text.c
    counts = select(its.question, func.count().label("n")).where(its.questionnaire == questionnaire)
    rows = await conn.execute(counts.group_by(its.question))
    return {row.question: row.n for row in rows if row.n >= LEAST_TEXTS}
