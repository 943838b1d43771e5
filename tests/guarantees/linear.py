"""The attack on published sums by linear algebra: what is the least number of people that any combination tells of?

A figure is given as who is in it: a person and a coefficient each. People whom no figure separates are one atom. The
figures are reduced row by row (modulo 2**61 - 1, so that no number grows) in many orders of the atoms; the rows of a
reduced matrix have minimal supports. `told` tries every set of a size instead, for small worlds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

PRIME = 2**61 - 1

Figure = Mapping[int, int]
Row = list[int]


@dataclass(frozen=True, slots=True)
class Atoms:
    """The figures as rows over atoms, and how many people each atom is."""

    rows: list[Row]
    weights: list[int]

    def weight(self, row: Row) -> int:
        """Count the people that a combination tells of."""
        return sum(weight for weight, value in zip(self.weights, row, strict=True) if value)


def figure(people: Iterable[int]) -> Figure:
    """The figure of whole people, each once."""
    return dict.fromkeys(people, 1)


def atoms(figures: Iterable[Figure]) -> Atoms:
    """Collapse people whom no figure separates."""
    told = [dict(each) for each in {tuple(sorted(each.items())): each for each in figures}.values()]
    columns: dict[tuple[int, ...], int] = defaultdict(int)
    for person in sorted({person for each in told for person in each}):
        columns[tuple(each.get(person, 0) for each in told)] += 1
    kept = list(columns)
    return Atoms([[column[number] % PRIME for column in kept] for number in range(len(told))], list(columns.values()))


def reduced(rows: Sequence[Row], order: Sequence[int]) -> list[Row]:
    """Give the reduced basis of the rows, with the columns taken in an order."""
    left = [list(row) for row in rows]
    basis: list[Row] = []
    for column in order:
        found = next((number for number, row in enumerate(left) if row[column]), None)
        if found is None:
            continue
        row = left.pop(found)
        inverse = pow(row[column], -1, PRIME)
        pivot = [value * inverse % PRIME for value in row]
        left = [_less(each, pivot, each[column]) for each in left]
        basis = [_less(each, pivot, each[column]) for each in basis]
        basis.append(pivot)
    return basis


def _less(row: Row, pivot: Row, times: int) -> Row:
    return [(one - times * two) % PRIME for one, two in zip(row, pivot, strict=True)] if times else row


def least(figures: Iterable[Figure], chance: Random, orders: int = 8) -> int:
    """Give the least number of people found in any combination of figures; a huge one where there are none."""
    found = atoms(figures)
    columns = range(len(found.weights))
    heavy = sorted(columns, key=lambda column: -found.weights[column])
    rows, best = reduced(found.rows, heavy), PRIME
    for _ in range(orders):
        best = min([best, *(found.weight(row) for row in rows)])
        rows = reduced(rows, chance.sample(columns, len(columns)))
    return min([best, *(found.weight(row) for row in rows)])


def told(figures: Iterable[Figure], size: int) -> set[int] | None:
    """Give a set of so many people, or fewer, of whom alone some combination tells; None when there is none."""
    listed = list(figures)
    everybody = sorted({person for each in listed for person in each})
    rows = reduced([[each.get(person, 0) for person in everybody] for each in listed], range(len(everybody)))
    for few in combinations(range(len(everybody)), min(size, len(everybody))):
        others = [column for column in range(len(everybody)) if column not in few]
        if len(reduced([[row[column] for column in others] for row in rows], range(len(others)))) < len(rows):
            return {everybody[column] for column in few}
    return None
