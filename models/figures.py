"""The one door to what was released: every figure is a sum over whole groups of one unit's part of the tree.

Refuses everything else: no filter, no crossing of questions, no list of people, nothing that depends on answers still
pending. How many people wait is told only as it was at the last close, and only as "0", "1-9" or "10+". Every figure
that goes out is entered in the ledger (`models.ledger`) with its groups.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import ledger, rules
from models.buckets import FEW, NONE, TEN
from models.homes import homes
from models.ledger import PEOPLE, Entry, Look
from models.noise import margin, variance
from models.participation import CHUNK
from models.planner import LEAST_K, LEAST_TEXTS
from models.released import (
    release_group,
    release_made,
    release_waiting,
    released_count,
    released_question,
    released_text,
)
from models.units import Tree
from models.veil import ANSWERED


@dataclass(frozen=True, slots=True)
class Figure:
    """One question: how many gave an answer, and how many chose each option (which may be more, or fewer, in all).

    Both with the noise they were published under, so that either may be negative or larger than the whole. `error`
    is by how many people each of them is off at most, 95 times of 100; 0 for a question that is published exactly.
    """

    answered: int
    options: Mapping[str, int]
    error: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a unit with everything below it said to a questionnaire, all released periods together.

    `n` people in `groups` groups; `own` of them in groups of the unit itself, the others `below` (by child). `periods`
    are the closed ones, in order, and `last` the latest of them, None before the first close; `final` says that no
    further one will come. `waiting` tells how many below the unit waited at the last close, `withheld` how many of
    the whole questionnaire were never counted, both as "0", "1-9" or "10+". `texts` counts words by question, for the
    whole questionnaire and shown at the top alone, from 10 on. `refused` says that the figures are not given, because
    what is kept is not what a release of this product leaves behind.
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
    refused: bool = False

    @property
    def last(self) -> str | None:
        """The last closed period."""
        return self.periods[-1] if self.periods else None


@dataclass(frozen=True, slots=True)
class _Group:
    id: str
    unit: str
    period: str
    n: int


async def summary(conn: AsyncConnection, look: Look, tree: Tree, unit_id: str, questionnaire: str) -> Summary:
    """Sum up a unit of a day's tree, and enter that in the ledger; all zero for a unit that is not in the tree."""
    on, part = look.day, tree.subtree(unit_id)
    groups = [group for group in await _groups(conn, tree, on, questionnaire) if group.unit in part]
    refused = not await _sound(conn, questionnaire, groups)
    if refused:
        await ledger.refuse(conn, look, questionnaire)
        groups = []
    periods, final, withheld = await _closes(conn, questionnaire)
    summed = Summary(
        n=sum(group.n for group in groups),
        groups=len(groups),
        own=sum(group.n for group in groups if group.unit == unit_id),
        below={child: sum(group.n for group in its) for child, its in _below(tree, unit_id, groups).items()},
        questions=await _figures(conn, questionnaire, groups),
        periods=periods,
        final=final,
        waiting=await _waiting(conn, tree, on, (unit_id, questionnaire)),
        withheld=withheld,
        texts=await _texts(conn, questionnaire) if unit_id in {top.id for top in tree.roots} else {},
        refused=refused,
    )
    below = _below(tree, unit_id, groups).values()
    entries = [_entry(groups, summed.questions), *(_entry(its, {}) for its in below)]
    await ledger.enter(conn, look, [entry for entry in entries if entry.groups])
    return summed


async def texts(conn: AsyncConnection, questionnaire: str, question: str) -> list[str]:
    """Give the words of the whole questionnaire, in an order that says nothing; none where there are fewer than 10."""
    its = released_text.c
    opened = (its.questionnaire == questionnaire, its.question == question, its.open)
    words = list((await conn.execute(select(its.text).where(*opened).order_by(its.id))).scalars())
    return words if len(words) >= LEAST_TEXTS else []


async def _sound(conn: AsyncConnection, questionnaire: str, groups: Iterable[_Group]) -> bool:
    """Whether every group is as large as was promised: whole groups of fewer would tell of fewer."""
    kept = await rules.frozen(conn, questionnaire)
    least = max(kept.rules.k if kept else LEAST_K, LEAST_K)
    return all(group.n >= least for group in groups)


def _entry(groups: Iterable[_Group], questions: Mapping[str, Figure]) -> Entry:
    listed = list(groups)
    values = {PEOPLE: sum(group.n for group in listed)}
    for question, figure in questions.items():
        values[question, ANSWERED] = figure.answered
        values |= {(question, option): n for option, n in figure.options.items()}
    return Entry(tuple(group.id for group in listed), values)


async def _groups(conn: AsyncConnection, tree: Tree, on: date, questionnaire: str) -> list[_Group]:
    """The groups of a questionnaire, each whole at the unit that stands for its own today."""
    its = release_group.c
    found = select(its.id, its.unit_id, its.period, its.n).where(its.questionnaire == questionnaire)
    rows = (await conn.execute(found)).all()
    gone = {row.unit_id for row in rows if row.unit_id not in tree}
    home = await homes(conn, gone, tree, on)
    return [_Group(row.id, home.get(row.unit_id, row.unit_id), row.period, row.n) for row in rows]


def _below(tree: Tree, unit_id: str, groups: Iterable[_Group]) -> Mapping[str, list[_Group]]:
    """The groups that lie below a unit, by its child that they lie under."""
    below: dict[str, list[_Group]] = defaultdict(list)
    for group in groups:
        way = [unit.id for unit in tree.path(group.unit)]
        if group.unit != unit_id:
            below[way[way.index(unit_id) + 1]].append(group)
    return below


async def _figures(conn: AsyncConnection, questionnaire: str, groups: list[_Group]) -> Mapping[str, Figure]:
    its = released_count.c
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    for start in range(0, len(groups), CHUNK):
        some = select(its.question, its.option, func.sum(its.n).label("n"))
        some = some.where(its.group_id.in_([group.id for group in groups[start : start + CHUNK]]))
        for question, option, n in await conn.execute(some.group_by(its.question, its.option)):
            cells[question][option] += int(n)
    errors = await _errors(conn, questionnaire, groups)
    return {
        question: Figure(options.pop(ANSWERED, 0), options, errors.get(question, 0))
        for question, options in cells.items()
    }


async def _errors(conn: AsyncConnection, questionnaire: str, groups: Iterable[_Group]) -> Mapping[str, int]:
    """By question, how far off a count over all these groups may be: each group brought noise of its period's scale."""
    its = released_question.c
    times = Counter(group.period for group in groups)
    spread: dict[str, float] = defaultdict(float)
    found = select(its.period, its.question, its.scale).where(its.questionnaire == questionnaire)
    for period, question, scale in (await conn.execute(found)).all():
        spread[question] += times[period] * variance(Fraction(scale))
    return {question: margin(all_of_it) for question, all_of_it in spread.items()}


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
    counts = select(its.question, func.count().label("n")).where(its.questionnaire == questionnaire, its.open)
    rows = await conn.execute(counts.group_by(its.question))
    return {row.question: row.n for row in rows if row.n >= LEAST_TEXTS}
