"""Turns answers that wait into figures that nobody can trace: at the close of a period, whole groups, once and for all.

Called by the clock alone, inside one transaction of the caller. Refuses to run twice for a period. After its commit
the caller seals what waits on anew (`answers.rekey`, `resealing.rekey`), commits, destroys the period's key and empties
the logs (`shredding`), so that no copy of the answers can be read again. Each of these may be repeated after a crash.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers, participation, released, rules
from models.buckets import bucket
from models.homes import homes
from models.keys import Keys
from models.noise import Below
from models.officers import role_grant
from models.participation import RELEASED, WITHHELD
from models.people import person
from models.periods import closes, previous_period
from models.planner import Patience, Plan, Waiting, plan
from models.released import release_made
from models.rules import Frozen, Rules, strictest
from models.units import Tree, load_tree
from models.veil import Cells, Histogram, Options, Veil, add, scales


@dataclass(frozen=True, slots=True)
class Counted:
    """What one record says: the keys of options by question (several where several may be chosen), and words."""

    options: Options
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """Which questionnaire to release at the close of which period, and how its records are read.

    `rules` are the pack's; the stricter of them and the frozen ones hold. `final` says that the questionnaire has
    ended. `count` reads one record; it must not fail. `histograms` say how each question is counted: every option of a
    closed list is kept for every group, chosen or not, and nothing of a question that is not named here. `below` is
    where the noise comes from.
    """

    questionnaire: str
    period: str
    close_day: int
    rules: Rules
    final: bool
    count: Callable[[bytes], Counted]
    histograms: Mapping[str, Histogram]
    below: Below = secrets.randbelow


async def release(conn: AsyncConnection, keys: Keys, order: ReleaseOrder) -> bool:
    """Release a questionnaire's answers of a closed period; False when that was done before. Raises KeyLost."""
    await answers.hold_still(conn)
    its = release_made.c
    done = select(its.period).where(its.questionnaire == order.questionnaire, its.period == order.period)
    if (await conn.execute(done)).first():
        return False
    kept = await rules.frozen(conn, order.questionnaire)
    if kept:
        order = replace(order, rules=strictest(kept.rules, order.rules))
    decided = await _decide(conn, order, kept) if kept else Plan((), (), ())
    await _publish(conn, keys, order, decided)
    await _close(conn, order, decided)
    return True


async def _decide(conn: AsyncConnection, order: ReleaseOrder, kept: Frozen) -> Plan:
    """Plan by participation and tree alone, and keep how many wait on."""
    tree = await load_tree(conn, kept.tree_on, kept.edition)
    waiting = await _waiting(conn, order, tree, kept)
    branches = [(unit.id, unit.parent_id if unit.parent_id in tree else None) for unit in tree.post_order()]
    decided = plan(branches, waiting, Patience(order.rules.k, order.rules.hold, order.final))
    await released.write_waiting(conn, order.questionnaire, _below(branches, waiting, decided.carried))
    return decided


async def _waiting(conn: AsyncConnection, order: ReleaseOrder, tree: Tree, kept: Frozen) -> list[Waiting]:
    riders = await _uncountable(conn, order)
    sent = [one async for one in participation.sent(conn, order.questionnaire)]
    home = await homes(conn, {one.unit for one in sent}, tree, kept.tree_on) if sent else {}
    return [Waiting(one.person, home[one.unit], one.waited, one.person not in riders) for one in sent]


async def _uncountable(conn: AsyncConnection, order: ReleaseOrder) -> set[int]:
    """People who joined within the period or held a role in it: accounts made for the occasion open no group."""
    began = closes(previous_period(order.period), order.close_day)
    joined = person.c.joined_period
    new = select(person.c.id).where(or_(joined.is_(None), joined >= order.period))
    ended = role_grant.c.ended_at
    officers = select(role_grant.c.person_id).where(or_(ended.is_(None), ended > began))
    return {*(await conn.execute(new)).scalars(), *(await conn.execute(officers)).scalars()}


def _below(
    branches: Sequence[tuple[str, str | None]], waiting: Iterable[Waiting], carried: Iterable[int]
) -> Mapping[str, int]:
    still = set(carried)
    below = Counter(one.unit for one in waiting if one.person in still)
    for unit, parent in branches:
        if parent is not None and below[unit]:
            below[parent] += below[unit]
    return below


async def _publish(conn: AsyncConnection, keys: Keys, order: ReleaseOrder, decided: Plan) -> None:
    """Count the groups' records and keep the counts under their noise; the order of people leaves no trace in them."""
    of = (order.questionnaire, order.period)
    if decided.groups:
        place = {member: number for number, group in enumerate(decided.groups) for member in group.members}
        cells: list[Cells] = [Counter() for _ in decided.groups]
        texts: list[tuple[str, str]] = []
        async for page in answers.records(conn, keys, order.questionnaire, place):
            for slip in page:
                counted = order.count(slip.record)
                add(cells[place[slip.person_id]], counted.options)
                texts += counted.words.items()
        veil = await _veil(conn, order)
        await released.write_questions(conn, of, veil)
        for group, its in zip(decided.groups, cells, strict=True):
            await released.write_group(conn, of, group, veil.kept(its))
        await released.write_texts(conn, order.questionnaire, texts, order.below)
    if order.final:
        await released.drop_texts(conn, order.questionnaire)


async def _veil(conn: AsyncConnection, order: ReleaseOrder) -> Veil:
    """What may be kept: a question that has figures under another questionnaire has none here.

    Somebody who answered both, and in whose group nobody else did, would be told by the difference.
    """
    wordings = [its.wording for its in order.histograms.values()]
    elsewhere = await released.asked_elsewhere(conn, order.questionnaire, wordings)
    asked = {question: its for question, its in order.histograms.items() if its.wording not in elsewhere}
    return Veil(asked, scales(asked, order.rules), order.rules.k, order.below)


async def repeated(conn: AsyncConnection, asked: Mapping[str, Mapping[str, Histogram]]) -> list[str]:
    """Say in sentences which questions, by questionnaire, have figures under another questionnaire already."""
    faults = []
    for questionnaire, questions in sorted(asked.items()):
        elsewhere = await released.asked_elsewhere(conn, questionnaire, [its.wording for its in questions.values()])
        faults += [
            f"{questionnaire}: {question} asks again what {elsewhere[its.wording]} asked and published; people who"
            " answered both could be told apart by the difference: ask something else, or leave it out"
            for question, its in questions.items()
            if its.wording in elsewhere
        ]
    return faults


async def _close(conn: AsyncConnection, order: ReleaseOrder, decided: Plan) -> None:
    """Erase what was published or withheld, let the others wait on, and note that the release was made."""
    released_now = [member for group in decided.groups for member in group.members]
    if order.final:
        await answers.erase_rest(conn, order.questionnaire)
    else:
        await answers.erase(conn, order.questionnaire, released_now)
    await participation.settle(conn, order.questionnaire, released_now, RELEASED, order.period)
    await participation.settle(conn, order.questionnaire, decided.withheld, WITHHELD, order.period)
    await participation.wait_on(conn, order.questionnaire)
    made = {"questionnaire": order.questionnaire, "period": order.period, "final": order.final}
    await conn.execute(insert(release_made), {**made, "withheld": bucket(len(decided.withheld))})
