"""All units over all time, as they would be after an import. Finds what must not be: orphans, cycles, shared codes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from models.unit_rows import Fault
from models.unit_spans import DAY, Span, Timeline, alive, first_gap


class World:
    """Timelines by unit, and who held which code when. Pure, and only for asking."""

    def __init__(self, timelines: Mapping[str, Timeline]) -> None:
        """Take every unit there is, whether or not the file speaks of it."""
        self.timelines = timelines
        self._codes: defaultdict[str, list[Span]] = defaultdict(list)
        for span in self.spans():
            self._codes[span.code].append(span)
        for holders in self._codes.values():
            holders.sort(key=lambda span: span.valid_from)

    def spans(self) -> Iterator[Span]:
        """Give every span of every unit."""
        return (span for timeline in self.timelines.values() for span in timeline)

    def holder(self, code: str, day: date) -> Span | None:
        """Give what held a code on a day."""
        return alive(self._codes.get(code, ()), day)

    def called(self, unit: str | None, day: date) -> str:
        """Name a unit as it was called on a day, or else last; "" for none."""
        spans = self.timelines.get(unit or "", ())
        span = alive(spans, day) or (spans[-1] if spans else None)
        return span.name if span else ""

    def absent(self, code: str, day: date) -> str:
        """Say why nothing holds a code on a day."""
        if not (holders := self._codes.get(code)):
            return f"{code!r} is the code of no unit"
        return f"{code!r} is the code of no unit on {day:%d/%m/%Y}, only {' and '.join(map(_while, holders))}"

    def shared_codes(self) -> Iterator[Fault]:
        """Find rows whose code another unit holds at the same time."""
        for holders in self._codes.values():
            for one, other in pairwise(holders):
                if one.unit != other.unit and other.valid_from <= one.last:
                    row, held = (other, one) if other.row else (one, other)
                    yield Fault(row.row, f"the code {row.code} belongs to {held.name!r} {_while(held)}")

    def orphans(self) -> Iterator[Fault]:
        """Find spans that outlive their parent: rows of the file, and units left behind by a row that ends a parent."""
        left: defaultdict[str, list[tuple[date, Span]]] = defaultdict(list)
        for span in self.spans():
            above = self.timelines.get(span.parent or "", ())
            gap = first_gap(above, span.valid_from, span.last) if span.parent else None
            if gap and span.row:
                parent = f"its parent {self.called(span.parent, gap)!r}"
                yield Fault(span.row, f"{parent} is not there on {gap:%d/%m/%Y}, but this row holds {_while(span)}")
            elif gap and span.parent:
                left[span.parent].append((gap, span))
        for parent, spans in left.items():
            yield self._left_behind(parent, spans)

    def _left_behind(self, parent: str, spans: Sequence[tuple[date, Span]]) -> Fault:
        gap, span = min(spans, key=lambda each: each[0])
        row = max((each.row for each in self.timelines.get(parent, ())), default=0)
        others = f" and {len(spans) - 1} more" if len(spans) > 1 else ""
        ends = f"{self.called(parent, gap - DAY)!r} is not there on {gap:%d/%m/%Y}"
        return Fault(row, f"{ends}, but {span.name!r}{others} would still stand under it")

    def cycles(self) -> Iterator[Fault]:
        """Find units that stand above themselves on some day; one fault a cycle."""
        suspects = self._above_themselves()
        spans = [span for unit in suspects for span in self.timelines[unit]]
        told: set[frozenset[str]] = set()
        for day in sorted({span.valid_from for span in spans}):
            above = {span.unit: span for span in spans if span.on(day)}
            for ring in _rings(above):
                if frozenset(ring) not in told:
                    told.add(frozenset(ring))
                    yield self._cycle([above[unit] for unit in ring], day)

    def _above_themselves(self) -> set[str]:
        """The units that may stand in a cycle, dates left aside: what stays when units with none below go."""
        parents = {unit: {span.parent for span in spans if span.parent} for unit, spans in self.timelines.items()}
        below = dict.fromkeys(parents, 0)
        for above in (above for each in parents.values() for above in each if above in below):
            below[above] += 1
        leaves = [unit for unit, count in below.items() if not count]
        while leaves:
            for above in parents.pop(leaves.pop()):
                if above in below:
                    below[above] -= 1
                    if not below[above]:
                        leaves.append(above)
        return set(parents)

    def _cycle(self, ring: list[Span], day: date) -> Fault:
        rows = sorted(span.row for span in ring if span.row)
        names = " → ".join(repr(span.name) for span in (*ring, ring[0]))
        return Fault(rows[0] if rows else 0, f"on {day:%d/%m/%Y} these units would stand under each other: {names}")


def _while(span: Span) -> str:
    until = f"to {span.valid_to:%d/%m/%Y}" if span.valid_to else "on"
    return f"from {span.valid_from:%d/%m/%Y} {until}"


def _rings(above: Mapping[str, Span]) -> Iterable[list[str]]:
    """Follow every unit upwards; where a walk meets itself there is a ring."""
    done: set[str] = set()
    for start in sorted(above):
        walk: dict[str, None] = {}
        unit = start
        while unit in above and unit not in done and unit not in walk:
            walk[unit] = None
            unit = above[unit].parent or ""
        if unit in walk:
            ring = list(walk)
            yield ring[ring.index(unit) :]
        done |= set(walk)
