"""Units in the database: published whole or not at all, never forgotten, and the same on both databases."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from models.audit import Act, audit
from models.unit_import import FaultyFile, apply, import_file, plan_file, published
from models.unit_plan import Plan, Published, plan
from models.unit_rows import REQUIRED, Fault
from models.unit_tables import unit, unit_span
from models.units import has_units, last_edition, load_tree, successor
from tests.models.histories import START, History
from tests.models.test_units import PACK

ACT = Act(datetime(2025, 7, 1, tzinfo=UTC), "shell")
JUNE, JULY = date(2025, 6, 30), date(2025, 7, 1)
HEADING = ",".join(REQUIRED)


def file(folder: Path, *lines: str) -> Path:
    """A units file with these lines."""
    path = folder / "units.csv"
    path.write_text("\n".join((HEADING, *lines)), encoding="utf-8")
    return path


async def test_the_pack_is_published_and_published_again(conn: AsyncConnection) -> None:
    assert not await has_units(conn)
    first = await import_file(conn, PACK, ACT)
    assert (len(first.founded), first.unchanged) == (112, 0)
    assert await has_units(conn)
    assert await last_edition(conn) == 1
    again = await import_file(conn, PACK, ACT)
    assert (len(again), again.changes, again.unchanged) == (0, (), 112)
    assert await last_edition(conn) == 1
    assert (await conn.execute(select(func.count()).select_from(audit))).scalar() == 1


async def test_the_tree_is_the_one_of_the_day(conn: AsyncConnection) -> None:
    await import_file(conn, PACK, ACT)
    before, after = await load_tree(conn, JUNE), await load_tree(conn, JULY)
    assert (len(before), len(after)) == (37, 76)
    assert [tree.roots[0].name for tree in (before, after)] == ["Liên đoàn Lao động tỉnh Sơn La"] * 2
    assert before.edition == after.edition == 1
    assert len(await load_tree(conn, date(2018, 12, 31))) == 0


async def test_a_merged_unit_leads_to_its_successor(conn: AsyncConnection, tmp_path: Path) -> None:
    await import_file(conn, PACK, ACT)
    district = (await load_tree(conn, JUNE)).coded("ldld-van-ho")
    commune = (await load_tree(conn, JUNE)).coded("cdcs-xa-chieng-xuan")
    assert district
    assert commune
    assert await successor(conn, commune.id, JUNE) == commune.id
    after = await load_tree(conn, JULY)
    assert [after.get(await successor(conn, each.id, JULY) or "") for each in (district, commune)] == [
        after.roots[0],
        after.coded("xa-chieng-son"),
    ]
    assert await successor(conn, "unknown", JULY) is None


async def test_successors_in_a_ring_end_nowhere(conn: AsyncConnection) -> None:
    await conn.execute(insert(unit), [{"id": "a"}, {"id": "b", "successor_id": "a"}])
    await conn.execute(unit.update().where(unit.c.id == "a").values(successor_id="b"))
    assert await successor(conn, "a", JULY) is None


async def test_earlier_editions_can_be_seen_again(conn: AsyncConnection, tmp_path: Path) -> None:
    root = "2019-01-01,,ldld_tinh,R,Sơn La,,,"
    await import_file(conn, file(tmp_path, root, "2019-01-01,,cdcs,A,Tên sai,,R,"), ACT)
    await import_file(conn, file(tmp_path, "2019-01-01,2025-06-30,cdcs,A,Tên đúng,,R,R"), ACT)
    now, then = await load_tree(conn, JUNE), await load_tree(conn, JUNE, as_known_in=1)
    assert [tree.children(tree.roots[0].id)[0].name for tree in (now, then)] == ["Tên đúng", "Tên sai"]
    assert len(await load_tree(conn, JULY)) == 1
    assert len(await load_tree(conn, JULY, as_known_in=1)) == 2
    assert (await conn.execute(select(func.count()).select_from(unit_span))).scalar() == 3  # nothing was deleted


async def test_a_faulty_file_leaves_nothing(conn: AsyncConnection, tmp_path: Path) -> None:
    path = file(tmp_path, "2019-01-01,,ldld_tinh,R,Sơn La,,,", "2019-01-01,,cdcs,A,A,,X,", "2019-01-01,,cdcs,B,B,,Y,")
    with pytest.raises(FaultyFile) as refused:
        await import_file(conn, path, ACT)
    assert refused.value.lines == (
        f"{path}: row 3: parent: 'X' is the code of no unit",
        f"{path}: row 4: parent: 'Y' is the code of no unit",
    )
    with pytest.raises(FaultyFile, match="a units file ends in"):
        await plan_file(conn, tmp_path / "units.txt")
    with pytest.raises(ValueError, match="faults"):
        await apply(conn, Plan(faults=(Fault(1, "wrong"),)), ACT)
    assert not await has_units(conn)


async def test_progress_is_told_to_the_end(conn: AsyncConnection) -> None:
    ready, told = await plan_file(conn, PACK), list[int]()
    assert await apply(conn, ready, ACT, told.append) == 1
    assert sum(told) == len(ready)


async def test_the_database_holds_what_was_planned(conn: AsyncConnection) -> None:
    history = History()
    history.found(START, "", "Liên đoàn", "R")
    for number in range(30):
        history.found(START, f"u{number // 3 + 1}", f"Đơn vị {number}", f"c{number}")
    for number in range(20, 28):
        history.move(f"u{number}", JULY, "u2")
        history.alter(f"u{number}", JULY, name=f"Tên mới {number}")
    history.end("u30", JULY, merged=True)
    history.note(JULY)
    planned = plan(Published({}, {}), history.file())
    assert not planned.faults
    await apply(conn, planned, ACT)
    tree = await load_tree(conn, JULY)
    codes = {"": ""} | {each.id: each.code for each in tree.units}
    assert {each.code: (each.name, codes[each.parent_id or ""]) for each in tree.units} == history.days[JULY]
    stands = await published(conn)
    assert len(stands.successors) == 1
    assert plan(stands, history.file()).unchanged == 31


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_to": date(2018, 12, 31)},
        {"parent_id": "a"},
        {"name": ""},
        {"kind": ""},
        {"unit_id": "nobody"},
        {"since": 2, "replaced": 2},
    ],
    ids=str,
)
async def test_the_database_itself_refuses(conn: AsyncConnection, wrong: dict[str, object]) -> None:
    span = {"unit_id": "a", "valid_from": START, "kind": "cdcs", "code": "A", "name": "A", "short_name": ""}
    await conn.execute(insert(unit), {"id": "a"})
    await conn.execute(insert(unit_span), {**span, "valid_from": JULY})
    with pytest.raises(IntegrityError):
        await conn.execute(insert(unit_span), span | wrong)


async def test_a_unit_has_one_standing_span_a_day_to_begin_on(conn: AsyncConnection) -> None:
    span = {"unit_id": "a", "valid_from": START, "kind": "cdcs", "code": "A", "name": "A", "short_name": ""}
    await conn.execute(insert(unit), {"id": "a"})
    await conn.execute(insert(unit_span), [{**span, "replaced": 1}])
    await conn.execute(insert(unit_span), [span])
    with pytest.raises(IntegrityError):
        await conn.execute(insert(unit_span), [span])
