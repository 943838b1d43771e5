"""Examines the ledger of every figure ever given out: sums over whole groups (G4), and no other figure (G7).

Where very many figures were given out, those that are looked at one by one are drawn by lot; the evidence says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.examine_reduction import atoms, lightest
from models.finding import Finding, counted, judged, nothing
from models.ledger import PEOPLE, ledger_figure, ledger_look, ledger_refusal, ledger_set, set_of
from models.participation import chunks
from models.planner import LEAST_K
from models.released import release_group, released_count
from models.rules import frozen_rule

SETS = 300_000  # memberships of groups in sets that are read, and
SUMS = 50_000  # those whose figures are added up again
ROWS, ORDERS, ROUNDS = 120, 5, 6  # sets reduced together, in how many orders, and how often anew

_SET, _FIGURE, _COUNT, _GROUP = ledger_set.c, ledger_figure.c, released_count.c, release_group.c


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of groups by name, how many there are in all, and for each group its people and its questionnaire's k."""

    groups: Mapping[str, tuple[str, ...]]
    total: int
    people: Mapping[str, int]
    least: int


async def linear(conn: AsyncConnection, chance: Random) -> list[Finding]:
    """G4: no combination of all that was shown tells of fewer than k people."""
    sets = await _sets(conn, chance)
    if not sets.total:
        return [nothing(4, "no figure has been given out")]
    unnamed = sum(name != set_of(groups) for name, groups in sets.groups.items())
    lightest_found = _attacked(sets, chance)
    faults = [
        counted(await _strange(conn), "figure set(s) hold a group that does not exist"),
        counted(await _empty(conn), "figure(s) are of no groups at all"),
        counted(await _mixed(conn), "figure set(s) add up groups of several questionnaires"),
        counted(unnamed, "figure set(s) are not what they were when they were entered"),
        "a combination of figures tells of fewer people than k" if lightest_found < sets.least else "",
    ]
    said = f"{_of(len(sets.groups), sets.total)} sets of figures are unions of whole groups"
    rows, orders = min(ROWS, len(sets.groups)), ROUNDS * ORDERS
    tried = f"row reduction modulo 2^61-1, {rows} at a time in {orders} random orders, finds nothing that tells of"
    return [judged(4, faults, f"{said}; {tried} fewer than k people")]


async def _sets(conn: AsyncConnection, chance: Random) -> Sets:
    kept = await _drawn(conn, chance, SETS)
    groups: dict[str, list[str]] = defaultdict(list)
    for chunk in chunks(kept.names):
        rows = await conn.execute(select(_SET.set_id, _SET.group_id).where(_SET.set_id.in_(chunk)))
        for name, group in rows:
            groups[name].append(group)
    sizes = {row.id: row.n for row in await conn.execute(select(_GROUP.id, _GROUP.n))}
    least = (await conn.execute(select(func.min(frozen_rule.c.k)))).scalar() or LEAST_K
    return Sets({name: tuple(its) for name, its in groups.items()}, kept.total, sizes, max(least, LEAST_K))


@dataclass(frozen=True, slots=True)
class _Drawn:
    names: Sequence[str]
    total: int


async def _drawn(conn: AsyncConnection, chance: Random, most: int) -> _Drawn:
    """Draw sets by lot until they hold so many groups together; all of them, where that is enough."""
    rows = (await conn.execute(select(_SET.set_id, func.count()).group_by(_SET.set_id).order_by(_SET.set_id))).all()
    sizes = [(name, size) for name, size in rows]
    if sum(size for _, size in sizes) > most:
        chance.shuffle(sizes)
    names: list[str] = []
    held = 0
    for name, size in sizes:
        held += size
        if held > most and names:
            break
        names.append(name)
    return _Drawn(names, len(sizes))


