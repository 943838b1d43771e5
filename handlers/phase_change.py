"""Another first or last day for a phase: what it would make of the phases, and why it may not be. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from handlers.phases import DAY, Stretch

STARTS, ENDS = "starts", "ends"


@dataclass(frozen=True, slots=True)
class Wish:
    """One day of a phase as an officer wants it; None is no end. `along` moves the phase next to it to adjoin.

    `closed_at` is given where the phase is ended now, on its last day.
    """

    phase: str
    edge: str
    day: date | None
    along: bool = False
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why dates may not be: `kind` is "backwards" (`first` alone), "overlap" or "gap" between `first` and `second`."""

    kind: str
    first: Stretch
    second: Stretch


def changed(stretches: tuple[Stretch, ...], wish: Wish) -> tuple[Stretch, ...]:
    """Give the phases as they would be."""
    at = next(index for index, each in enumerate(stretches) if each.phase.id == wish.phase)
    found = list(stretches)
    found[at] = _moved(found[at], wish.edge, wish.day)
    if wish.edge == ENDS:
        found[at] = replace(found[at], closed_at=wish.closed_at)
    neighbour = at + 1 if wish.edge == ENDS else at - 1
    if wish.along and wish.day and 0 <= neighbour < len(found):
        other, day = (STARTS, wish.day + DAY) if wish.edge == ENDS else (ENDS, wish.day - DAY)
        if getattr(found[neighbour].phase, other) != day:
            found[neighbour] = replace(_moved(found[neighbour], other, day), closed_at=None)
    return tuple(found)


def _moved(stretch: Stretch, edge: str, day: date | None) -> Stretch:
    return replace(stretch, phase=stretch.phase.model_copy(update={edge: day}))


def fault(before: tuple[Stretch, ...], after: tuple[Stretch, ...]) -> Fault | None:
    """Find the first thing wrong with the phases that was not so before."""
    for each in after:
        if each not in before and each.phase.ends and each.phase.ends < each.phase.starts:
            return Fault("backwards", each, each)
    known = {(first.phase.ends, second.phase.starts) for first, second in pairwise(before)}
    for first, second in pairwise(after):
        if (first.phase.ends, second.phase.starts) not in known and (kind := _between(first, second)):
            return Fault(kind, first, second)
    return None


def _between(first: Stretch, second: Stretch) -> str:
    ends, starts = first.phase.ends, second.phase.starts
    if ends is None or starts <= ends:
        return "overlap"
    return "gap" if starts > ends + DAY else ""


def told(stretches: tuple[Stretch, ...]) -> str:
    """Write the dates of all phases as one text, to know later whether somebody has changed them."""
    its = ((each.phase, " closed" if each.closed_at else "") for each in stretches)
    return "; ".join(f"{phase.id} {phase.starts} {phase.ends}{closed}" for phase, closed in its)
