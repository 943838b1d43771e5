"""What the examinations work with: row reduction, the measure of noise, free pages, reading without changing."""

import asyncio
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from models.database import open_engine, open_reading
from models.examine_noise import Cells, is_bare, is_weak
from models.examine_pages import free
from models.examine_reduction import atoms, lightest
from models.noise import drawn, variance

PEOPLE = {"a": 12, "b": 20, "c": 30, "d": 11}


@pytest.mark.parametrize(
    ("sets", "least"),
    [
        ([], None),
        (["abc"], 62),
        (["abc", "ab"], 30),
        (["ab", "bc", "ac"], 12),
        (["abc", "bcd"], 23),
        (["abcd", "ab", "ac", "bd"], 12 + 11),
        (["ab", "bc", "cd", "abd"], 11),
        (["abx", "ab"], 0),
    ],
)
def test_the_fewest_people_that_sums_tell_of_are_found(sets: list[str], least: int | None) -> None:
    assert lightest(atoms(sets, PEOPLE), Random(1), 8) == least


def test_sums_of_a_tree_over_time_tell_of_whole_groups_alone() -> None:
    chance = Random(2)
    groups = {f"{unit}.{period}": chance.randrange(10, 40) for unit in range(30) for period in range(4)}
    sets = [
        [name for name in groups if low <= int(name.partition(".")[0]) < high and int(name[-1]) <= period]
        for period in range(4)
        for low, high in ((0, 30), (0, 10), (10, 20), (20, 30), *((unit, unit + 1) for unit in range(30)))
    ]
    assert lightest(atoms(sets, groups), chance, 3) == min(groups.values())


def cells(scale: Fraction, groups: int, terms: int, seed: int) -> Cells:
    """What options and answers of some groups differ by, under noise of a scale."""
    chance = Random(seed)
    rests = [sum(drawn(scale, chance.randrange) for _ in range(terms)) if scale else 0 for _ in range(groups)]
    zeros, squares = sum(not rest for rest in rests), sum(rest * rest for rest in rests)
    return Cells(("f", "2020-01"), "q", groups, terms, zeros, squares)


@pytest.mark.parametrize(("groups", "terms"), [(10, 3), (30, 3), (30, 9), (400, 5)])
def test_real_noise_is_never_taken_for_too_little(groups: int, terms: int) -> None:
    for seed in range(200):
        for scale in (Fraction(1), Fraction(4)):
            pair = (cells(scale, groups, terms, seed), terms * variance(scale))
            assert not is_bare([pair])
            assert not is_weak([pair])


def test_missing_and_halved_noise_are_seen() -> None:
    assert is_bare([(cells(Fraction(0), 10, 5, 1), 5 * variance(Fraction(1)))])
    assert not is_bare([(cells(Fraction(0), 9, 5, 1), 5 * variance(Fraction(1)))])
    for seed in range(50):
        assert is_weak([(cells(Fraction(2), 400, 5, seed), 5 * variance(Fraction(4)))])


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("emptied", [True, False])
async def test_free_pages_that_hold_what_was_erased_are_seen(tmp_path: Path, kept: bool, emptied: bool) -> None:
    file = tmp_path / "x.db"
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    async with engine.begin() as conn:
        await conn.execute(text("CREATE TABLE t (a TEXT)"))
        for _ in range(300):
            await conn.execute(text("INSERT INTO t VALUES (:a)"), {"a": "said in private " * 60})
    async with engine.connect() as conn:
        await conn.exec_driver_sql("COMMIT")
        await conn.exec_driver_sql(f"PRAGMA secure_delete={'OFF' if kept else 'ON'}")
        await conn.exec_driver_sql("DELETE FROM t")
        if emptied:
            await conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        await conn.exec_driver_sql("BEGIN")
        looked, full = free(file, Random(1))
        assert looked > 50
        assert full == (looked if kept else 0)
        assert free(file, Random(1), 10) == (10, 10 if kept else 0)
    await engine.dispose()


async def test_whoever_reads_changes_nothing_and_keeps_nobody_waiting(engine: AsyncEngine) -> None:
    insert = "INSERT INTO seen (channel, id, at) VALUES ('web', '{}', '2020-01-06 00:00:00+00:00')"
    reading = open_reading(engine.url.render_as_string(hide_password=False))
    number = text("SELECT count(*) FROM seen")
    async with reading.connect() as conn, conn.begin():
        assert (await conn.execute(number)).scalar_one() == 0
        async with asyncio.timeout(5), engine.begin() as writer:
            await writer.execute(text(insert.format("a")))
        assert (await conn.execute(number)).scalar_one() == 0
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await conn.execute(text(insert.format("b")))
    async with engine.begin() as writer, reading.connect() as conn, conn.begin():
        await writer.execute(text(insert.format("c")))
        async with asyncio.timeout(5):
            assert (await conn.execute(number)).scalar_one() == 1
    await reading.dispose()
