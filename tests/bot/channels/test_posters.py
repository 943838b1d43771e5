"""Cards and posters over the web: only what there is, given with a mark; a poster only by a living link."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.content import plant_units
from handlers.slogan_cards import poster_pdf
from models.audit import Act
from models.joining import end_link, make_link
from tests.bot.channels.web_house import WebHouse, web_house


@pytest.fixture
async def web(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(engine, tmp_path) as opened:
        async with engine.begin() as conn:
            await plant_units(conn, opened.house.pack.units_file, Act(opened.press.at, "shell"))
        yield opened


async def link(web: WebHouse) -> str:
    """The token of the federation's own link."""
    tree = await web.writer.write(lambda conn: web.house.tree(conn, web.press.at.date()))
    return await web.writer.write(lambda conn: make_link(conn, tree.roots[0].id, web.press.at))


@pytest.mark.parametrize("name", ["kh-5-chat", "kh-5-square-white", "kh-1-board-light"])
async def test_a_card_is_given_with_a_mark_and_not_again_to_who_has_it(web: WebHouse, name: str) -> None:
    card = await web.get(f"/card/{name}.png")
    assert (card.status, card.headers["Content-Type"]) == (200, "image/png")
    assert card.body.startswith(b"\x89PNG")
    assert "max-age=3600" in card.headers["Cache-Control"]
    again = await web.get(f"/card/{name}.png", If_None_Match=card.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/card/kh-5.png", "/card/kh-99-chat.png", "/card/kh-5-a4.png", "/card/kh-5-chat-green.png", "/card/chat.png",
        "/card/kh-5-chat-red-red.png", "/card/KH-5-chat.png", "/card/..%2fkh-5-chat.png", "/card/" + "k" * 90 + ".png",
    ],
)  # fmt: skip
async def test_there_are_no_other_cards(web: WebHouse, path: str) -> None:
    assert (await web.get(path)).status == 404


async def test_a_poster_carries_the_link_that_asks_for_it(web: WebHouse) -> None:
    token = await link(web)
    a4, a3 = [await web.get(f"/poster/{token}/kh-5-{paper}.pdf") for paper in ("a4", "a3-white")]
    assert (a4.status, a4.headers["Content-Type"]) == (200, "application/pdf")
    assert a4.body.startswith(b"%PDF")
    assert a3.body != a4.body
    assert (await web.get(f"/poster/{token}/kh-5-a4.pdf", If_None_Match=a4.headers["ETag"])).status == 304


async def test_no_poster_leads_nowhere(web: WebHouse) -> None:
    token = await link(web)
    for path in (
        f"{token}/kh-99-a4",
        f"{token}/kh-5-a5",
        f"{token}/kh-5-chat",
        "unknown/kh-5-a4",
        f"{'x' * 65}/kh-5-a4",
    ):
        assert (await web.get(f"/poster/{path}.pdf")).status == 404
    tree = await web.writer.write(lambda conn: web.house.tree(conn, web.press.at.date()))
    assert (await web.get(f"/poster/{tree.roots[0].id}/kh-5-a4.pdf")).status == 404, "a unit's id opens nothing"
    await web.writer.write(lambda conn: end_link(conn, token, web.press.at))
    assert (await web.get(f"/poster/{token}/kh-5-a4.pdf")).status == 404


async def test_nobody_waits_while_one_is_drawn(web: WebHouse) -> None:
    token = await link(web)
    poster_pdf.cache_clear()
    longest, stop = [0.0], asyncio.Event()

    async def tick() -> None:
        while not stop.is_set():
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            longest.append(time.perf_counter() - began)

    ticking = asyncio.create_task(tick())
    for number in range(1, 10):
        await web.get(f"/poster/{token}/kh-{number}-a3.pdf")
    stop.set()
    await ticking
    print(f"longest wait {max(longest):.3f} s")
    assert max(longest) < 1.0  # a slow machine may stumble; the figure itself is what is looked at
