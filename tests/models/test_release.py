"""The release: all or nothing, once, whole groups, and not one byte that tells who said what."""

import gc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from models import answers, participation
from models.keys import KeyLost, Keys
from models.officers import role_grant
from models.release import _undisturbed, release
from models.shredding import checkpoint, retire
from models.slips import Slip
from tests.models.world import AT, FORM, World, join_people, order, record, world

YES, NO = (
    record({"q1": ["yes"], "q2": ["x", "y"]}),
    record({"q1": ["no"], "q2": ["z"]}, {"q3": "Xin sửa mái nhà xưởng"}),
)
TABLES = ("release", "release_group", "released_count", "release_waiting", "participation")


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> World:
    return await world(conn, tmp_path)


async def stored(conn: AsyncConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a release keeps, but for the random numbers of texts."""
    rows = {table: sorted(map(tuple, await conn.execute(text(f"SELECT * FROM {table}")))) for table in TABLES}
    texts = await conn.execute(text("SELECT questionnaire, question, text FROM released_text"))
    return {**rows, "released_text": sorted(map(tuple, texts))}


async def counts(conn: AsyncConnection) -> dict[tuple[str, str, str], int]:
    """What is kept: unit, question and option, and how many."""
    cells = "SELECT unit_id, question, option, c.n FROM released_count c JOIN release_group g ON g.id = c.group_id"
    rows = await conn.execute(text(cells))
    return {(unit, question, option): n for unit, question, option, n in rows}


async def fill(town: World, sizes: dict[str, int], *, noes: frozenset[int] = frozenset()) -> None:
    """Let people 1, 2, 3 … send from their units; those in `noes` say no."""
    units = [unit for unit, size in sizes.items() for _ in range(size)]
    await join_people(town.conn, range(1, len(units) + 1))
    for number, unit in enumerate(units, 1):
        await town.send(number, unit, NO if number in noes else YES)


async def test_a_group_is_counted_question_by_question(town: World) -> None:
    await fill(town, {"a": 6, "b": 2}, noes=frozenset({1, 2}))
    assert await town.release()
    found = await counts(town.conn)
    assert {unit for unit, _, _ in found} == {"a"}
    assert (found["a", "q1", "yes"], found["a", "q1", "no"]) == (4, 2)
    assert found["a", "q2", "x"] == found["a", "q2", "y"] == 4
    assert found["a", "q2", "@answered"] == 6
    states = [await answers.stage(town.conn, number, FORM) for number in range(1, 9)]
    assert states == ["released"] * 6 + ["pending"] * 2
    assert await answers.find(town.conn, town.keys, 1, FORM) == answers.Found("released", None)
    assert (await answers.find(town.conn, town.keys, 8, FORM)).record == YES


async def test_what_nobody_chose_is_kept_as_zero(town: World) -> None:
    await fill(town, {"a": 5})
    await town.release()
    found = await counts(town.conn)
    assert found["a", "q1", "no"] == found["a", "q2", "z"] == 0


async def test_a_period_is_released_once(town: World) -> None:
    await fill(town, {"a": 5})
    assert await town.release()
    before = await stored(town.conn)
    assert not await town.release()
    assert await stored(town.conn) == before


async def test_small_units_wait_are_pooled_and_at_the_end_withheld(town: World) -> None:
    await fill(town, {"a": 3, "b": 3, "e": 2})
    for period in ("2020-01", "2020-02"):
        await release(town.conn, town.keys, order(period))
        assert await counts(town.conn) == {}
    waiting = {(one.unit, one.waited) for one in [one async for one in participation.sent(town.conn, FORM)]}
    assert waiting == {("a", 2), ("b", 2), ("e", 2)}
    await release(town.conn, town.keys, order("2020-03"))
    groups = list(await town.conn.execute(text("SELECT unit_id, n FROM release_group")))
    # The six of d are a group, and the two of e, alone at the top, are absorbed into it there.
    assert list(map(tuple, groups)) == [("p", 8)]


async def test_at_the_end_nothing_stays_sealed(town: World) -> None:
    await fill(town, {"a": 3})
    await answers.keep(town.conn, town.keys, "2020-01", Slip(9, FORM, b"never sent"))
    await town.release(final=True)
    assert await answers.questionnaires(town.conn) == []
    assert await answers.stage(town.conn, 1, FORM) == "withheld"
    rows = list(await town.conn.execute(text("SELECT final, withheld FROM release")))
    assert [(bool(final), withheld) for final, withheld in rows] == [(True, "1-9")]


async def test_newcomers_and_officers_ride_along_but_open_no_group(town: World) -> None:
    await fill(town, {"a": 4})
    await join_people(town.conn, range(21, 31), "2020-01")
    await join_people(town.conn, [31, 32])
    grants = [
        {
            "id": 1,
            "person_id": 31,
            "role": "officer",
            "unit_id": "a",
            "granted_at": AT,
            "granted_by": "",
            "ended_at": None,
        },
        {
            "id": 2,
            "person_id": 32,
            "role": "officer",
            "unit_id": "a",
            "granted_at": AT,
            "granted_by": "",
            "ended_at": AT,
        },
    ]
    await town.conn.execute(insert(role_grant), grants)
    for number in (*range(21, 31), 31, 32):
        await town.send(number, "a", YES)
    await town.release()
    assert await counts(town.conn) == {}
    await join_people(town.conn, [33])
    await town.send(33, "a", NO, "2020-02")
    await release(town.conn, town.keys, order("2020-02"))
    assert (await counts(town.conn))["a", "q1", "@answered"] == 17


async def test_texts_leave_without_a_trace_of_their_group(town: World) -> None:
    await fill(town, {"a": 6, "e": 6}, noes=frozenset({1, 8}))
    await town.release()
    columns = list((await town.conn.execute(text("SELECT * FROM released_text"))).keys())
    assert columns == ["id", "questionnaire", "question", "open", "text"]
    assert len((await stored(town.conn))["released_text"]) == 2


async def _world_where(conn: AsyncConnection, folder: Path, noes: frozenset[int]) -> dict[str, list[tuple[Any, ...]]]:
    town = await world(conn, folder)
    await fill(town, {"a": 6, "b": 3, "e": 7}, noes=noes)
    await town.release()
    return await stored(conn)


async def test_two_members_exchanging_answers_change_no_byte(engine: AsyncEngine, tmp_path: Path) -> None:
    worlds = []
    # 1 and 5 are both of a, 10 and 12 of e; in the second world each pair has exchanged its answers.
    for number, noes in enumerate((frozenset({1, 10}), frozenset({5, 12}), frozenset({1, 2, 10}))):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with engine.connect() as conn:
            worlds.append(await _world_where(conn, folder, noes))
            await conn.rollback()
    assert worlds[0] == worlds[1]
    assert worlds[0] != worlds[2]


async def test_a_lost_key_stops_the_release_and_says_so(town: World, tmp_path: Path) -> None:
    await fill(town, {"a": 5})
    (tmp_path / "keys.json").unlink()
    with pytest.raises(KeyLost, match="'2020-01'"):
        await release(town.conn, Keys.open(tmp_path / "keys.json"), order())


class Struck(Exception):
    """The power went out."""


async def test_a_crash_at_any_statement_leaves_all_or_nothing(engine: AsyncEngine, tmp_path: Path) -> None:
    async with engine.begin() as conn:
        town = await world(conn, tmp_path)
        await fill(town, {"a": 6, "b": 3, "e": 7}, noes=frozenset({2, 9}))
        await answers.keep(conn, town.keys, "2020-01", Slip(50, FORM, b"running"))
    async with engine.connect() as conn:
        before = await stored(conn)
    seen, strike_at = 0, 1

    def strike(_conn: Connection, *_rest: object) -> None:
        nonlocal seen
        seen += 1
        if seen == strike_at:
            raise Struck

    event.listen(engine.sync_engine, "before_cursor_execute", strike)
    while True:
        seen = 0
        try:
            async with engine.begin() as conn:
                await release(conn, town.keys, order())
                await answers.rekey(conn, town.keys, "2020-02")
            break
        except Struck:
            strike_at += 1
        event.remove(engine.sync_engine, "before_cursor_execute", strike)
        async with engine.connect() as conn:
            assert await stored(conn) == before
            assert (await answers.find(conn, town.keys, 1, FORM)).record == YES
        event.listen(engine.sync_engine, "before_cursor_execute", strike)
    event.remove(engine.sync_engine, "before_cursor_execute", strike)
    assert strike_at > 15
    async with engine.connect() as conn:
        assert [await answers.stage(conn, number, FORM) for number in (1, 7, 10)] == ["released", "pending", "released"]
        assert (await answers.find(conn, town.keys, 50, FORM)).record == b"running"


async def test_after_the_release_no_file_can_give_an_answer_back(engine: AsyncEngine, tmp_path: Path) -> None:
    async with engine.begin() as conn:
        town = await world(conn, tmp_path)
        await fill(town, {"a": 6, "b": 2})
        sealed = list((await conn.execute(text("SELECT sealed FROM pending WHERE person_id <= 6"))).scalars())
    async with engine.begin() as conn:
        await release(conn, town.keys, order())
        await answers.rekey(conn, town.keys, "2020-02")
    async with engine.begin() as conn:
        assert await retire(conn, town.keys, "2020-02") == ["2020-01"]
    assert await checkpoint(engine)
    if engine.dialect.name == "sqlite":
        assert (tmp_path / "test.db-wal").read_bytes() == b""
        assert not [one for one in sealed if one[12:60] in (tmp_path / "test.db").read_bytes()]
    async with engine.connect() as conn:
        assert (await answers.find(conn, town.keys, 7, FORM)).record == YES


def test_a_release_leaves_set_aside_what_the_house_began_with() -> None:
    gc.freeze()
    try:
        with _undisturbed():
            pass
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
    often = gc.get_threshold()
    with _undisturbed():
        assert gc.get_freeze_count()
    assert not gc.get_freeze_count()
    assert gc.get_threshold() == often
