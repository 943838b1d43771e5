"""Questions with a measure for an answer: a number, a date. What a release counts of them is a range."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from pydantic import Field

from conversations.expressions import Mention
from conversations.options import ORDERED, Asked, Fault, Id, Part
from conversations.places import Answer
from conversations.text import Words
from locales import formats

MONTHS_MOST = 1200  # a century of months: more would be no list


class Band(Part):
    """A range of numbers that a release counts: from `from` on (or any), below `below` (or any)."""

    id: Id
    text: Words
    start: Decimal | None = Field(default=None, alias="from")
    below: Decimal | None = None

    def holds(self, number: Decimal) -> bool:
        """Tell whether the number lies in the band."""
        return (self.start is None or self.start <= number) and (self.below is None or number < self.below)


class NumberQuestion(Asked):
    """A number from `min` to `max`, in `unit`. The answer is the number as text ("1234.5"); its band is counted."""

    kind: Literal["number"]
    min: Decimal | None = None
    max: Decimal | None = None
    unit: Words | None = None
    bands: tuple[Band, ...] = Field(min_length=1)
    signs = ORDERED

    def keys(self) -> dict[str, Words]:
        """Return the bands."""
        return {band.id: band.text for band in self.bands}

    def counted(self, answer: Answer) -> list[str]:
        """Return the band."""
        number = Decimal(str(answer.value))
        return [band.id for band in self.bands if band.holds(number)][:1]

    def told(self, answer: Answer, lang: str) -> str:
        """Return the number with its unit."""
        return self.measured(Decimal(str(answer.value)), lang)

    def measured(self, number: Decimal, lang: str) -> str:
        """Return any number with the unit."""
        return formats.number(number, lang) + (f" {self.unit.in_(lang)}" if self.unit else "")

    def unknown(self, mention: Mention) -> str:
        """Refuse to compare with what is no number."""
        try:
            Decimal(mention.value)
        except InvalidOperation:
            return f"'{self.id}' is a number and cannot be '{mention.value}'"
        return ""

    def faults(self) -> Iterator[Fault]:
        """Find limits that cross, and bands that leave a gap, overlap, or end before the limits do."""
        if self.min is not None and self.max is not None and self.min > self.max:
            yield ("min",), f"question '{self.id}': min {self.min} is more than max {self.max}"
        if len({band.id for band in self.bands}) < len(self.bands):
            yield ("bands",), f"question '{self.id}': two bands have the same id"
        for index, (band, following) in enumerate(zip(self.bands, self.bands[1:], strict=False), start=1):
            if band.below is None or band.below != following.start:
                yield ("bands", index), f"question '{self.id}': band '{following.id}' must begin where '{band.id}' ends"
        for index, band in enumerate(self.bands):
            if band.start is not None and band.below is not None and band.start >= band.below:
                yield ("bands", index), f"question '{self.id}': band '{band.id}' is empty"
        first, last = self.bands[0], self.bands[-1]
        if first.start is not None and (self.min is None or first.start > self.min):
            yield ("bands", 0), f"question '{self.id}': numbers before band '{first.id}' are in no band"
        if last.below is not None and (self.max is None or last.below <= self.max):
            yield ("bands", len(self.bands) - 1), f"question '{self.id}': numbers after band '{last.id}' are in no band"


class DateQuestion(Asked):
    """A day from `min` to `max`. The answer is an ISO date; its month is counted."""

    kind: Literal["date"]
    min: date | None = None
    max: date | None = None
    signs = ORDERED

    def keys(self) -> dict[str, Words]:
        """Return the months from `min` to `max`; empty if one of them is open."""
        if self.min is None or self.max is None:
            return {}
        first, last = _month(self.min), _month(self.max)
        return {
            f"{number // 12:04}-{number % 12 + 1:02}": Words({"vi": f"{number % 12 + 1:02}/{number // 12:04}"})
            for number in range(first, last + 1)
        }

    def counted(self, answer: Answer) -> list[str]:
        """Return the month, "YYYY-MM"."""
        return [str(answer.value)[:7]]

    def told(self, answer: Answer, lang: str) -> str:
        """Return the day as people write it."""
        return formats.day(date.fromisoformat(str(answer.value)), lang)

    def unknown(self, mention: Mention) -> str:
        """Refuse to compare with what is no ISO date."""
        try:
            date.fromisoformat(mention.value)
        except ValueError:
            return f"'{self.id}' is a date and cannot be '{mention.value}' (write 2020-01-15)"
        return ""

    def faults(self) -> Iterator[Fault]:
        """Find limits that cross, or lie more than a century apart."""
        if self.min is None or self.max is None:
            return
        if not 0 <= _month(self.max) - _month(self.min) <= MONTHS_MOST or self.min > self.max:
            yield ("min",), f"question '{self.id}': {self.min} to {self.max} is no range of days within a century"


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
