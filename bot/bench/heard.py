"""What anonymity costs a federation of usual size: where people's answers appear, and how far off the figures are."""

import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bot.after import after_release
from bot.bench.federation import AT, QUESTIONNAIRE, Federation, federation, open_house, plant, walked
from bot.bench.filling import Pending, fill, pending
from bot.foundation import Foundation
from bot.writer import Writer
from handlers import calendar
from handlers.content import forms_of
from handlers.deadlines import last_period
from models import consents, figures
from models.figures import Summary
from models.ledger import Look
from models.periods import closes, next_period
from models.units import load_tree

UNITS, MEMBERS, ANSWERING = 188, 12_000, 0.15
# In which of the periods people answer: most when they are first asked, the last half a year later.
PERIODS = {"2019-12": 0.35, "2020-01": 0.25, "2020-02": 0.15, "2020-03": 0.1, "2020-04": 0.1, "2020-05": 0.05}
LEVELS = {"w": "their own unit", "m": "the unit above", "t": "the federation"}
Cells = Counter[tuple[str, str]]


@dataclass(slots=True)
class Heard:
    """How many people answered, how many appear at each level, and by level what each figure's error means.

    `errors`: people and percentage points, 95 % margin, of every question; `right`: how many options of all were
    within that margin of what was really said, where that is known.
    """

    people: int
    at: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    sizes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    right: int = 0
    compared: int = 0


async def heard(folder: Path, seed: int, members: int = MEMBERS, walkers: int = 150) -> Heard:
    """Fill the federation of example, close every period of the questionnaire, and look at each unit as an officer."""
    chance = random.Random(seed)
    records = await walked(walkers, seed)
    foundation = await open_house(folder)
    made = federation(UNITS, chance)
    async with foundation.engine.begin() as conn:
        ids = await plant(conn, made, folder)
    places = {ids[code]: weight for code, weight in made.weights.items()}
    said = list(pending(places, records, round(members * ANSWERING), chance))
    when = chance.choices(list(PERIODS), list(PERIODS.values()), k=len(said))
    people = [replace(one, period=period) for one, period in zip(said, when, strict=True)]
    try:
        await _close_all(foundation, people)
        return await _look(foundation, people, made)
    finally:
        await foundation.close()


async def _close_all(foundation: Foundation, people: list[Pending]) -> None:
    """Let people send, and every period of the questionnaire close, as the clock does it."""
    house, writer = foundation.house, Writer(foundation.engine)
    day = house.pack.period_close_day
    end = closes(last_period(house.pack, house.pack.questionnaires[QUESTIONNAIRE]), day)
    writer.start()
    for inbound in calendar.due(house.pack, end):
        kind, questionnaire, period = (*inbound.text.split(":"), "", "")[:3]
        if (kind, questionnaire) == ("release", QUESTIONNAIRE):
            await fill(foundation, (one for one in people if one.period == period))
            await writer.write(partial(calendar.attend, house=house, inbound=inbound))
            await after_release(foundation, writer, next_period(period))
    await writer.close()


async def _look(foundation: Foundation, people: list[Pending], made: Federation) -> Heard:
    found = Heard(len(people))
    async with foundation.engine.begin() as conn:
        tree = await load_tree(conn, AT.date())
        forms, allowed = await forms_of(conn, foundation.house, QUESTIONNAIRE), await consents.uses(conn)
        count = calendar.count(forms, allowed)
        exact: dict[str, Cells] = defaultdict(Counter)
        sent = Counter(one.unit for one in people)
        for one in people:
            keys = count(one.record).options.items()
            exact[one.unit].update((question, option) for question, options in keys for option in options)
        for unit in tree.units:
            summed = await figures.summary(conn, Look("officer", AT.date()), tree, unit.id, QUESTIONNAIRE)
            _note(found, unit.code[0], summed)
            below = tree.subtree(unit.id)
            if summed.n and summed.n == sum(sent[each] for each in below):
                _compare(found, summed, sum((exact[each] for each in below), Counter()))
    return found


def _note(found: Heard, level: str, summed: Summary) -> None:
    found.at[level] += summed.own
    found.units[level] += 1
    if summed.n:
        found.sizes[level].append(summed.n)
        found.errors[level] += [(each.error, 100 * each.error / summed.n) for each in summed.questions.values()]


def _compare(found: Heard, summed: Summary, exact: Cells) -> None:
    for question, figure in summed.questions.items():
        for option, n in figure.options.items():
            found.compared += 1
            found.right += abs(n - exact[question, option]) <= figure.error


def told(found: Heard) -> Iterator[str]:
    """The figures as lines."""
    yield f"{UNITS} units, {MEMBERS:,} members, {found.people:,} answer in {len(PERIODS)} periods. They appear at"
    for level, name in LEVELS.items():
        yield f"  {name:<16} {found.at[level] / found.people:6.1%}"
    withheld = found.people - found.at.total()
    yield f"  {'nowhere':<16} {withheld / found.people:6.1%}"
    yield "how far a figure is off at most, 95 times of 100 (the middle one of all questions and units):"
    for level, name in LEVELS.items():
        yield f"  {name:<16} {_middle(found, level)}"
    right = found.right / max(found.compared, 1)
    yield f"  {right:.1%} of {found.compared:,} figures were within their margin of what was said"


def _middle(found: Heard, level: str) -> str:
    if not found.sizes[level]:
        return "no figures"
    people, points = (statistics.median(each) for each in zip(*found.errors[level], strict=True))
    size, shown = statistics.median(found.sizes[level]), f"{len(found.sizes[level])} of {found.units[level]}"
    return f"{people:.0f} people, {points:.0f} points of 100; figures in {shown}, the middle one of {size:.0f} people"
