"""`langnghe audit privacy` finds a sound house sound; and each planted fault breaks its guarantee and no other."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.commands_audit import lines
from handlers.examination import Examined, checks
from handlers.unproved import BY_TESTS
from models import answers, consents, resealing, shredding
from models.consents import COUNTS, WORDS, ConsentText
from models.finding import Finding, Verdict, together
from models.keys import Keys
from models.people import person
from tests.guarantees.faults import FAULTS, FORM, OTHER, ZEROS
from tests.handlers.province import LATER, Province, province

CANARY = "Mái xưởng của tôi dột từ tháng ba"


@dataclass(slots=True)
class Case:
    """A province with released and pending answers whose figures were looked at, and where its files are."""

    town: Province
    folder: Path

    async def examined(self) -> dict[int, Finding]:
        """Examine as the command does, inside the test's own transaction."""
        conn = self.town.conn
        database = conn.engine.url.database if conn.dialect.name == "sqlite" else None
        keys = self.folder / "keys.json"
        house = replace(self.town.house, keys=Keys(keys))  # read anew, as by another process
        what = Examined(house, LATER, keys, Path(database) if database else None, Random(1))
        return together([*BY_TESTS, *[one for check in checks(what) for one in await check(conn)]])

    async def broken(self) -> set[int]:
        """The guarantees that are found broken; makes sure that nothing tells of a person."""
        found = await self.examined()
        said = "\n".join(lines(found.values()))
        people = (await self.town.conn.execute(select(person.c.id))).scalars()
        units = [name for unit in self.town.tree.units for name in (unit.id, unit.name, unit.short_name)]
        assert not [word for word in (*map(str, people), *units, CANARY) if len(word) > 1 and word in said]
        return {number for number, one in found.items() if one.verdict is Verdict.BROKEN}


@pytest.fixture
async def case(conn: AsyncConnection, tmp_path: Path) -> Case:
    """Five groups a questionnaire, words in the pool, twelve people who wait; looked at from the top down."""
    town = await province(conn, tmp_path)
    district = town.unit("LĐLĐ huyện Mộc Châu")
    units = [
        district,
        *(unit.id for unit in town.tree.children(district)[:3]),
        town.unit("CĐ ngành Nông nghiệp và PTNT"),
    ]
    await consents.remember(conn, ConsentText("", "", (COUNTS, WORDS)), "2019-12-01")  # what the province agreed to
    for form in (FORM, OTHER):
        for unit, people in zip(units, (14, 23, 12, 11, 10), strict=True):
            await town.answer(form, unit, people, [CANARY] * 12 if unit == district else ())
        await town.close(form)
    await answers.rekey(conn, town.house.keys, "2020-02")
    await resealing.rekey(conn, town.house.keys, "2020-02")
    await shredding.retire(conn, town.house.keys, "2020-02")
    await town.answer(FORM, units[1], 12)
    await town.appoint(town.tree.roots[0].id)
    await conn.execute(update(person).values(consent_version=town.house.consent.version, consented_at=LATER))
    screen = await town.say(f"/summary {FORM}")
    await town.press(screen, "Xem các đơn vị")
    await town.say(f"/summary Mộc Châu {FORM}")
    return Case(town, tmp_path)


async def test_a_sound_house_is_found_sound(case: Case) -> None:
    found = await case.examined()
    assert await case.broken() == set(), found
    assert sorted(found) == list(range(1, 21))
    assert {number for number, one in found.items() if one.verdict is Verdict.BY_TESTS} == {2, 6, 12, 13, 19, 20}
    assert {one.verdict for one in found.values()} == {Verdict.HOLDS, Verdict.BY_TESTS}


async def test_each_planted_fault_breaks_its_guarantee_and_no_other(case: Case) -> None:
    conn, wrong = case.town.conn, {}
    for name, fault in FAULTS.items():
        if fault.only in ("", conn.dialect.name):
            savepoint = await conn.begin_nested()
            for sql in fault.sql:
                await conn.execute(text(sql.replace("ZEROS", ZEROS[conn.dialect.name])))
            if (broken := await case.broken()) != fault.broken:
                wrong[name] = broken
            await savepoint.rollback()
    assert wrong == {}
    assert await case.broken() == set()


async def test_every_guarantee_that_a_database_can_break_has_a_planted_fault() -> None:
    assert {number for fault in FAULTS.values() for number in fault.broken} == {*range(1, 21)} - {6, 13, 19, 20}


def opened(keys: Path) -> None:
    """Let others read the keys."""
    keys.chmod(0o644)


def copied(keys: Path) -> None:
    """Leave a copy of the keys beside them."""
    shutil.copy(keys, keys.with_name("old-keys.json"))


def spoiled(keys: Path) -> None:
    """Damage the keys."""
    keys.write_text("{")


def taken(keys: Path) -> None:
    """Take the keys away."""
    keys.unlink()


@pytest.mark.parametrize("plant", [opened, copied, spoiled, taken])
async def test_keys_that_are_open_copied_damaged_or_missing_are_seen(case: Case, plant: Callable[[Path], None]) -> None:
    plant(case.folder / "keys.json")
    assert await case.broken() == {8}


async def test_a_key_that_outlived_its_period_is_seen(case: Case) -> None:
    case.town.house.keys.seal("2019-12", b"", b"")
    assert await case.broken() == {8}


async def test_an_empty_house_breaks_nothing(conn: AsyncConnection, tmp_path: Path) -> None:
    found = await Case(await province(conn, tmp_path), tmp_path).examined()
    assert not [one for one in found.values() if one.verdict is Verdict.BROKEN]
    assert {3, 4, 5, 7, 9, 11, 14, 15, 16} <= {
        number for number, one in found.items() if one.verdict is Verdict.NOTHING_YET
    }
