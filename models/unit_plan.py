"""Plans what a units file would change, without touching anything. The whole file is right or none of it is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from models.unit_changes import Change, Life, changes
from models.unit_matching import Group, grouped, matched, overlaps
from models.unit_rows import Fault, Row
from models.unit_spans import DAY, Span, Timeline, joined, told_anew
from models.unit_world import World


@dataclass(frozen=True, slots=True)
class Published:
    """What stands in the database now: every unit's timeline, and whom ended units were merged into."""

    timelines: Mapping[str, Timeline]
    successors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. With `faults` it may not be applied, and the rest is empty.

    `changes` are for people. `founded` are keys of new units ("+" and a row's number, standing for their ids until
    applied), `spans` are published, `replaced` (unit, first day) give way, `successors` are set.
    """

    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()
    unchanged: int = 0
    founded: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    replaced: tuple[tuple[str, date], ...] = ()
    successors: tuple[tuple[str, str | None], ...] = ()

    def __len__(self) -> int:
        """Count the records to be written."""
        return len(self.founded) + len(self.spans) + len(self.replaced) + len(self.successors)


def plan(published: Published, rows: Sequence[Row]) -> Plan:
    """Compare a file's rows with what is published. What the file does not speak of stays as it is.

    A unit's rows tell its life from the first one's first day on; what was published before that day stays.
    """
    if faults := list(overlaps(rows)):
        return _refused(faults)
    groups = grouped(rows)
    keys, faults = matched(groups, published.timelines)
    if faults:
        return _refused(faults)
    return _planned(published, dict(zip(keys, groups, strict=True)))


def _planned(published: Published, told: Mapping[str, Group]) -> Plan:
    coded = {key: _coded(key, group, published) for key, group in told.items()}
    by_code = World({**published.timelines, **coded})
    if faults := list(by_code.shared_codes()):
        return _refused(faults)
    hung = {key: joined(_hung(span, by_code, faults) for span in spans) for key, spans in coded.items()}
    successors = {key: _successor(group, by_code, faults) for key, group in told.items()}
    world = World({**published.timelines, **hung})
    if faults or (faults := [*world.orphans(), *world.cycles()]):
        return _refused(faults)
    lives = {
        key: Life(
            published.timelines.get(key, ()),
            hung[key],
            group[-1].number,
            published.successors.get(key),
            successors[key],
        )
        for key, group in told.items()
    }
    return _compared(lives, world)


def _refused(faults: list[Fault]) -> Plan:
    return Plan(faults=tuple(sorted(set(faults), key=lambda fault: (fault.row, fault.problem))))


def _coded(key: str, group: Group, published: Published) -> Timeline:
    """The unit's life after the import; where the file tells it, parents are still codes."""
    told = [
        Span(key, row.valid_from, row.valid_to, row.kind, row.code, row.name, row.short_name, row.parent, row.number)
        for row in group
    ]
    return told_anew(published.timelines.get(key, ()), told)


def _hung(span: Span, by_code: World, faults: list[Fault]) -> Span:
    """Turn the parent's code into the unit that holds it on the span's first day."""
    if not span.row:
        return span
    if not span.parent:
        return replace(span, parent=None)
    holder = by_code.holder(span.parent, span.valid_from)
    if holder is None:
        faults.append(Fault(span.row, f"parent: {by_code.absent(span.parent, span.valid_from)}"))
    elif holder.unit == span.unit:
        faults.append(Fault(span.row, f"parent: {span.name!r} would stand under itself"))
    return replace(span, parent=holder.unit if holder else None)


def _successor(group: Group, by_code: World, faults: list[Fault]) -> str | None:
    """Turn the successor's code into the unit that holds it on the day after the end."""
    for row in group[:-1]:
        if row.successor:
            faults.append(Fault(row.number, f"successor: the unit goes on in row {group[-1].number}"))
    last = group[-1]
    if not last.successor or not last.valid_to:
        return None
    holder = by_code.holder(last.successor, last.valid_to + DAY)
    if holder is None:
        faults.append(Fault(last.number, f"successor: {by_code.absent(last.successor, last.valid_to + DAY)}"))
    return holder.unit if holder else None


def _compared(lives: Mapping[str, Life], world: World) -> Plan:
    found = {key: changes(life, world) for key, life in lives.items()}
    return Plan(
        changes=tuple(sorted(chain(*found.values()), key=lambda each: (each.on, each.row))),
        unchanged=sum(not each for each in found.values()),
        founded=tuple(key for key, life in lives.items() if not life.old),
        spans=tuple(span for life in lives.values() for span in life.new if span not in life.old),
        replaced=tuple(
            (span.unit, span.valid_from) for life in lives.values() for span in life.old if span not in life.new
        ),
        successors=tuple(
            (key, life.new_successor) for key, life in lives.items() if life.new_successor != life.old_successor
        ),
    )
