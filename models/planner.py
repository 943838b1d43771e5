"""Puts the people who wait into groups that may be published. Knows who waits and the tree; never sees an answer.

The rule, unit by unit from the leaves up: everybody who waits at a unit or was passed up to it becomes one group as
soon as `k` of them count; otherwise those who have waited `hold` periods (at the end: all) are passed up, the others
stay. What the top passes on is absorbed into the smallest group of this same plan, or carried to the next period, or,
at the end, withheld. Groups never overlap, are never reopened, and the outcome does not depend on any order.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

LEAST_K = 5
LEAST_TEXTS = 10  # words are opened to be read when so many of a question are there to be opened together


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person who waits: at which unit, for how many closed periods, and whether that person counts towards `k`."""

    person: int
    unit: str
    waited: int
    countable: bool


@dataclass(frozen=True, slots=True)
class Patience:
    """What a group needs and how long a small unit waits. `final` says that no later period will come."""

    k: int
    hold: int
    final: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """People who are published together, in the order of their numbers, and the one unit whose figure they make."""

    unit: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everybody goes: groups (by unit), and who is carried to the next period or withheld for good, sorted."""

    groups: tuple[Group, ...]
    carried: tuple[int, ...]
    withheld: tuple[int, ...]


@dataclass(slots=True)
class _Part:
    """People by their numbers alone (a million take 8 MB), and how many of them count."""

    people: "array[int]" = field(default_factory=lambda: array("q"))
    countable: int = 0

    def add(self, one: Waiting) -> None:
        self.people.append(one.person)
        self.countable += one.countable

    def take(self, other: "_Part") -> None:
        self.people += other.people
        self.countable += other.countable


@dataclass(slots=True)
class _Pool:
    """People gathered at one unit: those who are passed up if they make no group here, and those who then stay."""

    passed: _Part = field(default_factory=_Part)
    staying: _Part = field(default_factory=_Part)


Branches = Sequence[tuple[str, str | None]]


def plan(tree: Branches, pending: Iterable[Waiting], patience: Patience) -> Plan:
    """Plan a release. `tree` lists (unit, its parent), each unit after all below it; None stands above a top.

    Refuses (ValueError) a `k` below 5, and a person whose unit is not in the tree.
    """
    if patience.k < LEAST_K:
        raise ValueError(f"groups of fewer than {LEAST_K} people are refused (k = {patience.k})")
    pools: dict[str, _Pool] = {unit: _Pool() for unit, _ in tree}
    for one in pending:
        if one.unit not in pools:
            raise ValueError("somebody waits at a unit that is not in the tree")
        pool = pools[one.unit]
        (pool.passed if patience.final or one.waited >= patience.hold else pool.staying).add(one)
    return _Planning(patience).walk(tree, pools)


class _Planning:
    """One walk up the tree."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._tops: dict[str, str] = {}  # unit with a group -> the top that it stands under
        self._emitted: dict[str, _Part] = {}
        self._carried: list[int] = []
        self._withheld: list[int] = []

    def walk(self, tree: Branches, pools: dict[str, _Pool]) -> Plan:
        top_of: dict[str, str] = {}
        for unit, parent in reversed(tree):
            top_of[unit] = top_of[parent] if parent is not None else unit
        for unit, parent in tree:
            pool = pools.pop(unit)
            passed = pool.passed
            if passed.countable + pool.staying.countable >= self._patience.k:
                passed.take(pool.staying)
                self._emitted[unit], self._tops[unit] = passed, top_of[unit]
                continue
            self._carried += pool.staying.people
            if parent is not None:
                pools[parent].passed.take(passed)
            elif passed.people:
                self._settle(unit, passed)
        groups = tuple(Group(unit, tuple(sorted(part.people))) for unit, part in sorted(self._emitted.items()))
        return Plan(groups, tuple(sorted(self._carried)), tuple(sorted(self._withheld)))

    def _settle(self, top: str, rest: _Part) -> None:
        """Absorb what the top could not publish, or carry it, or withhold it."""
        below = [unit for unit, its_top in self._tops.items() if its_top == top]
        if below:
            smallest = min(below, key=lambda unit: (len(self._emitted[unit].people), unit))
            rest.take(self._emitted.pop(smallest))
            self._emitted[top] = rest
        elif self._patience.final:
            self._withheld += rest.people
        else:
            self._carried += rest.people
