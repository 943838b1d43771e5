"""Reads a table's cells as texts, from CSV or XLSX. Refuses what cannot be read with one sentence, never a guess."""

import csv
import importlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

Cells = tuple[int, tuple[str, ...]]
"""The number of a row (the first is 1) and its cells."""


class UnreadableFile(Exception):
    """The file cannot be read as a table; the message says why and what to do."""


def read_cells(path: Path) -> Iterator[Cells]:
    """Give the rows of a .csv or .xlsx file that hold anything. Raises UnreadableFile."""
    if path.suffix.lower() == ".csv":
        return _filled(_csv(path))
    if path.suffix.lower() == ".xlsx":
        # Loaded only by who has such a file: its library is a tenth of what a house needs to start.
        table: list[list[str]] = importlib.import_module("models.unit_spreadsheet").read_spreadsheet(path)
        return _filled(table)
    raise UnreadableFile("a units file ends in .csv or .xlsx")


def _filled(rows: Iterable[Iterable[str]]) -> Iterator[Cells]:
    for number, row in enumerate(rows, start=1):
        cells = tuple(row)
        if any(cell.strip() for cell in cells):
            yield number, cells


def _csv(path: Path) -> Iterator[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"it cannot be opened: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile('it is not UTF-8; save it as "CSV UTF-8"') from error
    heading = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableFile(f"line {reader.line_num}: {error}") from error
