"""What may be said of a figure that has an error: about how many, from how many to how many, or nothing at all.

For showing alone: nothing of it is ever kept or added up. A group that all answered alike looks like one where nearly
all did, and the other way round, because every value comes with its span.
"""

import math
from dataclasses import dataclass

from models.figures import Figure

LEAST_SHARE = 30  # a percentage of fewer people sounds surer than they are, even where it is exact
FINE = 10  # a percentage is told where the error is at most a tenth of those who answered
COARSE = 2  # nothing is told of the options where the error is more than half of those who answered


@dataclass(frozen=True, slots=True)
class Span:
    """About so many, and from `low` to `high`, 95 times of 100; all three alike where the count is exact."""

    about: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A question's figure among `n` people, n being exact: what can be is told, not what came out of the noise.

    No count below 0, no option above those who answered, no more answers than people. A span reaches as far as the
    error does from the value that is shown, so it holds the true one whenever the error does.
    """

    figure: Figure
    n: int

    @property
    def error(self) -> int:
        """By how many people a count may be off; 0 for an exact question."""
        return self.figure.error

    @property
    def answered(self) -> Span:
        """How many gave an answer."""
        return self._span(min(max(self.figure.answered, 0), self.n), self.n)

    @property
    def silent(self) -> bool:
        """Whether so few answered, or the error is so large, that nothing can be said of the options."""
        return self.error * COARSE > self.answered.about

    @property
    def hopeless(self) -> bool:
        """Whether that would be so even if all had answered."""
        return self.error * COARSE > self.n

    @property
    def small(self) -> bool:
        """Whether it is a question of few people, among whom all or none may seem to have chosen the same."""
        return self.answered.about < LEAST_SHARE

    @property
    def in_shares(self) -> bool:
        """Whether percentages say no more than is known."""
        return not self.small and self.error * FINE <= self.answered.about

    def people(self, key: str) -> Span:
        """How many chose an option."""
        return self._span(min(max(self.figure.options.get(key, 0), 0), self.answered.about), self.answered.high)

    def percent(self, key: str) -> Span:
        """How many of 100 who answered chose an option; the error of both counts is in the span.

        ZeroDivisionError where nobody answered: ask `in_shares` first.
        """
        base = self.answered.about
        share = self.people(key).about / base
        margin = self.error * math.sqrt(1 + share * share) / base  # of a quotient of two counts equally far off
        about = round(100 * share)
        if not self.error:
            return Span(about, about, about)
        return Span(about, max(math.floor(100 * (share - margin)), 0), min(math.ceil(100 * (share + margin)), 100))

    def _span(self, about: int, most: int) -> Span:
        return Span(about, max(about - self.error, 0), min(about + self.error, most))
