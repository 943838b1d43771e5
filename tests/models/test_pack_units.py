"""The units file of the shipped pack is one that the importer takes."""

from collections import Counter
from pathlib import Path

from models.unit_plan import Published, plan
from models.unit_rows import read_rows

UNITS = Path(__file__).parents[2] / "conversations" / "campaigns" / "kh136" / "units.csv"


def test_the_units_of_the_pack_can_be_imported() -> None:
    sheet = read_rows(UNITS)
    assert not sheet.faults
    planned = plan(Published({}, {}), sheet.rows)
    assert not planned.faults
    assert len(planned.founded) == len(sheet.rows) == 112
    assert len(planned.successors) == 36  # all that ended with 30 June 2025


def test_the_tree_before_and_after_1_july_2025() -> None:
    kinds = Counter((row.kind, row.valid_from.year) for row in read_rows(UNITS).rows)
    assert kinds == {
        ("ldld_tinh", 2019): 1,
        ("ldld_huyen", 2019): 12,
        ("cd_vien_chuc", 2019): 1,
        ("cd_nganh_dp", 2019): 6,
        ("cdcs", 2019): 17,
        ("cd_xa_phuong", 2025): 75,
    }
