"""Reads a units file (CSV or XLSX) into rows, telling by number what is wrong with each. Knows the form, not the tree.

A file has one heading row and these columns, in any order: valid_from, valid_to, kind, code, name, short_name, parent,
successor, and if wanted id, a label that ties the rows of one unit together within the file. Parent and successor are
codes. Dates are 2025-07-01 or 01/07/2025; valid_to is the last day, empty = until further notice.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from locales.vietnamese import clean
from models.unit_cells import Cells, read_cells

REQUIRED = ("valid_from", "valid_to", "kind", "code", "name", "short_name", "parent", "successor")
COLUMNS = (*REQUIRED, "id")
LONGEST = {"kind": 40, "code": 40, "name": 200, "short_name": 80, "parent": 40, "successor": 40, "id": 80}

_KIND = re.compile(r"[a-z0-9_-]+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_VIETNAMESE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which row of the file (the heading is row 1; 0 = the file as a whole)."""

    row: int
    problem: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a units file: what a unit was from a day to a day. Texts are NFC; empty = not given."""

    number: int
    valid_from: date
    valid_to: date | None
    kind: str
    code: str
    name: str
    short_name: str
    parent: str
    successor: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """A units file as read. `rows` holds only the sound ones; a sheet with faults is not to be used."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_rows(path: Path) -> UnitSheet:
    """Read a file by its ending, .csv or .xlsx. Raises UnreadableFile where it is not what its ending says."""
    lines = read_cells(path)
    number, heading = next(lines, (1, ()))
    names = [cell.strip().lower() for cell in heading]
    while names and not names[-1]:
        names.pop()
    if faults := [Fault(number, problem) for problem in _heading_problems(names)]:
        return UnitSheet((), tuple(faults))
    return _sheet(names, lines)


def _heading_problems(names: list[str]) -> Iterator[str]:
    for name in REQUIRED:
        if name not in names:
            yield f"the column {name} is missing; the columns are {', '.join(REQUIRED)} and, if wanted, id"
    for position, name in enumerate(names):
        if name not in COLUMNS:
            yield f"the column {name or f'number {position + 1}'} is unknown"
        elif name in names[:position]:
            yield f"the column {name} is given twice"


def _sheet(names: list[str], lines: Iterable[Cells]) -> UnitSheet:
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, cells in lines:
        problems = list(_surplus(names, cells))
        row = _row(number, dict(zip(names, cells, strict=False)), problems)
        faults += [Fault(number, problem) for problem in problems]
        rows += [row] if row and not problems else []
    if not rows and not faults:
        faults.append(Fault(0, "the file names no unit"))
    return UnitSheet(tuple(rows), tuple(faults))


def _surplus(names: list[str], cells: tuple[str, ...]) -> Iterator[str]:
    if any(cell.strip() for cell in cells[len(names) :]):
        yield f"there are more cells than columns ({len(cells)}, not {len(names)})"


def _row(number: int, cells: Mapping[str, str], problems: list[str]) -> Row | None:
    texts = {name: _text(name, cells.get(name, ""), problems) for name in LONGEST}
    starts = _day("valid_from", cells.get("valid_from", ""), problems)
    ends = _day("valid_to", cells.get("valid_to", ""), problems)
    problems += [f"{name} is empty" for name in ("kind", "code", "name") if not cells.get(name, "").strip()]
    if not cells.get("valid_from", "").strip():
        problems.append("valid_from is empty")
    if texts["kind"] and not _KIND.fullmatch(texts["kind"]):
        problems.append(f"kind is {texts['kind']!r}; a kind is written in a-z, 0-9, _ and -")
    if starts and ends and ends < starts:
        problems.append(f"valid_to ({ends:%d/%m/%Y}) is before valid_from ({starts:%d/%m/%Y})")
    if texts["successor"] and not cells.get("valid_to", "").strip():
        problems.append("successor is given, but no valid_to: only a unit that ends has a successor")
    return Row(number, starts, ends, **texts) if starts else None


def _text(name: str, raw: str, problems: list[str]) -> str:
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} for letter in raw.strip()):
        problems.append(f"{name} holds a control character, as a line break would be")
        return ""
    text = " ".join(clean(raw).split())
    if len(text) > LONGEST[name]:
        problems.append(f"{name} is {len(text)} letters long; at most {LONGEST[name]} can be kept")
    return text


def _day(name: str, raw: str, problems: list[str]) -> date | None:
    if not (text := raw.strip()):
        return None
    if found := _ISO.fullmatch(text):
        parts = found.group(1, 2, 3)
    elif found := _VIETNAMESE.fullmatch(text):
        parts = found.group(3, 2, 1)
    else:
        problems.append(f"{name} is {text[:40]!r}; a date is written 2025-07-01 or 01/07/2025")
        return None
    year, month, day = map(int, parts)
    try:
        there_is = date(year, month, day)
    except ValueError:
        there_is = None
    if there_is is None or year not in _YEARS:
        problems.append(f"{name} is {text}, which is no day of the years {_YEARS.start} to {_YEARS.stop - 1}")
        return None
    return there_is
