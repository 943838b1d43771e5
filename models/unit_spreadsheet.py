"""Reads the first sheet of an XLSX file as texts. Loaded by `models.unit_cells` where there is such a file."""

import warnings
from contextlib import closing
from datetime import datetime, time
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException

from models.unit_cells import UnreadableFile

Line = tuple[Cell | MergedCell, ...]


def read_spreadsheet(path: Path) -> list[list[str]]:
    """Read the first sheet. Cells with formulas give the value that the spreadsheet program saved beside them.

    Raises UnreadableFile.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # of decorations of the sheet that the library does not know
            cells = _sheet(path, values=False)
            formulas = {(number, place) for number, row in enumerate(cells, start=1) for place in _formulas(row)}
            return _table(_sheet(path, values=True) if formulas else cells, formulas)
    except OSError as error:
        raise UnreadableFile(f"it cannot be opened: {error.strerror or error}") from error
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, ParseError) as error:
        raise UnreadableFile("it is not a spreadsheet in XLSX form, or it is damaged") from error


def _sheet(path: Path, *, values: bool) -> list[Line]:
    with closing(load_workbook(path, read_only=True, data_only=values)) as book:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size, and rows would be left out
        return list(sheet.iter_rows())


def _formulas(row: Line) -> list[int]:
    return [place for place, cell in enumerate(row) if cell.data_type == "f"]


def _table(rows: list[Line], formulas: set[tuple[int, int]]) -> list[list[str]]:
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if cell.data_type == "e":
                raise UnreadableFile(f"row {number}: a cell shows the error {cell.value}")
            if cell.value is None and (number, place) in formulas:
                raise UnreadableFile(f"row {number}: a formula has no saved value; write the value itself")
    return [[_shown(cell) for cell in row] for row in rows]


def _shown(cell: Cell | MergedCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    zeros = str(cell.number_format)
    if isinstance(value, int) and zeros.strip("0") == "":  # the format 00000 shows 4048 as the code 04048
        return str(value).zfill(len(zeros))
    return str(value)
