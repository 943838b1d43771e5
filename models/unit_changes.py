"""What an import changes in a unit's life, as records from which a sentence can be made. Pure; decides nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.unit_spans import DAY, Span, Timeline, alive
from models.unit_world import World

Kind = Literal["established", "renamed", "moved", "recoded", "retyped", "reopened", "ended", "merged"]

FACTS: dict[str, Kind] = {
    "name": "renamed",
    "short_name": "renamed",
    "parent": "moved",
    "code": "recoded",
    "kind": "retyped",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that becomes different: `on` is its first day, for an end the last day of the unit.

    `before` and `after` are names, codes or kinds; of a unit established or merged, `after` names whom it is under or
    merged into ("" for none). `row` is the file's row.
    """

    kind: Kind
    on: date
    row: int
    name: str
    code: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """A unit before and after an import; the row that speaks of its end, and whom it is merged into."""

    old: Timeline
    new: Timeline
    row: int
    old_successor: str | None
    new_successor: str | None


def changes(life: Life, world: World) -> list[Change]:
    """List what an import changes in one unit, by day; nothing when the file says what was published."""
    found: list[Change] = []
    if life.old != life.new:
        ends = {span.last + DAY for span in (*life.old, *life.new) if span.valid_to}
        for day in sorted({span.valid_from for span in (*life.old, *life.new)} | ends):
            found += _on(day, life, world)
    last = life.new[-1]
    if last.valid_to and life.old_successor != life.new_successor and found[-1:] != [_end(last, life, world)]:
        found.append(_end(last, life, world))
    return found


def _on(day: date, life: Life, world: World) -> Iterator[Change]:
    old, new = alive(life.old, day), alive(life.new, day)
    was_old, was_new = alive(life.old, day - DAY), alive(life.new, day - DAY)
    if new is None:
        if was_new and (old or not was_old):
            yield _end(was_new, life, world)
        return
    row = new.row or life.row
    if not old and not was_new:
        yield Change("established", day, row, new.name, new.code, after=world.called(new.parent, day))
        return
    if not old and was_old:
        yield Change("reopened", day, row, new.name, new.code)
    for fact, kind in FACTS.items():
        before = _before(fact, (old, new), (was_old, was_new))
        if before is not None:
            told = [_told(world, fact, span, day) for span in (before, new)]
            yield Change(kind, day, row, was_new.name if was_new else before.name, new.code, *told)


def _before(fact: str, now: tuple[Span | None, Span], was: tuple[Span | None, Span | None]) -> Span | None:
    """Give the span that a fact is different from: the day before as it will be, else the day itself as published.

    None when the fact is as published, or became different on an earlier day.
    """
    old, new = now
    if old and getattr(old, fact) == getattr(new, fact):
        return None
    was_old, was_new = was
    if was_new and getattr(was_new, fact) != getattr(new, fact):
        return was_new
    if not old or (was_old and was_new and getattr(was_old, fact) == getattr(old, fact)):
        return None
    return old


def _told(world: World, fact: str, span: Span, day: date) -> str:
    return world.called(span.parent, day) if fact == "parent" else str(getattr(span, fact))


def _end(last: Span, life: Life, world: World) -> Change:
    into = world.called(life.new_successor, last.last) if life.new_successor else ""
    return Change("merged" if into else "ended", last.last, life.row, last.name, last.code, after=into)
