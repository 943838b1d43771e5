"""Units files as offices save them: CSV and XLSX, two ways of writing dates, and what is wrong named by row."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.unit_cells import UnreadableFile
from models.unit_rows import REQUIRED, read_rows

HEADING = ",".join(REQUIRED)
SOUND = "2019-01-01,,ldld_tinh,R,Liên đoàn,LĐLĐ,,"


def file(folder: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    """A CSV file with this text."""
    path = folder / "units.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_a_csv_is_read_with_either_delimiter(tmp_path: Path) -> None:
    text = f"{HEADING}\n{SOUND}\n\n01/07/2025,31/12/2025,cdcs,A, Công đoàn\u00a0cơ sở  A ,,R,R\n"
    rows = read_rows(file(tmp_path, text)).rows
    assert [row.number for row in rows] == [2, 4]
    assert rows[1].name == "Công đoàn cơ sở A"
    assert (rows[1].valid_from, rows[1].valid_to) == (date(2025, 7, 1), date(2025, 12, 31))
    assert read_rows(file(tmp_path, text.replace(",", ";"))).rows == rows
    assert read_rows(file(tmp_path, text.replace("\n", "\r\n"), "utf-8")).rows == rows


FAULTS = [
    ("2025-02-30,,cdcs,A,A,,,", "valid_from is 2025-02-30, which is no day of the years 1900 to 2199"),
    ("0025-02-01,,cdcs,A,A,,,", "valid_from is 0025-02-01, which is no day of the years 1900 to 2199"),
    ("9999-12-31,,cdcs,A,A,,,", "valid_from is 9999-12-31, which is no day of the years 1900 to 2199"),
    ("07/2025,,cdcs,A,A,,,", "valid_from is '07/2025'; a date is written 2025-07-01 or 01/07/2025"),
    (",,cdcs,A,A,,,", "valid_from is empty"),
    ("2025-07-01,2025-06-30,cdcs,A,A,,,", "valid_to (30/06/2025) is before valid_from (01/07/2025)"),
    ("2025-07-01,,,A,A,,,", "kind is empty"),
    ("2025-07-01,,CĐCS,A,A,,,", "kind is 'CĐCS'; a kind is written in a-z, 0-9, _ and -"),
    ("2025-07-01,,cdcs,,A,,,", "code is empty"),
    ("2025-07-01,,cdcs,A,\u00a0,,,", "name is empty"),
    (f"2025-07-01,,cdcs,A,{'a' * 201},,,", "name is 201 letters long; at most 200 can be kept"),
    ('2025-07-01,,cdcs,A,"Công\nđoàn",,,', "name holds a control character, as a line break would be"),
    ("2025-07-01,,cdcs,A,Công\x07đoàn,,,", "name holds a control character, as a line break would be"),
    ("2025-07-01,,cdcs,A,A,,,,,x", "there are more cells than columns (10, not 8)"),
    (
        "2025-07-01,,cdcs,A,A,,,R",
        "successor is given, but no valid_to: only a unit that ends has a successor",
    ),
]


@pytest.mark.parametrize(("line", "problem"), FAULTS, ids=[problem[:30] for _, problem in FAULTS])
def test_a_bad_row_is_named(tmp_path: Path, line: str, problem: str) -> None:
    sheet = read_rows(file(tmp_path, f"{HEADING}\n{SOUND}\n{line}\n"))
    assert [(fault.row, fault.problem) for fault in sheet.faults] == [(3, problem)]
    assert [row.number for row in sheet.rows] == [2]


@pytest.mark.parametrize(
    ("heading", "problem"),
    [
        (HEADING.replace("kind,", ""), "the column kind is missing; "),
        (HEADING + ",notes", "the column notes is unknown"),
        (HEADING + ",,id", "the column number 9 is unknown"),
        (HEADING + ",code", "the column code is given twice"),
    ],
)
def test_a_wrong_heading_is_named(tmp_path: Path, heading: str, problem: str) -> None:
    sheet = read_rows(file(tmp_path, f"{heading}\n{SOUND}\n"))
    assert [fault.row for fault in sheet.faults] == [1]
    assert sheet.faults[0].problem.startswith(problem)


def test_a_file_that_names_no_unit_is_refused(tmp_path: Path) -> None:
    assert read_rows(file(tmp_path, HEADING)).faults[0].problem == "the file names no unit"
    assert read_rows(file(tmp_path, "")).faults


def workbook(folder: Path, *rows: tuple[object, ...]) -> Path:
    """An XLSX file with a heading and these rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (REQUIRED, *rows):
        sheet.append(list(row))
    for line in sheet.iter_rows(min_row=2):
        line[3].number_format = "00000"
    path = folder / "units.xlsx"
    book.save(path)
    return path


def test_a_spreadsheet_is_read_as_it_is_shown(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        (datetime(2019, 1, 1), None, "cdcs", 4048, "Vân Hồ", None, None, None),  # noqa: DTZ001 - as the library gives it
        (None,) * 8,
        ("01/07/2025", date(2025, 12, 31), "cdcs", 4048.0, "Vân Hồ", "", "", "04048"),
    )
    rows = read_rows(path).rows
    assert [(row.number, row.code) for row in rows] == [(2, "04048"), (4, "04048")]
    assert rows[0].valid_from == date(2019, 1, 1)
    assert rows[1].valid_to == date(2025, 12, 31)


def test_a_formula_without_its_value_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("2019-01-01", None, "cdcs", "A", '="Vân" & " Hồ"', None, None, None))
    with pytest.raises(UnreadableFile, match="row 2: a formula has no saved value"):
        read_rows(path)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("units.csv", "Liên đoàn".encode("utf-16"), "it is not UTF-8"),
        ("units.csv", f'{HEADING}\n"2019'.encode(), "line 2: unexpected end of data"),
        ("units.xlsx", b"PK\x03\x04 cut short", "not a spreadsheet"),
        ("units.ods", b"", "ends in .csv or .xlsx"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=reason):
        read_rows(tmp_path / name)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("units.csv", "units.xlsx"):
        with pytest.raises(UnreadableFile, match="cannot be opened"):
            read_rows(tmp_path / name)
