"""What lies between the counts of a group and what is kept of them: noise, drawn once and for all, at the release.

Exact counts are kept of no question but those that the rules name exact.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.noise import Below, drawn, scale_of
from models.rules import Rules

# An answer outside of any list shows by being there at all: it is kept only so far above `k` that not even k - 1
# people who agreed to write the same learn whether one more did. The odds against them are e to the power of this.
OPEN_ODDS = 9

ANSWERED = "@answered"  # counted beside the options: how many people of the group gave any answer to the question
Cells = Counter[tuple[str, str]]  # how many people of a group, by question and option


@dataclass(frozen=True, slots=True)
class Histogram:
    """How a question is counted: its options in all versions (none: answers outside of any list), in how many of them
    one person may count, and fingerprints of its words, by which the same question asked elsewhere is known.
    """

    options: frozenset[str]
    most: int = 1
    wordings: frozenset[str] = frozenset()


def scales(asked: Mapping[str, Histogram], rules: Rules) -> dict[str, Fraction]:
    """The scale of every question's noise, 0 where the rules name it exact."""
    return {
        question: Fraction(0) if question in rules.exact else scale_of(rules.epsilon, its.most)
        for question, its in asked.items()
    }


@dataclass(frozen=True, slots=True)
class Veil:
    """The one place where what was counted and what is kept of it differ.

    Draws for every question and option in their order, whatever was answered, so that nothing but the counts
    themselves depends on the answers.
    """

    asked: Mapping[str, Histogram]
    scales: Mapping[str, Fraction]
    k: int
    below: Below

    def kept(self, cells: Cells) -> dict[tuple[str, str], int]:
        """Turn one group's exact counts into the values that are kept; what no version of a question knows is left."""
        values = {}
        for question, its in sorted(self.asked.items()):
            listed = its.options or self._common(question, cells)
            for option in sorted({ANSWERED, *listed}):
                values[question, option] = self._noisy(question, cells[question, option])
            if not its.options:
                least = self.k + math.ceil(OPEN_ODDS * self.scales[question])
                for option in listed:
                    if values[question, option] < least:
                        del values[question, option]
        return values

    def _common(self, question: str, cells: Cells) -> set[str]:
        return {key for (of, key), n in cells.items() if of == question and key != ANSWERED and n >= self.k}

    def _noisy(self, question: str, exact: int) -> int:
        scale = self.scales[question]
        return exact + drawn(scale, self.below) if scale else exact
