"""The one door: sums over whole groups, up and down the tree, and nothing that depends on answers still pending."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers, figures
from models.figures import Figure, Summary
from models.ledger import Look
from models.release import release
from models.slips import Slip
from models.unit_tables import unit, unit_span
from models.units import load_tree
from tests.models.world import DAY, FORM, World, join_people, order, record, world

YES, NO = record({"q1": ["yes"], "q2": ["x"]}), record({"q1": ["no"]}, {"q3": "Xin sửa mái nhà xưởng"})


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> World:
    return await world(conn, tmp_path)


async def look(town: World, at: str, on: date = DAY) -> Summary:
    return await figures.summary(town.conn, Look("officer", on), await load_tree(town.conn, on), at, FORM)


async def fill(town: World, sizes: dict[str, int], first: int = 1) -> None:
    """Let people send from their units: every third says no."""
    units = [unit for unit, size in sizes.items() for _ in range(size)]
    await join_people(town.conn, range(first, first + len(units)))
    for number, at in enumerate(units, first):
        await town.send(number, at, NO if number % 3 == 0 else YES)


async def test_before_the_first_close_there_is_nothing_to_see(town: World) -> None:
    empty = await look(town, "p")
    await fill(town, {"a": 40})
    await answers.keep(town.conn, town.keys, "2020-01", Slip(99, FORM, YES))
    assert await look(town, "p") == empty
    assert (empty.n, empty.last, empty.waiting) == (0, None, "0")


async def test_figures_add_up_the_tree(town: World) -> None:
    await fill(town, {"a": 6, "b": 9, "e": 6})
    await town.release()
    a, b, d, p = [await look(town, at) for at in ("a", "b", "d", "p")]
    assert (a.n, b.n, d.n, p.n) == (6, 9, 15, 21)
    assert (d.own, d.below) == (0, {"a": 6, "b": 9})
    assert (a.own, a.below, a.groups, p.groups) == (6, {}, 1, 3)
    assert p.questions["q1"] == Figure(21, {"yes": 14, "no": 7})
    assert a.questions["q2"] == Figure(4, {"x": 4, "y": 0, "z": 0})
    assert (p.periods, p.last, p.final) == (("2020-01",), "2020-01", False)


async def test_how_many_wait_is_told_coarsely_and_as_of_the_close(town: World) -> None:
    await fill(town, {"a": 4, "e": 4})
    await town.release()
    before = [await look(town, at) for at in ("a", "b", "d", "p")]
    assert [each.waiting for each in before] == ["1-9", "0", "1-9", "1-9"]
    await fill(town, {"a": 30, "b": 3}, first=50)
    await answers.withdraw(town.conn, 1, FORM)
    assert [await look(town, at) for at in ("a", "b", "d", "p")] == before


async def test_pooled_people_show_at_the_unit_that_pooled_them(town: World) -> None:
    await fill(town, {"a": 4, "b": 4, "e": 6})
    for period in ("2020-01", "2020-02", "2020-03"):
        await release(town.conn, town.keys, order(period))
    a, d = await look(town, "a"), await look(town, "d")
    assert (a.n, a.questions) == (0, {})
    assert (d.n, d.own, d.below) == (8, 8, {})


async def test_what_was_withheld_at_the_end_is_said(town: World) -> None:
    await fill(town, {"a": 4})
    await town.release(final=True)
    seen = await look(town, "p")
    assert (seen.n, seen.final, seen.withheld, seen.waiting) == (0, True, "1-9", "0")


async def test_words_are_told_at_the_top_alone_and_from_ten_on(town: World) -> None:
    await fill(town, {"a": 27})
    await town.release()
    assert (await look(town, "p")).texts == {}
    assert await figures.texts(town.conn, FORM, "q3") == []
    await join_people(town.conn, range(60, 66))
    for number in range(60, 66):
        await town.send(number, "a", NO, "2020-02")
    await town.release("2020-02")
    assert (await look(town, "p")).texts == {"q3": 15}
    assert (await look(town, "a")).texts == {}
    assert len(await figures.texts(town.conn, FORM, "q3")) == 15


async def test_a_group_of_a_merged_unit_goes_whole_to_its_successor(town: World) -> None:
    await fill(town, {"a": 6, "b": 7})
    await town.release()
    later = date(2020, 2, 1)
    merged = update(unit_span).where(unit_span.c.unit_id.in_(["a", "b"])).values(valid_to=date(2020, 1, 31))
    await town.conn.execute(merged)
    await town.conn.execute(insert(unit), {"id": "c", "successor_id": None})
    span = {"unit_id": "c", "valid_from": later, "kind": "cdcs", "code": "c", "name": "Đơn vị c", "short_name": "c"}
    await town.conn.execute(insert(unit_span), {**span, "parent_id": "d"})
    await town.conn.execute(update(unit).where(unit.c.id.in_(["a", "b"])).values(successor_id="c"))
    c, d = await look(town, "c", later), await look(town, "d", later)
    assert (c.n, c.own, c.groups) == (13, 13, 2)
    assert (d.n, d.below) == (13, {"c": 13})
    # Who joins the new unit is released with what the frozen tree has nearest above it.
    await join_people(town.conn, range(70, 76))
    for number in range(70, 76):
        await town.send(number, "c", YES, "2020-02")
    await town.release("2020-02")
    assert (await look(town, "d", later)).own == 6
