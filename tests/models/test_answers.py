"""Answers before their release: sealed, of one size, changed and withdrawn at will, and read by their owner alone."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from models import answers, merging, participation, shredding
from models.keys import KeyLost, Keys
from models.slips import SIZES, Slip, TooLong, padded
from tests.models.world import FORM, World, world

NOTHING = answers.Found("none", None)


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> World:
    return await world(conn, tmp_path)


async def test_a_record_is_kept_changed_and_read(town: World) -> None:
    assert await answers.find(town.conn, town.keys, 1, FORM) == NOTHING
    for said in (b"first", b"second", b""):
        await answers.keep(town.conn, town.keys, "2020-01", Slip(1, FORM, said))
        assert await answers.find(town.conn, town.keys, 1, FORM) == answers.Found("draft", said)
    assert await answers.slips(town.conn, town.keys, 1) == [Slip(1, FORM, b"")]
    assert await answers.questionnaires(town.conn) == [FORM]
    await answers.drop(town.conn, 1, FORM)
    assert await answers.find(town.conn, town.keys, 1, FORM) == NOTHING


async def test_what_was_sent_can_be_changed_and_withdrawn(town: World) -> None:
    assert await town.send(1, "a", b"said")
    assert await answers.stage(town.conn, 1, FORM) == "pending"
    await answers.keep(town.conn, town.keys, "2020-01", Slip(1, FORM, b"better"))
    assert await town.send(1, "b", b"best")
    assert await answers.find(town.conn, town.keys, 1, FORM) == answers.Found("pending", b"best")
    # The unit of the first sending stays.
    assert [one async for one in participation.sent(town.conn, FORM)] == [participation.Sent(1, "a", 0)]
    assert await answers.withdraw(town.conn, 1, FORM)
    assert await answers.find(town.conn, town.keys, 1, FORM) == NOTHING
    assert await participation.states(town.conn, 1) == {}


async def test_after_the_release_nothing_can_be_sent_or_withdrawn(town: World) -> None:
    await town.send(1, "a", b"said")
    await participation.settle(town.conn, FORM, [1], participation.RELEASED, "2020-01")
    await answers.erase(town.conn, FORM, [1])
    assert not await answers.withdraw(town.conn, 1, FORM)
    assert not await town.send(1, "a", b"again")
    await answers.keep(town.conn, town.keys, "2020-02", Slip(1, FORM, b"again"))
    assert await answers.find(town.conn, town.keys, 1, FORM) == answers.Found("released", None)


async def test_to_forget_a_person_leaves_nothing(town: World) -> None:
    await town.send(1, "a", b"mine")
    await town.send(2, "a", b"theirs")
    await answers.forget(town.conn, 1)
    assert await answers.find(town.conn, town.keys, 1, FORM) == NOTHING
    assert (await answers.find(town.conn, town.keys, 2, FORM)).record == b"theirs"


@pytest.mark.parametrize("length", [0, 1, 891, 892, 893, 4092, 4093, 16380, 65532, SIZES[-1] - 4])
async def test_the_length_of_what_is_kept_tells_nothing(town: World, length: int) -> None:
    await answers.keep(town.conn, town.keys, "2020-01", Slip(1, FORM, b"x" * length))
    kept = (await town.conn.execute(text("SELECT length(sealed) FROM pending"))).scalar_one()
    assert kept - 28 in SIZES
    assert (await answers.find(town.conn, town.keys, 1, FORM)).record == b"x" * length


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(TooLong, match="larger than 262144"):
        padded(b"x" * (SIZES[-1] - 3))


async def test_a_row_moved_to_somebody_else_cannot_be_read(town: World) -> None:
    await town.send(1, "a", b"mine")
    await town.conn.execute(text("UPDATE pending SET person_id = 2"))
    with pytest.raises(KeyLost):
        await answers.find(town.conn, town.keys, 2, FORM)


async def test_a_new_period_seals_anew_and_the_old_key_dies(town: World) -> None:
    await town.send(1, "a", b"sent")
    await answers.keep(town.conn, town.keys, "2020-01", Slip(2, FORM, b"running"))
    assert await shredding.retire(town.conn, town.keys, "2020-02") == []
    await answers.rekey(town.conn, town.keys, "2020-02")
    assert await shredding.retire(town.conn, town.keys, "2020-02") == ["2020-01"]
    assert town.keys.names() == ["2020-02"]
    assert (await answers.find(town.conn, town.keys, 1, FORM)).record == b"sent"
    assert (await answers.find(town.conn, town.keys, 2, FORM)).record == b"running"


async def test_many_records_are_sealed_anew(town: World) -> None:
    for number in range(answers.PAGE * 2 + 5):
        await answers.keep(town.conn, town.keys, "2020-01", Slip(number // 2, f"form-{number % 2}", b"x"))
    await answers.rekey(town.conn, town.keys, "2020-02")
    assert await shredding.retire(town.conn, town.keys, "2020-02") == ["2020-01"]


async def test_a_late_answer_goes_into_the_period_that_lives(town: World) -> None:
    await town.send(1, "a", b"early")
    await answers.rekey(town.conn, town.keys, "2020-02")
    await shredding.retire(town.conn, town.keys, "2020-02")
    await town.send(2, "a", b"late", period="2020-01")
    assert (await answers.find(town.conn, town.keys, 2, FORM)).record == b"late"
    assert town.keys.names() == ["2020-02"]


async def test_a_lost_key_says_what_is_lost_and_people_can_answer_anew(town: World, tmp_path: Path) -> None:
    await town.send(1, "a", b"said")
    (tmp_path / "keys.json").unlink()
    keys = Keys.open(tmp_path / "keys.json")
    with pytest.raises(KeyLost, match="'2020-01'"):
        await answers.find(town.conn, keys, 1, FORM)
    assert await answers.lost(town.conn, keys) == ["2020-01"]
    await answers.drop_lost(town.conn, await answers.lost(town.conn, keys))
    assert await answers.lost(town.conn, keys) == []
    assert await answers.find(town.conn, keys, 1, FORM) == NOTHING


async def test_one_person_with_two_records_keeps_one_voice(town: World) -> None:
    await town.send(1, "a", b"sent by one")
    await answers.keep(town.conn, town.keys, "2020-01", Slip(2, FORM, b"begun by the other"))
    await answers.keep(town.conn, town.keys, "2020-01", Slip(2, "doi-song", b"kept"))
    await merging.give_way(town.conn, town.keys, "2020-01", 1, 2)
    assert await answers.find(town.conn, town.keys, 2, FORM) == answers.Found("pending", b"sent by one")
    assert await answers.find(town.conn, town.keys, 2, "doi-song") == answers.Found("draft", b"kept")
    assert await answers.slips(town.conn, town.keys, 1) == []
    assert await participation.states(town.conn, 1) == {}


async def test_what_was_released_for_one_record_is_sent_by_neither_again(town: World) -> None:
    await town.send(1, "a", b"old voice")
    await participation.settle(town.conn, FORM, [1], participation.RELEASED, "2020-01")
    await answers.erase(town.conn, FORM, [1])
    await town.send(2, "b", b"second voice")
    await merging.give_way(town.conn, town.keys, "2020-02", 1, 2)
    assert await answers.find(town.conn, town.keys, 2, FORM) == answers.Found("released", None)


async def test_a_period_that_closes_while_an_answer_waits_for_the_database_loses_nothing(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer: nobody waits with a record sealed already")
    keys, other = Keys.open(tmp_path / "keys.json"), Keys.open(tmp_path / "keys.json")
    keys.seal("2020-01", b"", b"")

    async def write() -> None:
        async with engine.begin() as conn:
            await answers.keep(conn, other, "2020-01", Slip(1, FORM, b"late"))

    async with engine.begin() as closing:
        await answers.hold_still(closing)
        writing = asyncio.create_task(write())
        await _until_somebody_waits(engine)
        assert await shredding.retire(closing, keys, "2020-02") == ["2020-01"]
    await writing
    async with engine.connect() as conn:
        assert (await answers.find(conn, keys, 1, FORM)).record == b"late"
    assert keys.names() == ["2020-02"]


async def test_a_correction_that_meets_the_release_leaves_nothing_behind(engine: AsyncEngine, tmp_path: Path) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer: nobody writes while a release is made")
    async with engine.begin() as conn:
        town = await world(conn, tmp_path)
        await town.send(1, "a", b"said")

    async def correct() -> None:
        async with engine.begin() as conn:
            await answers.keep(conn, town.keys, "2020-01", Slip(1, FORM, b"corrected"))

    async with engine.begin() as releasing:
        await answers.hold_still(releasing)
        correcting = asyncio.create_task(correct())
        await _until_somebody_waits(engine)
        await answers.erase(releasing, FORM, [1])
        await participation.settle(releasing, FORM, [1], participation.RELEASED, "2020-01")
    await correcting
    async with engine.connect() as conn:
        assert await answers.find(conn, town.keys, 1, FORM) == answers.Found("released", None)


async def _until_somebody_waits(engine: AsyncEngine) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while True:
        async with engine.connect() as conn:
            if (await conn.execute(waiting)).scalar_one():
                return
        await asyncio.sleep(0.01)


async def test_people_writing_at_once_while_periods_close_lose_nothing(engine: AsyncEngine, tmp_path: Path) -> None:
    keys = Keys.open(tmp_path / "keys.json")

    async def write(person_id: int) -> None:
        for turn in range(8):
            async with engine.begin() as conn:
                await answers.keep(conn, keys, "2020-01", Slip(person_id, FORM, b"%d" % turn))

    async def close() -> None:
        for current in ("2020-02", "2020-03", "2020-04"):
            async with engine.begin() as conn:
                await answers.rekey(conn, keys, current)
            async with engine.begin() as conn:
                await shredding.retire(conn, keys, current)

    await asyncio.gather(*(write(number) for number in range(4)), close())
    async with engine.connect() as conn:
        found = [(await answers.find(conn, keys, number, FORM)).record for number in range(4)]
    assert found == [b"7"] * 4
