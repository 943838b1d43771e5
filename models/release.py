"""Turns answers that wait into figures that nobody can trace: at the close of a period, whole groups, once and for all.

Called by the clock alone, inside one transaction of the caller. Refuses to run twice for a period. After its commit
the caller seals what waits on anew (`answers.rekey`, `resealing.rekey`), commits, destroys the period's key and empties
the logs (`shredding`), so that no copy of the answers can be read again. Each of these may be repeated after a crash.
"""

import gc
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers, participation, released, rules
from models.buckets import bucket
from models.crowd import gather
from models.homes import homes
from models.keys import Keys
from models.noise import Below, lots
from models.officers import role_grant
from models.participation import RELEASED, WITHHELD
from models.people import person
from models.periods import closes, previous_period
from models.planner import Branches, Patience, Plan, Waiting, plan
from models.released import release_made
from models.rules import Frozen, Rules, strictest
from models.tally import Chosen, Tally
from models.units import load_tree
from models.veil import Histogram, Veil, scales


@dataclass(frozen=True, slots=True)
class Counted:
    """What one record says: the keys of options by question (several where several may be chosen), and words."""

    options: Chosen
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
    with _undisturbed():
        decided = await _decide(conn, order, kept) if kept else Plan((), (), ())
        await _publish(conn, keys, order, decided)
        await _close(conn, order, decided)
    return True


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Search seldom for garbage in circles: a release makes millions of objects and hardly a circle.

    A running house has set aside what it began with (`bot.commands_run`), and that stays so.
    """
    often, set_aside = gc.get_threshold(), gc.get_freeze_count() > 0
    if not set_aside:
        gc.freeze()
    gc.set_threshold(50_000, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        if not set_aside:
            gc.unfreeze()


async def _decide(conn: AsyncConnection, order: ReleaseOrder, kept: Frozen) -> Plan:
    """Plan by participation and tree alone, and keep how many wait on."""
    tree = await load_tree(conn, kept.tree_on, kept.edition)
    crowd, riders = await gather(conn, order.questionnaire), await _uncountable(conn, order)
    home = await homes(conn, crowd.units, tree, kept.tree_on) if crowd.units else {}
    waiting = (Waiting(one, home[unit], waited, one not in riders) for one, unit, waited in crowd)
    branches = [(unit.id, unit.parent_id if unit.parent_id in tree else None) for unit in tree.post_order()]
    decided = plan(branches, waiting, Patience(order.rules.k, order.rules.hold, order.final))
    still = set(decided.carried)
    below = Counter(home[unit] for one, unit, _ in crowd if one in still)
    await released.write_waiting(conn, order.questionnaire, _summed(branches, below))
    return decided


async def _uncountable(conn: AsyncConnection, order: ReleaseOrder) -> set[int]:
    """People who joined within the period or held a role in it: accounts made for the occasion open no group."""
    began = closes(previous_period(order.period), order.close_day)
    joined = person.c.joined_period
    new = select(person.c.id).where(or_(joined.is_(None), joined >= order.period))
    ended = role_grant.c.ended_at
    officers = select(role_grant.c.person_id).where(or_(ended.is_(None), ended > began))
    return {*(await conn.execute(new)).scalars(), *(await conn.execute(officers)).scalars()}


def _summed(branches: Branches, below: Counter[str]) -> Mapping[str, int]:
    for unit, parent in branches:
        if parent is not None and below[unit]:
            below[parent] += below[unit]
    return below


async def _publish(conn: AsyncConnection, keys: Keys, order: ReleaseOrder, decided: Plan) -> None:
    """Count the groups' records and keep the counts under their noise; the order of people leaves no trace in them."""
    of = (order.questionnaire, order.period)
    if decided.groups:
        tally, texts = await _take(conn, keys, order, decided)
        veil = await _veil(conn, order)
        await released.write_questions(conn, of, veil)
        for number, group in enumerate(decided.groups):
            await released.write_group(conn, of, group, veil.kept(tally.of(number)))
        await released.write_texts(conn, order.questionnaire, texts, order.below)
    if order.final:
        await released.drop_texts(conn, order.questionnaire)


async def _take(
    conn: AsyncConnection, keys: Keys, order: ReleaseOrder, decided: Plan
) -> tuple[Tally, list[tuple[str, str]]]:
    """Count each group's records and collect the words, and erase page by page what was read, while it is at hand."""
    place = {member: number for number, group in enumerate(decided.groups) for member in group.members}
    tally = Tally(order.histograms, len(decided.groups))
    texts: list[tuple[str, str]] = []
    async for page in answers.records(conn, keys, order.questionnaire, place):
        for slip in page:
            counted = order.count(slip.record)
            tally.add(place[slip.person_id], counted.options)
            texts += counted.words.items()
        await answers.erase(conn, order.questionnaire, [slip.person_id for slip in page])
    return tally, texts


async def _veil(conn: AsyncConnection, order: ReleaseOrder) -> Veil:
    """What may be kept: a question that has figures under another questionnaire has none here.

    Somebody who answered both, and in whose group nobody else did, would be told by the difference.
    """
    elsewhere = await released.asked_elsewhere(conn, order.questionnaire, _wordings(order.histograms))
    asked = {question: its for question, its in order.histograms.items() if its.wordings.isdisjoint(elsewhere)}
    return Veil(asked, scales(asked, order.rules), order.rules.k, lots(order.below))


async def repeated(conn: AsyncConnection, asked: Mapping[str, Mapping[str, Histogram]]) -> list[str]:
    """Say in sentences which questions, by questionnaire, have figures under another questionnaire already."""
    faults = []
    for questionnaire, questions in sorted(asked.items()):
        elsewhere = await released.asked_elsewhere(conn, questionnaire, _wordings(questions))
        faults += [
            f"{questionnaire}: {question} asks again what {elsewhere[wording]} asked and published; people who"
            " answered both could be told apart by the difference: ask something else, or leave it out"
            for question, its in questions.items()
            for wording in sorted(its.wordings & elsewhere.keys())
        ]
    return faults


def _wordings(histograms: Mapping[str, Histogram]) -> set[str]:
    return {wording for its in histograms.values() for wording in its.wordings}


async def _close(conn: AsyncConnection, order: ReleaseOrder, decided: Plan) -> None:
    """Note who was published or withheld, let the others wait on, and note that the release was made."""
    # In the order of the table: in any other one its pages would be written again and again.
    released_now = sorted(member for group in decided.groups for member in group.members)
    if order.final:
        await answers.erase_rest(conn, order.questionnaire)
    await participation.settle(conn, order.questionnaire, released_now, RELEASED, order.period)
    await participation.settle(conn, order.questionnaire, decided.withheld, WITHHELD, order.period)
    await participation.wait_on(conn, order.questionnaire)
    made = {"questionnaire": order.questionnaire, "period": order.period, "final": order.final}
    await conn.execute(insert(release_made), {**made, "withheld": bucket(len(decided.withheld))})
