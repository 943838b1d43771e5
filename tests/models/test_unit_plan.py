"""Planted faults are refused with the number of the row; changes are told one by one."""

from dataclasses import replace
from datetime import date

import pytest

from models.unit_plan import Published, plan
from models.unit_rows import Row
from tests.models.histories import publish

NOTHING = Published({}, {})
NEW_YEAR, LAST, JULY = date(2019, 1, 1), date(2025, 6, 30), date(2025, 7, 1)


def row(number: int, code: str, parent: str = "", **facts: object) -> Row:
    """A row from 2019 on, named after its code."""
    plain = Row(number, NEW_YEAR, None, "cdcs", code, f"Đơn vị {code}", "", parent, "")
    return replace(plain, **facts)  # type: ignore[arg-type]


FAULTS: list[tuple[str, list[Row], int, str]] = [
    ("cycle of two", [row(2, "R"), row(3, "A", "B"), row(4, "B", "A")], 3, "these units would stand under each other"),
    ("itself", [row(2, "R"), row(3, "A", "A")], 3, "would stand under itself"),
    (
        "cycle at a later date",
        [
            row(2, "R"),
            row(3, "A", "R", valid_to=LAST, id="a"),
            row(4, "A", "B", valid_from=JULY, id="a"),
            row(5, "B", "A"),
        ],
        4,
        "on 01/07/2025 these units would stand under each other: 'Đơn vị A' → 'Đơn vị B' → 'Đơn vị A'",
    ),
    ("parent unknown", [row(2, "R"), row(3, "A", "X")], 3, "parent: 'X' is the code of no unit"),
    (
        "parent founded later",
        [row(2, "R", valid_from=JULY), row(3, "A", "R")],
        3,
        "'R' is the code of no unit on 01/01/2019, only from 01/07/2025 on",
    ),
    (
        "parent ends earlier",
        [row(2, "R"), row(3, "H", "R", valid_to=LAST), row(4, "A", "H")],
        4,
        "its parent 'Đơn vị H' is not there on 01/07/2025, but this row holds from 01/01/2019 on",
    ),
    (
        "parent interrupted",
        [
            row(2, "R"),
            row(3, "H", "R", valid_to=date(2020, 1, 31), id="h"),
            row(4, "H", "R", valid_from=date(2020, 3, 1), id="h"),
            row(5, "A", "H"),
        ],
        5,
        "is not there on 01/02/2020",
    ),
    (
        "two parents",
        [row(2, "R"), row(3, "H", "R"), row(4, "A", "R"), row(5, "A", "H")],
        5,
        "two parents on 01/01/2019",
    ),
    ("repeated", [row(2, "R"), row(3, "A", "R"), row(4, "A", "R")], 4, "it repeats row 3"),
    (
        "overlap by a day",
        [row(2, "R"), row(3, "A", "R", valid_to=JULY), row(4, "A", "R", valid_from=JULY, name="B")],
        4,
        "overlaps that of row 3, which is the same unit, on 01/07/2025",
    ),
    (
        "overlap of another code",
        [row(2, "R"), row(3, "A", "R", id="a"), row(4, "B", "R", valid_from=JULY, id="a")],
        4,
        "overlaps that of row 3",
    ),
    (
        "code of another",
        [row(2, "R"), row(3, "A", "R", id="a"), row(4, "A", "R", valid_from=JULY, id="b")],
        4,
        "the code A belongs to another unit (row 3) on 01/07/2025",
    ),
    (
        "successor unknown",
        [row(2, "R"), row(3, "A", "R", valid_to=LAST, successor="X")],
        3,
        "successor: 'X' is the code of no unit",
    ),
    (
        "successor ended the same day",
        [row(2, "R"), row(3, "A", "R", valid_to=LAST, successor="B"), row(4, "B", "R", valid_to=LAST)],
        3,
        "successor: 'B' is the code of no unit on 01/07/2025, only from 01/01/2019 to 30/06/2025",
    ),
    (
        "successor of a unit that goes on",
        [
            row(2, "R"),
            row(3, "A", "R", valid_to=LAST, id="a", successor="R"),
            row(4, "B", "R", valid_from=JULY, id="a"),
        ],
        3,
        "successor: the unit goes on in row 4",
    ),
]


