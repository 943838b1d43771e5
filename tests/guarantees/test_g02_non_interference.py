"""G2: until the close of a period, nothing an officer or anybody else can look at depends on answers that wait.

One pending answer is changed, added, taken back or erased with its person: every screen of every officer's command, of
/results and of the other commands that all have is the same, byte for byte, pictures included; so are the figures.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from models import figures
from models.ledger import EVERYONE, Look
from models.messages import Outbound
from tests.guarantees.dumps import apart, dump
from tests.guarantees.tour import commands, tour
from tests.guarantees.town import Given, Town, populated

SIZES = {"xa-1": 6, "xa-2": 3, "huyen-b": 2}
DONE: Given = {"viec-lam": "on", "quan-tam": ("luong",), "thang-vao": "2015-03-01", "de-nghi": "Thêm quạt"}
ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # storage is not the point
Deed = Callable[[Town], Awaitable[object]]


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Town:
    """After a first close, which published one group; five people have their answers pending, one has begun."""
    town = await populated(conn, tmp_path / "town", SIZES)
    for number in range(6):
        await town.answer(f"xa-1.{number}", "doi-song", DONE)
    for number in range(2):
        await town.answer(f"xa-2.{number}", "doi-song", DONE)
    await town.close_all("2020-01")
    for number in range(2):
        await town.answer(f"huyen-b.{number}", "doi-song", DONE)
    await town.answer("huyen-b.0", "nha-an", {"gio-an": "som"})
    await town.answer("huyen-b.1", "nha-an", {"gio-an": "som"}, send=False)
    return town


async def _crowd(town: Town) -> None:
    for number in range(30, 42):
        await town.join(f"huyen-b.{number}", "huyen-b")
        await town.answer(f"huyen-b.{number}", "doi-song", {**DONE, "viec-lam": "lo"})


async def _forget(town: Town) -> None:
    await town.say("xa-2.0", "/forget")
    await town.tap("xa-2.0", "erase")


DEEDS: dict[str, Deed] = {
    "one answer is another": lambda town: town.edit("xa-2.0", "doi-song", {"viec-lam": "thieu"}),
    "words are others": lambda town: town.edit("xa-2.0", "doi-song", {"de-nghi": "Không đề nghị gì nữa"}),
    "all answers are others": lambda town: town.edit(
        "huyen-b.0", "doi-song", {"viec-lam": "lo", "quan-tam": ("an",), "thang-vao": "2018-01-01", "de-nghi": "Khác"}
    ),
    "one person more answers": lambda town: town.answer("xa-2.2", "doi-song", DONE),
    "a dozen people more answer": _crowd,
    "somebody begins and does not send": lambda town: town.answer("xa-2.2", "nha-an", {"gio-an": "muon"}, send=False),
    "what was begun is sent": lambda town: town.edit("huyen-b.1", "nha-an", {}),
    "answers are taken back": lambda town: town.withdraw("huyen-b.0", "doi-song"),
    "somebody is forgotten": _forget,
    "somebody works elsewhere now": lambda town: town.move("xa-2.0", "huyen-b"),
}


async def _seen(town: Town, deed: Deed | None) -> dict[str, Outbound]:
    async with town.conn.begin_nested() as world:
        again = town.again(town.folder / "again")
        if deed:
            await deed(again)
        again.at = town.at.replace(day=22)
        seen = await tour(again, "canbo")
        await world.rollback()
    return seen


@pytest.fixture
async def before(town: Town) -> dict[str, Outbound]:
    """What an officer at the top sees on a tour."""
    return await _seen(town, None)


async def test_whatever_waits_no_screen_shows_it(town: Town, before: dict[str, Outbound]) -> None:
    assert any("6 người" in screen.text for screen in before.values())
    assert "summary" in commands(town, officers=True)
    assert "results" in commands(town, officers=False)
    for what in ("one answer is another", "a dozen people more answer", "somebody is forgotten"):
        assert await _seen(town, DEEDS[what]) == before, what


@ONE_KIND
@pytest.mark.parametrize("what", DEEDS)
async def test_no_figure_depends_on_what_waits(town: Town, what: str) -> None:
    async def shown() -> list[figures.Summary]:
        tree, day = await town.tree(), town.at.date()
        return [
            await figures.summary(town.conn, Look(role, day), tree, unit.id, form)
            for role in ("officer", EVERYONE)
            for form in town.house.pack.questionnaires
            for unit in tree.post_order()
        ]

    one = await shown()
    await DEEDS[what](town)
    assert await shown() == one


@ONE_KIND
async def test_at_the_close_it_is_seen_that_the_tour_can_see(town: Town, before: dict[str, Outbound]) -> None:
    async with town.conn.begin_nested() as world:
        again = town.again(town.folder / "again")
        await _crowd(again)
        await again.close_all("2020-02")
        after = await tour(again, "canbo", ["summary"])
        await world.rollback()
    assert {stands: screen for stands, screen in before.items() if stands in after} != after


@ONE_KIND
async def test_an_answer_that_is_another_changes_nothing_at_rest_but_sealed_bytes(town: Town) -> None:
    dumps = []
    for words in ("Xin thêm hai cái quạt", "Xin bớt giờ làm đêm"):
        async with town.conn.begin_nested() as world:
            again = town.again(town.folder / "again")
            await again.edit("xa-2.0", "doi-song", {"viec-lam": "thieu" if "quạt" in words else "on", "de-nghi": words})
            dumps.append(await dump(town.conn))
            await world.rollback()
    assert apart(*dumps) == {}
