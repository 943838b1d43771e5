"""G16, words after a release: one pool for the whole federation, opened ten together, without unit, date or order.

Through the real desk: nine people write, and later nine more. Officers of every unit look at every screen they have.
"""

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import figures, released
from models.ledger import Look
from models.planner import LEAST_TEXTS, Group
from models.released import released_text
from tests.guarantees.tour import tour
from tests.guarantees.town import Town, populated

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # storage is not the point
SIZES = {"xa-1": 9, "huyen-b": 9}
MARK = "Chim-vành-khuyên"
OFFICERS = {"canbo": "tinh", "canbo-a": "huyen-a", "canbo-1": "xa-1", "canbo-b": "huyen-b"}


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Town:
    """Where nine people of one workplace have written, and their period has closed."""
    town = await populated(conn, tmp_path / "town", SIZES)
    for who, code in OFFICERS.items():
        if who != "canbo":
            await town.join(who, code)
            await town.appoint(who, code)
    await write(town, "xa-1")
    await town.close_all("2020-01")
    return town


async def write(town: Town, code: str) -> None:
    """Everybody of a unit writes something of their own; one of them to a second question as well."""
    for number in range(SIZES[code]):
        worried = {"viec-lam": "lo", "vi-sao": f"{MARK} lo, {code} {number}"} if number == 0 else {}
        await town.answer(f"{code}.{number}", "doi-song", {**worried, "de-nghi": words(code, number)})


def words(code: str, number: int) -> str:
    """What one person writes."""
    return f"{MARK} {number} {code}"


async def seen(town: Town, who: str) -> int:
    """On how many screens of an officer any of these words stands."""
    return sum(MARK in screen.text for screen in (await tour(town, who, ["summary", "results"])).values())


async def pool(town: Town) -> list[tuple[str, str, bool]]:
    """The questions, words and openness of the pool, in the order in which it is read."""
    its = released_text.c
    rows = await town.conn.execute(select(its.question, its.text, its.open).order_by(its.id))
    return [(row.question, row.text, row.open) for row in rows]


@ONE_KIND
async def test_nine_are_opened_to_nobody(town: Town) -> None:
    assert [row[2] for row in await pool(town)] == [False] * 10
    assert await figures.texts(town.conn, "doi-song", "de-nghi") == []
    assert [await seen(town, who) for who in OFFICERS] == [0, 0, 0, 0]


async def test_ten_and_more_are_opened_together_and_to_the_federation_alone(town: Town) -> None:
    await write(town, "huyen-b")
    await town.close_all("2020-02")
    opened = [text for question, text, open in await pool(town) if open]
    assert sorted(opened) == sorted(words(code, number) for code, size in SIZES.items() for number in range(size))
    assert len(opened) >= LEAST_TEXTS
    assert opened != sorted(opened)
    assert await seen(town, "canbo") > 0
    assert [await seen(town, who) for who in ("canbo-a", "canbo-1", "canbo-b", "xa-1.0")] == [0, 0, 0, 0]


@ONE_KIND
async def test_after_some_were_read_a_few_more_wait_until_they_are_ten_themselves(town: Town) -> None:
    """Or who compared two days would know when theirs were written."""
    await write(town, "huyen-b")
    await town.close_all("2020-02")
    more = [("de-nghi", f"{MARK} thêm {number}") for number in range(9)]
    await released.write_texts(town.conn, "doi-song", more, Random(1).randrange)
    assert len(await figures.texts(town.conn, "doi-song", "de-nghi")) == 18
    await released.write_texts(town.conn, "doi-song", [("de-nghi", "một nữa")], Random(2).randrange)
    assert len(await figures.texts(town.conn, "doi-song", "de-nghi")) == 28


async def test_what_never_came_to_ten_is_erased_unread_at_the_end(town: Town) -> None:
    for period in ("2020-02", "2020-03", "2020-04"):
        await town.close_all(period)
    assert await pool(town) == []
    assert [await seen(town, who) for who in OFFICERS] == [0, 0, 0, 0]


@ONE_KIND
async def test_the_pool_knows_no_unit_no_group_no_day_and_no_order_of_people(town: Town) -> None:
    assert set(released_text.c.keys()) == {"id", "questionnaire", "question", "open", "text"}
    orders = set()
    for seed in range(5):
        async with town.conn.begin_nested() as world:
            await released.write_texts(town.conn, "thu", [("q", str(n)) for n in range(12)], Random(seed).randrange)
            orders.add(tuple(await figures.texts(town.conn, "thu", "q")))
            await world.rollback()
    assert len(orders) == 5  # by chance alone


@ONE_KIND
async def test_a_question_is_opened_by_its_own_words_and_not_by_those_of_another(town: Town) -> None:
    await write(town, "huyen-b")
    await town.close_all("2020-02")
    assert await figures.texts(town.conn, "doi-song", "vi-sao") == []
    counted = select(func.count()).select_from(released_text).where(released_text.c.question == "vi-sao")
    assert (await town.conn.execute(counted)).scalar() == 2
    group = Group(town.unit["xa-2"], tuple(range(5)))
    await released.write_group(town.conn, ("doi-song", "2020-02"), group, {})
    tree = await town.tree()
    look = Look("officer", town.at.date())
    for code in OFFICERS.values():
        its = await figures.summary(town.conn, look, tree, town.unit[code], "doi-song")
        assert its.texts == ({"de-nghi": 18} if code == "tinh" else {})
