"""The attack by linear algebra on everything that was shown: how few people can any combination of figures tell of?

Figures are sums over sets of groups. Groups that no set separates are one atom, as heavy as the people in it. The sets
are reduced row by row, modulo 2**61 - 1 so that no number grows, in several random orders of the atoms: each row of a
reduced matrix tells of as few atoms as can be, and the lightest row over many orders is a small set, if there is one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

PRIME = 2**61 - 1

Row = dict[int, int]  # coefficients other than zero, by atom


@dataclass(frozen=True, slots=True)
class Atoms:
    """Sets as rows over atoms, and how many people each atom is."""

    rows: list[Row]
    weights: list[int]


def atoms(sets: Sequence[Collection[str]], people: Mapping[str, int]) -> Atoms:
    """Collapse groups that no set separates. `people` says how many a group is; an unknown group is nobody."""
    within: dict[str, list[int]] = defaultdict(list)
    for number, groups in enumerate(sets):
        for group in groups:
            within[group].append(number)
    weights: dict[tuple[int, ...], int] = defaultdict(int)
    for group, told in within.items():
        weights[tuple(told)] += people.get(group, 0)
    rows: list[Row] = [{} for _ in sets]
    for atom, numbers in enumerate(weights):
        for number in numbers:
            rows[number][atom] = 1
    return Atoms(rows, list(weights.values()))


def lightest(found: Atoms, chance: Random, orders: int) -> int | None:
    """The least number of people that a combination of the sets was found to tell of; None where there is no set."""
    least = None
    columns = list(range(len(found.weights)))
    for _ in range(orders):
        chance.shuffle(columns)
        for row in reduced(found.rows, columns):
            weight = sum(found.weights[atom] for atom in row)
            least = weight if least is None else min(least, weight)
    return least


def reduced(rows: Sequence[Row], order: Sequence[int]) -> list[Row]:
    """The reduced basis of the rows, with the columns taken in an order."""
    rank = {column: place for place, column in enumerate(order)}
    basis: dict[int, Row] = {}  # by its first column, which no other row of it has
    for row in rows:
        left = dict(row)
        for column in [column for column in left if column in basis]:
            _subtract(left, basis[column], left[column])
        if not left:
            continue
        pivot = min(left, key=rank.__getitem__)
        inverse = pow(left[pivot], -1, PRIME)
        left = {column: value * inverse % PRIME for column, value in left.items()}
        for other in basis.values():
            if pivot in other:
                _subtract(other, left, other[pivot])
        basis[pivot] = left
    return list(basis.values())


def _subtract(row: Row, other: Row, times: int) -> None:
    for column, value in other.items():
        rest = (row.get(column, 0) - times * value) % PRIME
        if rest:
            row[column] = rest
        else:
            row.pop(column, None)
