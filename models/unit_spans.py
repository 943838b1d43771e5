"""What a unit was from a day to a day, and the timeline that a unit's spans make. Pure; days only, no hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """What a unit was from `valid_from` to `valid_to`, both included; None = until further notice.

    `unit` and `parent` are unit ids, or the key of a unit that is yet to be founded. `row` is the row of the file that
    says so, 0 for what was published before; it does not count when spans are compared.
    """

    unit: str
    valid_from: date
    valid_to: date | None
    kind: str
    code: str
    name: str
    short_name: str
    parent: str | None
    row: int = field(default=0, compare=False)

    @property
    def last(self) -> date:
        """The last day, the end of the calendar for a span without one."""
        return self.valid_to or date.max

    def on(self, day: date) -> bool:
        """Tell whether the span holds on a day."""
        return self.valid_from <= day <= self.last


Timeline = tuple[Span, ...]
"""The spans of one unit: in order and without overlap."""


def alive(timeline: Sequence[Span], day: date) -> Span | None:
    """Give the span that holds on a day, None when the unit is not alive."""
    return next((span for span in timeline if span.on(day)), None)


def first_gap(timeline: Sequence[Span], start: date, end: date) -> date | None:
    """Give the first day from `start` to `end` on which the unit is not alive; None when there is none."""
    for span in timeline:
        if span.valid_from > start:
            return start
        if span.last >= end:
            return None
        start = max(start, span.last + DAY)
    return start


def told_anew(before: Iterable[Span], told: Sequence[Span]) -> Timeline:
    """Let a file tell a unit's life from the first day of `told` on: what was published before that day stays."""
    start = told[0].valid_from
    kept = [
        replace(span, valid_to=min(span.last, start - DAY)) if span.last >= start else span
        for span in before
        if span.valid_from < start
    ]
    return (*kept, *told)


def joined(spans: Iterable[Span]) -> Timeline:
    """Make one span of neighbours that say the same."""
    result: list[Span] = []
    for span in spans:
        if result and _goes_on(result[-1], span):
            result[-1] = replace(result[-1], valid_to=span.valid_to, row=result[-1].row or span.row)
        else:
            result.append(span)
    return tuple(result)


def _goes_on(one: Span, other: Span) -> bool:
    same = replace(other, valid_from=one.valid_from, valid_to=one.valid_to) == one
    return same and one.valid_to is not None and one.valid_to + DAY == other.valid_from