@pytest.mark.parametrize(
    ("rows", "number", "words"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_planted_fault_is_named_with_its_row(rows: list[Row], number: int, words: str) -> None:
    refused = plan(NOTHING, rows)
    assert not len(refused)
    assert [fault.row for fault in refused.faults] == [number]
    assert words in refused.faults[0].problem


def test_ending_a_parent_alone_leaves_nobody_behind() -> None:
    standing = publish(NOTHING, plan(NOTHING, [row(2, "R"), row(3, "H", "R"), row(4, "A", "H"), row(5, "B", "H")]))
    refused = plan(standing, [row(2, "H", "R", valid_to=LAST)])
    assert [(fault.row, fault.problem) for fault in refused.faults] == [
        (2, "'Đơn vị H' is not there on 01/07/2025, but 'Đơn vị A' and 1 more would still stand under it")
    ]


def test_units_published_apart_are_never_tied_together() -> None:
    apart = [row(2, "R"), row(3, "A", "R", valid_to=LAST), row(4, "A", "R", valid_from=JULY)]
    standing = publish(NOTHING, plan(NOTHING, apart))
    tied = plan(standing, [row(2, "R"), *(replace(each, id="a") for each in apart[1:])])
    assert [fault.row for fault in tied.faults] == [4]


def test_one_published_unit_is_never_two_in_a_file() -> None:
    told = [row(3, "A", "R", valid_to=LAST, id="a"), row(4, "A", "R", valid_from=JULY, name="B", id="a")]
    standing = publish(NOTHING, plan(NOTHING, [row(2, "R"), *told]))
    split = plan(standing, [replace(each, id="") for each in told])
    assert [(fault.row, fault.problem) for fault in split.faults] == [
        (4, "it was published as the same unit as row 3; give both rows one id")
    ]


BEFORE = [row(2, "R"), row(3, "H", "R"), row(4, "A", "H", name="Xã Vân Hồ"), row(5, "B", "R")]

CHANGES: list[tuple[str, list[Row], list[tuple[str, str, str, str]]]] = [
    ("nothing new", BEFORE, []),
    ("nothing new, said of a part", [row(2, "A", "H", name="Xã Vân Hồ", valid_from=JULY)], []),
    (
        "renamed and moved from July on",
        [row(2, "A", "R", name="Phường Vân Hồ", valid_from=JULY)],
        [("renamed", "01/07/2025", "Xã Vân Hồ", "Phường Vân Hồ"), ("moved", "01/07/2025", "Đơn vị H", "Đơn vị R")],
    ),
    (
        "recoded and retyped",
        [
            row(2, "A", "H", name="Xã Vân Hồ", valid_to=LAST, id="a"),
            row(3, "A2", "H", name="Xã Vân Hồ", kind="cd_xa_phuong", valid_from=JULY, id="a"),
        ],
        [("recoded", "01/07/2025", "A", "A2"), ("retyped", "01/07/2025", "cdcs", "cd_xa_phuong")],
    ),
    (
        "a name put right from the beginning",
        [row(2, "B", "R", name="Đơn vị Bê")],
        [("renamed", "01/01/2019", "Đơn vị B", "Đơn vị Bê")],
    ),
    ("ended", [row(2, "B", "R", valid_to=LAST)], [("ended", "30/06/2025", "", "")]),
    ("merged", [row(2, "B", "R", valid_to=LAST, successor="A")], [("merged", "30/06/2025", "", "Xã Vân Hồ")]),
    (
        "the code comes back as another unit",
        [row(2, "B", "R", valid_to=LAST, successor="B"), row(3, "B", "R", name="Mới", valid_from=JULY)],
        [("merged", "30/06/2025", "", "Mới"), ("established", "01/07/2025", "", "Đơn vị R")],
    ),
    (
        "founded, and renamed later",
        [
            row(2, "C", "R", valid_to=LAST, id="c"),
            row(3, "C", "R", valid_from=JULY, name="Bản Mới", id="c"),
        ],
        [("established", "01/01/2019", "", "Đơn vị R"), ("renamed", "01/07/2025", "Đơn vị C", "Bản Mới")],
    ),
]


@pytest.mark.parametrize(("rows", "told"), [change[1:] for change in CHANGES], ids=[change[0] for change in CHANGES])
def test_changes_are_told(rows: list[Row], told: list[tuple[str, str, str, str]]) -> None:
    found = plan(publish(NOTHING, plan(NOTHING, BEFORE)), rows)
    assert not found.faults
    assert [(each.kind, f"{each.on:%d/%m/%Y}", each.before, each.after) for each in found.changes] == told
    assert bool(len(found)) is bool(told)


def test_an_end_can_be_taken_back() -> None:
    ended = publish(NOTHING, plan(NOTHING, [row(2, "R"), row(3, "A", "R", valid_to=LAST, successor="R")]))
    back = plan(ended, [row(2, "A", "R")])
    assert [change.kind for change in back.changes] == ["reopened"]
    assert publish(ended, back).successors == {}


def test_what_stood_before_the_file_begins_stays() -> None:
    standing = publish(NOTHING, plan(NOTHING, BEFORE))
    then = publish(standing, plan(standing, [row(2, "B", "H", valid_from=JULY)]))
    spans = next(timeline for timeline in then.timelines.values() if timeline[0].code == "B")
    assert [(span.valid_from, span.valid_to) for span in spans] == [(NEW_YEAR, LAST), (JULY, None)]
