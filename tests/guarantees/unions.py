"""Random unions of some periods, by the planner alone: who waits, who was released together, and every set shown.

No database: thousands of histories in a minute. What an officer may look at is what `models.figures` sums up: all
groups, up to now, of a unit and what stands below it today.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

from models.planner import Group, Patience, Plan, Waiting, plan
from tests.guarantees.linear import Figure, figure

Planner = Callable[[list[tuple[str, str | None]], Iterable[Waiting], Patience], Plan]


@dataclass
class Union:
    """One history. `frozen` is the tree that groups are made on, `above` the tree of today."""

    chance: Random
    patience: Patience
    above: dict[str, str | None]
    frozen: dict[str, str | None] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)  # where a unit that ended is today
    pending: list[Waiting] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    withheld: list[int] = field(default_factory=list)
    people: int = 0

    def today(self, unit: str) -> str:
        """Where a unit is found today."""
        while unit in self.home:
            unit = self.home[unit]
        return unit

    def answer(self, most: int) -> None:
        """Some people send, mostly at a few units."""
        units = [unit for unit in self.frozen if self.chance.random() < 0.7]
        for unit in units:
            for _ in range(self.chance.randint(0, most)):
                self.pending.append(Waiting(self.people, unit, 0, self.chance.random() < 0.85))
                self.people += 1

    def withdraw(self) -> None:
        """Some who wait take everything back, and one or two say where they work only now."""
        self.pending = [one for one in self.pending if self.chance.random() > 0.05]
        if self.pending and self.chance.random() < 0.3:
            number = self.chance.randrange(len(self.pending))
            self.pending[number] = replace(self.pending[number], unit=self.chance.choice(list(self.frozen)))

    def reorganise(self) -> None:
        """A unit is merged into another, or is hung below another."""
        low = [unit for unit in self.above if self.above[unit] is not None and unit not in self.above.values()]
        if not low:
            return
        unit = self.chance.choice(low)
        others = [each for each in self.above if each != unit]
        if self.chance.random() < 0.5:
            self.home[unit] = self.chance.choice(others)
            del self.above[unit]
        else:
            self.above[unit] = self.chance.choice(others)

    def close(self, planner: Planner, *, final: bool = False) -> Plan:
        """Close a period."""
        tree = [(unit, self.frozen[unit]) for unit in _post_order(self.frozen)]
        made = planner(tree, self.pending, replace(self.patience, final=final))
        self.groups += made.groups
        self.withheld += made.withheld
        still = set(made.carried)
        self.pending = [replace(one, waited=one.waited + 1) for one in self.pending if one.person in still]
        return made

    def shown(self) -> Iterator[Figure]:
        """What every officer together can look at now."""
        for unit in self.above:
            people = [one for group in self.groups if unit in self.way(group.unit) for one in group.members]
            if people:
                yield figure(people)

    def way(self, unit: str) -> Iterator[str]:
        """The units that somebody of a unit is counted in today, from the lowest up."""
        at: str | None = self.today(unit)
        while at is not None:
            yield at
            at = self.above[at]


def _post_order(above: dict[str, str | None]) -> list[str]:
    order, waiting = [], [unit for unit, parent in above.items() if parent is None]
    while waiting:
        order.append(waiting.pop())
        waiting += [unit for unit, parent in above.items() if parent == order[-1]]
    return order[::-1]


def union(seed: int, most_units: int = 10) -> Union:
    """Found a union: a tree of some units, a `k`, and how long small ones wait."""
    chance = Random(seed)
    above: dict[str, str | None] = {"u0": None}
    for number in range(1, chance.randint(2, most_units)):
        above[f"u{number}"] = chance.choice(list(above))
    patience = Patience(chance.choice([5, 5, 7, 10]), chance.randint(0, 2))
    return Union(chance, patience, above, frozen=dict(above))


def history(seed: int, planner: Planner = plan, periods: int = 5, most: int = 8) -> tuple[Union, list[Figure]]:
    """Live through some periods; give how it ended and every figure that was ever to be seen."""
    its = union(seed)
    figures: list[Figure] = []
    for number in range(periods):
        its.answer(its.chance.choice([most, 1]))
        its.withdraw()
        its.close(planner, final=number == periods - 1)
        if its.chance.random() < 0.3:
            its.reorganise()
        figures += its.shown()
    return its, figures
