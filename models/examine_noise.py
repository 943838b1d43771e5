"""Examines what hides one person in a count: which questions have noise (G5), and whether it is really there (G14).

In a question with one choice, the options of a group add up to the number of its answers exactly, but for the noise.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import rules
from models.finding import Finding, counted, judged, nothing
from models.noise import variance
from models.released import release_group, released_count, released_question
from models.veil import ANSWERED

Single = Mapping[str, frozenset[str]]  # questions with one choice from a closed list, by questionnaire
ENOUGH = 30  # groups times questions from which the size of the noise is measured,
SOME = 10  # and from which none at all cannot be chance
_COUNT, _GROUP, _ASKED = released_count.c, release_group.c, released_question.c


@dataclass(frozen=True, slots=True)
class Cells:
    """What the options of some groups and the answers to one question differ by.

    `terms` are the options and one; of the differences, one a group, `zeros` are 0 and `squares` is the sum of squares.
    """

    place: tuple[str, str]
    question: str
    groups: int
    terms: int
    zeros: int
    squares: int


async def scales(conn: AsyncConnection) -> list[Finding]:
    """G5 and G14: every question has the noise that was promised when it was first answered."""
    its = select(_ASKED.questionnaire, _ASKED.period, _ASKED.question, _ASKED.scale)
    rows = (await conn.execute(its)).all()
    if not rows:
        return [nothing(5, "no count has been released"), nothing(14, "no count has been released")]
    kept = {form: await rules.frozen(conn, form) for form in sorted({row.questionnaire for row in rows})}
    bare = thin = 0
    for row in rows:
        promised = kept[row.questionnaire]
        scale = Fraction(row.scale)
        if scale <= 0:
            bare += promised is None or row.question not in promised.rules.exact
        else:
            thin += promised is not None and scale < 2 / promised.rules.epsilon
    exact = len({(row.questionnaire, row.question) for row in rows if Fraction(row.scale) == 0})
    faults = [
        counted(bare, "question(s) released exactly that were promised noise"),
        counted(await _unnamed(conn), "count(s) of a question of which no noise is noted"),
    ]
    openly = f"; openly not given for {exact:,} that were named exact" if exact else ""
    said = (
        f"{len({(row.questionnaire, row.question) for row in rows}) - exact:,} questions are kept under noise{openly}"
    )
    thinner = counted(thin, "question(s) whose noise is smaller than their frozen epsilon asks for")
    return [judged(5, faults, said), judged(14, [thinner], "every scale is at least that of the frozen epsilon")]


async def _unnamed(conn: AsyncConnection) -> int:
    place = select(_COUNT.question, _GROUP.questionnaire, _GROUP.period).distinct()
    of = place.join(release_group, _GROUP.id == _COUNT.group_id).subquery()
    same = (_ASKED.questionnaire == of.c.questionnaire) & (_ASKED.period == of.c.period)
    found = select(func.count()).select_from(of)
    found = found.outerjoin(released_question, same & (_ASKED.question == of.c.question))
    return (await conn.execute(found.where(_ASKED.question.is_(None)))).scalar_one()


async def sizes(conn: AsyncConnection, single: Single) -> list[Finding]:
    """G14: what the options of a question and its answers differ by is as large as the noise makes it."""
    scale = {
        (row.questionnaire, row.period, row.question): Fraction(row.scale)
        for row in await conn.execute(select(_ASKED.questionnaire, _ASKED.period, _ASKED.question, _ASKED.scale))
    }
    noisy = [cell for cell in await _cells(conn, single) if scale.get((*cell.place, cell.question))]
    if not noisy:
        return []
    measured: dict[tuple[str, str], list[tuple[Cells, float]]] = defaultdict(list)
    for cell in noisy:
        measured[cell.place].append((cell, cell.terms * variance(scale[*cell.place, cell.question])))
    exact = sum(is_bare(cells) for cells in measured.values())
    weak = sum(not is_bare(cells) and is_weak(cells) for cells in measured.values())
    faults = [
        counted(exact, "release(s) whose exact counts are stored"),
        counted(weak, "release(s) whose noise is smaller than its scale"),
    ]
    return [judged(14, faults, _told([pair for cells in measured.values() for pair in cells]))]


async def _cells(conn: AsyncConnection, single: Single) -> list[Cells]:
    rest = func.sum(case((_COUNT.option == ANSWERED, -_COUNT.n), else_=_COUNT.n)).label("rest")
    each = select(_COUNT.group_id, _COUNT.question, func.count().label("terms"), rest)
    its = each.group_by(_COUNT.group_id, _COUNT.question).subquery().c
    key = (_GROUP.questionnaire, _GROUP.period, its.question, its.terms)
    zero = func.sum(case((its.rest == 0, 1), else_=0))
    found = select(*key, func.count(), zero, func.sum(its.rest * its.rest))
    rows = (await conn.execute(found.join(release_group, _GROUP.id == its.group_id).group_by(*key))).all()
    return [
        Cells((form, period), question, groups, terms, int(zeros), int(squares))
        for form, period, question, terms, groups, zeros, squares in rows
        if question in single.get(form, ()) and terms > 2
    ]


Measured = Iterable[tuple[Cells, float]]


def is_bare(cells: Measured) -> bool:
    """Whether there is no noise at all, in more places than chance explains."""
    listed = list(cells)
    number = sum(cell.groups for cell, _ in listed)
    return number >= SOME and sum(cell.zeros for cell, _ in listed) == number


def is_weak(cells: Measured) -> bool:
    """Whether there is clearly less noise than expected.

    Six standard deviations of a sum of squares, where one draw's excess kurtosis is under 6.
    """
    listed = list(cells)
    number = sum(cell.groups for cell, _ in listed)
    expected = sum(cell.groups * each for cell, each in listed)
    spread = math.sqrt(sum(cell.groups * each**2 * (2 + 6 / cell.terms) for cell, each in listed))
    least = max(expected - 6 * spread, expected / 4)
    return number >= ENOUGH and sum(cell.squares for cell, _ in listed) < least


def _told(cells: Measured) -> str:
    listed = list(cells)
    number = sum(cell.groups for cell, _ in listed)
    if number < ENOUGH:
        return "too few sums of options to measure the noise itself"
    ratio = sum(cell.squares for cell, _ in listed) / sum(cell.groups * each for cell, each in listed)
    return f"measured over {number:,} sums of options its variance is {ratio:.2f} times the theory's"
