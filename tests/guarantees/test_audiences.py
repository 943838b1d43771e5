"""Nobody is chosen by what they said: whom a broadcast reaches is the same, whatever the answers are."""

import ast
from collections.abc import Awaitable, Callable
from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audiences, subscriptions
from models.audiences import Audience, Reach
from models.people import person
from models.subscriptions import TOPICS
from tests.guarantees.town import Given, Town, populated

SIZES = {"xa-1": 6, "xa-2": 3, "huyen-b": 2}
HAPPY: Given = {"viec-lam": "on", "quan-tam": ("luong",), "thang-vao": "2015-03-01", "de-nghi": "Thêm quạt"}
ANGRY: Given = {"viec-lam": "lo", "quan-tam": ("an",), "thang-vao": "2018-01-01", "de-nghi": "Không đồng ý gì cả"}
FORM = "doi-song"
CHANNELS = ("telegram", "web", "console")
Seen = list[object]


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Town:
    """Eleven people who all subscribed to everything; most answered and were counted, some wait, one has begun."""
    town = await populated(conn, tmp_path / "town", SIZES)
    for number in range(6):
        await town.answer(f"xa-1.{number}", FORM, HAPPY)
    await town.close_all("2020-01")
    for number in range(2):
        await town.answer(f"xa-2.{number}", FORM, HAPPY)
    await town.answer("huyen-b.0", FORM, HAPPY, send=False)
    for one in (await conn.execute(select(person.c.id))).scalars().all():
        for topic in TOPICS:
            await subscriptions.choose(conn, one, topic, on=True, at=town.at)
    return town


async def everybody(town: Town) -> Seen:
    """Every kind of audience there is, with all it would reach and all that officers are told of its size."""
    asked = [Audience(topic) for topic in TOPICS]
    asked += [Audience("news", unit=unit.id) for unit in (await town.tree()).units]
    asked += [Audience("news", language="vi"), Audience("news", kinds=("cdcs",))]
    asked += [Audience("results", took_part=FORM), Audience("reminders", drafting=FORM)]
    found: Seen = []
    for audience in asked:
        reach = Reach(audience, CHANNELS)
        found.append(
            (audience, await audiences.page(town.conn, reach, 0, 1000), await audiences.sizes(town.conn, reach))
        )
    return found


DEEDS: dict[str, Callable[[Town], Awaitable[object]]] = {
    "an answer that waits is another": lambda town: town.edit("xa-2.0", FORM, ANGRY),
    "a draft says something else": lambda town: town.answer("huyen-b.0", FORM, ANGRY, send=False),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
async def test_whom_a_broadcast_reaches_does_not_depend_on_what_anybody_said(
    town: Town, deed: Callable[[Town], Awaitable[object]]
) -> None:
    before = await everybody(town)
    await deed(town)
    assert await everybody(town) == before


def test_an_audience_can_ask_for_nothing_else() -> None:
    known = {"topic", "unit", "below", "kinds", "language", "took_part", "drafting"}
    assert {field.name for field in fields(Audience)} == known
    for part in ({"unit": "x"}, {"kinds": ("cdcs",)}, {"language": "vi"}):
        for way in ({"took_part": FORM}, {"drafting": FORM}):
            with pytest.raises(ValueError, match="whole federation"):
                Audience("results", **part, **way)  # type: ignore[arg-type]


def test_the_code_that_chooses_people_knows_no_released_figure_and_opens_no_answer() -> None:
    tree = ast.parse(Path("models/audiences.py").read_text(encoding="utf-8"))
    of_answers = {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is(node.value, "answers")
    }
    assert of_answers == {"begun"}, "whether a record waits, and nothing of what stands in it"
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not imported & {"released", "figures", "release_group", "Keys"}


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