def _attacked(sets: Sets, chance: Random) -> int:
    """Reduce all sets together; of very many, those with a group drawn by lot (they differ by little) and others."""
    names = sorted(sets.groups)
    if len(names) <= ROWS:
        return _lightest(sets, names, chance, ROUNDS * ORDERS)
    within: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for group in sets.groups[name]:
            within[group].append(name)
    found = []
    for group in chance.choices(sorted(within), k=ROUNDS):
        near = chance.sample(within[group], min(len(within[group]), ROWS * 2 // 3))
        far = chance.sample(names, ROWS - len(near))
        found.append(_lightest(sets, sorted({*near, *far}), chance, ORDERS))
    return min(found)


def _lightest(sets: Sets, names: Iterable[str], chance: Random, orders: int) -> int:
    found = lightest(atoms([sets.groups[name] for name in names], sets.people), chance, orders)
    return sets.least if found is None else found


async def _number(conn: AsyncConnection, of: Select[tuple[str]]) -> int:
    return (await conn.execute(select(func.count()).select_from(of.subquery()))).scalar_one()


async def _strange(conn: AsyncConnection) -> int:
    lone = select(_SET.set_id).distinct().outerjoin(release_group, _GROUP.id == _SET.group_id)
    return await _number(conn, lone.where(_GROUP.id.is_(None)))


async def _empty(conn: AsyncConnection) -> int:
    lone = select(_FIGURE.set_id).distinct().outerjoin(ledger_set, _SET.set_id == _FIGURE.set_id)
    return await _number(conn, lone.where(_SET.set_id.is_(None)))


async def _mixed(conn: AsyncConnection) -> int:
    found = select(_SET.set_id).join(release_group, _GROUP.id == _SET.group_id).group_by(_SET.set_id)
    return await _number(conn, found.having(func.count(_GROUP.questionnaire.distinct()) > 1))


async def values(conn: AsyncConnection, chance: Random) -> list[Finding]:
    """G7: every figure that was given out is the sum of what is stored, and what was refused is counted."""
    drawn = await _drawn(conn, chance, SUMS)
    refused = (await conn.execute(select(func.coalesce(func.sum(ledger_refusal.c.times), 0)))).scalar_one()
    if not drawn.total and not refused:
        return [nothing(7, "no figure has been given out")]
    wrong = 0
    for chunk in chunks(drawn.names):
        wrong += await _number(conn, _unequal(chunk)) + await _number(conn, _miscounted(chunk))
    total = (await conn.execute(select(func.count()).select_from(ledger_figure))).scalar_one()
    faults = [
        counted(wrong, "figure(s) that were given out are not the sum of what is stored"),
        counted(await _unlooked(conn), "figure set(s) that nobody is known to have looked at"),
    ]
    said = f"{total:,} figures were given out; those of {_of(len(drawn.names), drawn.total)} sets were added up again"
    return [judged(7, faults, f"{said} and agree with what is stored; {int(refused):,} were refused")]


def _unequal(names: Iterable[str]) -> Select[tuple[str]]:
    """Figures of questions that are no sum of counts."""
    same = (_COUNT.question == _FIGURE.question) & (_COUNT.option == _FIGURE.option)
    found = select(_FIGURE.set_id).join(ledger_set, _SET.set_id == _FIGURE.set_id)
    found = found.outerjoin(released_count, (_COUNT.group_id == _SET.group_id) & same)
    found = found.where(_FIGURE.set_id.in_(list(names)), _FIGURE.question != PEOPLE[0])
    found = found.group_by(_FIGURE.set_id, _FIGURE.question, _FIGURE.option, _FIGURE.value)
    return found.having(func.coalesce(func.sum(_COUNT.n), 0) != _FIGURE.value)


def _miscounted(names: Iterable[str]) -> Select[tuple[str]]:
    """Numbers of people that are not those of their groups."""
    found = select(_FIGURE.set_id).join(ledger_set, _SET.set_id == _FIGURE.set_id)
    found = found.join(release_group, _GROUP.id == _SET.group_id)
    found = found.where(_FIGURE.set_id.in_(list(names)), _FIGURE.question == PEOPLE[0])
    return found.group_by(_FIGURE.set_id, _FIGURE.value).having(func.sum(_GROUP.n) != _FIGURE.value)


async def _unlooked(conn: AsyncConnection) -> int:
    seen = ledger_look.c
    lone = select(_FIGURE.set_id).distinct().outerjoin(ledger_look, seen.set_id == _FIGURE.set_id)
    return await _number(conn, lone.where(seen.set_id.is_(None)))


def _of(some: int, every: int) -> str:
    return f"all {every:,}" if some == every else f"{some:,} (drawn by lot) of {every:,}"
