"""Random histories of a union: units founded, renamed, recoded, moved and ended, written down as a units file would."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from models.unit_plan import Plan, Published
from models.unit_rows import Row
from models.unit_spans import Span

START = date(2019, 1, 1)
NAMES = ("Chiềng Chung", "Mường La", "Bắc Yên", "Tạ Khoa", "Hòa Bình", "Hoà Bình", "Đứa Mòn", "Xím Vàng")


@dataclass
class History:
    """What was written down (`rows`), and how it truly was on every day something happened (`days`)."""

    rows: list[Row] = field(default_factory=list)
    days: dict[date, dict[str, tuple[str, str]]] = field(default_factory=dict)
    alive: dict[str, Row] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def found(self, day: date, parent: str, name: str, code: str) -> None:
        """A new unit; its code may have been another's before."""
        self.count += 1
        label = f"u{self.count}"
        self.alive[label] = Row(0, day, None, "cdcs", code, name, "", parent, "", label)
        self.above[label] = parent

    def alter(self, label: str, day: date, name: str = "", code: str = "") -> None:
        """From this day on the unit is different."""
        now = self.alive[label]
        if now.valid_from < day:
            self.rows.append(replace(now, valid_to=day - timedelta(1)))
        new = replace(now, valid_from=day, parent=self.above[label])
        self.alive[label] = replace(new, name=name or now.name, code=code or now.code)

    def move(self, label: str, day: date, parent: str) -> None:
        """Hang the unit elsewhere, but not under itself."""
        up = parent
        while up and up != label:
            up = self.above[up]
        if up != label and parent != self.above[label]:
            self.above[label] = parent
            self.alter(label, day)

    def end(self, label: str, day: date, *, merged: bool) -> None:
        """The unit is no more from this day on; who stood under it goes to its parent."""
        now, parent = self.alive[label], self.above[label]
        if not parent or now.valid_from >= day:
            return
        for child in [each for each, above in self.above.items() if above == label and each in self.alive]:
            self.move(child, day, parent)
        del self.alive[label]
        self.rows.append(replace(now, valid_to=day - timedelta(1), successor=parent if merged else ""))

    def note(self, day: date) -> None:
        """Remember how things stand on this day: name and parent's name of each code."""
        self.days[day] = {row.code: (row.name, self._parent(label)) for label, row in self.alive.items()}

    def _parent(self, label: str) -> str:
        above = self.above[label]
        return self.alive[above].code if above else ""

    def file(self) -> list[Row]:
        """All rows, numbered as in a file with a heading."""
        rows = [*self.rows, *self.alive.values()]
        return [replace(self._coded(row, rows), number=number) for number, row in enumerate(rows, start=2)]

    def _coded(self, row: Row, rows: list[Row]) -> Row:
        """Write parent and successor as the codes they had when the row begins, and after it has ended."""
        after = (row.valid_to or date.max) + timedelta(row.valid_to is not None)
        return replace(row, parent=_code(row.parent, row.valid_from, rows), successor=_code(row.successor, after, rows))


def _code(label: str, day: date, rows: list[Row]) -> str:
    held = (row for row in rows if row.id == label and row.valid_from <= day <= (row.valid_to or date.max))
    return next((row.code for row in held), "")


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to a dozen units and two dozen events, some on the same day."""
    history, day = History(), START
    history.found(day, "", "Liên đoàn Lao động tỉnh", "R")
    for step in range(draw(st.integers(1, 24))):
        day += timedelta(draw(st.sampled_from((0, 1, 30, 400))))
        labels = sorted(history.alive)
        one, other = draw(st.sampled_from(labels)), draw(st.sampled_from(labels))
        free = sorted({f"c{number}" for number in range(40)} - {row.code for row in history.alive.values()})
        match draw(st.sampled_from(("found", "found", "found", "rename", "recode", "move", "end", "merge"))):
            case "found":
                history.found(day, one, draw(st.sampled_from(NAMES)), draw(st.sampled_from(free)))
            case "rename":
                history.alter(one, day, name=f"{draw(st.sampled_from(NAMES))} {step}")
            case "recode":
                history.alter(one, day, code=draw(st.sampled_from(free)))
            case "move":
                history.move(one, day, other)
            case ending:
                history.end(one, day, merged=ending == "merge")
        history.note(day)
    return history


def publish(published: Published, plan: Plan) -> Published:
    """Apply a plan in memory, as `unit_import.apply` does in the database."""
    ids = {key: f"{key}@{len(published.timelines)}" for key in plan.founded}
    spans = [
        span
        for timeline in published.timelines.values()
        for span in timeline
        if (span.unit, span.valid_from) not in plan.replaced
    ]
    for span in plan.spans:
        parent = ids.get(span.parent, span.parent) if span.parent else None
        spans.append(replace(span, unit=ids.get(span.unit, span.unit), parent=parent, row=0))
    timelines: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda each: (each.unit, each.valid_from)):
        timelines.setdefault(span.unit, []).append(span)
    successors = dict(published.successors)
    for key, to in plan.successors:
        successors[ids.get(key, key)] = ids.get(to, to) if to else ""
    return Published(
        {unit: tuple(timeline) for unit, timeline in timelines.items()},
        {unit: to for unit, to in successors.items() if to},
    )
