"""Tells which rows of a units file are about one unit, and which published unit that is. Refuses to guess.

Rows with the same `id` are one unit; a row without `id` is a unit of its own. A unit of the file is the published one
that held the same code from the same day; failing that, the one that held the code during the rows' validity. So a
code that comes back after its unit has ended is another unit.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from models.unit_rows import Fault, Row
from models.unit_spans import Span, Timeline

Group = tuple[Row, ...]
"""The rows of one unit, by valid_from."""


def grouped(rows: Iterable[Row]) -> list[Group]:
    """Put the rows of each unit together."""
    groups: defaultdict[str | int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.id or row.number].append(row)
    return [tuple(sorted(group, key=_start)) for group in groups.values()]


def _start(row: Row) -> tuple[date, int]:
    return row.valid_from, row.number


def overlaps(rows: Sequence[Row]) -> Iterator[Fault]:
    """Find rows that contradict each other: repeated, with two parents, or valid at once for one unit or code."""
    found: dict[int, Fault] = {}
    for label in ("id", "code"):
        together: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if getattr(row, label):
                together[getattr(row, label)].append(row)
        for alike in together.values():
            for one, other in _colliding(sorted(alike, key=_start)):
                found.setdefault(other.number, Fault(other.number, _complaint(one, other)))
    yield from found.values()


def _colliding(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    longest = rows[0]
    for row in rows[1:]:
        if row.valid_from <= (longest.valid_to or date.max):
            yield longest, row
        longest = max(longest, row, key=lambda each: each.valid_to or date.max)


def _complaint(one: Row, other: Row) -> str:
    day = f"{other.valid_from:%d/%m/%Y}"
    if _said(one) == _said(other):
        return f"it repeats row {one.number}"
    if one.id != other.id:
        return f"the code {other.code} belongs to another unit (row {one.number}) on {day}"
    if one.parent != other.parent:
        return f"it gives {other.code} two parents on {day}: {one.parent!r} in row {one.number}, {other.parent!r} here"
    return f"its validity overlaps that of row {one.number}, which is the same unit, on {day}"


def _said(row: Row) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in Row.__slots__ if name != "number")


def matched(groups: Sequence[Group], published: Mapping[str, Timeline]) -> tuple[list[str], list[Fault]]:
    """Give the key of each group's unit: a published id, or "+" and the first row's number for a unit to be founded."""
    matching = _Matching(groups, published)
    matching.claim(_begins_with)
    matching.claim(_overlaps)
    keys = [matching.owner.get(place) or f"+{group[0].number}" for place, group in enumerate(groups)]
    return keys, matching.faults


def _begins_with(row: Row, span: Span) -> bool:
    return row.valid_from == span.valid_from


def _overlaps(row: Row, span: Span) -> bool:
    return row.valid_from <= span.last and span.valid_from <= (row.valid_to or date.max)


class _Matching:
    """Which group has claimed which published unit."""

    def __init__(self, groups: Sequence[Group], published: Mapping[str, Timeline]) -> None:
        self.faults: list[Fault] = []
        self.owner: dict[int, str] = {}
        self._groups = groups
        self._claimed: dict[str, Row] = {}
        self._holders: defaultdict[str, list[Span]] = defaultdict(list)
        for span in (span for spans in published.values() for span in spans):
            self._holders[span.code].append(span)

    def claim(self, alike: Callable[[Row, Span], bool]) -> None:
        """Let each group without a unit claim the one that its rows are like: the group that begins first, first."""
        claimed = dict(self._claimed)
        for place, group in sorted(enumerate(self._groups), key=lambda each: _start(each[1][0])):
            if place in self.owner:
                continue
            units = {span.unit for row in group for span in self._holders[row.code] if alike(row, span)} - set(claimed)
            if len(units) > 1:
                problem = "it ties together units that were published as different ones"
                self.faults.append(Fault(group[-1].number, problem))
            for unit in sorted(units)[:1]:
                self._take(place, unit, exact=alike is _begins_with)

    def _take(self, place: int, unit: str, *, exact: bool) -> None:
        row = self._groups[place][0]
        if unit not in self._claimed:
            self.owner[place], self._claimed[unit] = unit, row
        elif exact:
            problem = f"it was published as the same unit as row {self._claimed[unit].number}; give both rows one id"
            self.faults.append(Fault(row.number, problem))
