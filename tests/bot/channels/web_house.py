"""The public web on a port of its own, with the database behind it and officers who publish."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.feed import Feed
from bot.channels.feed_block import Block
from bot.channels.feed_board import Panel
from bot.channels.page import Page
from bot.channels.posters import Posters
from bot.channels.prints import Shelf
from bot.writer import Writer
from handlers.house import House
from models.keys import Keys
from tests.publishing import Press
from tests.transcripts.house import CAMPAIGN, PHRASES
from tests.transcripts.stage import OPENING


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as words."""
        return self.body.decode()


@dataclass(slots=True)
class WebHouse:
    """`get` asks for a path; `press` publishes through `do`."""

    house: House
    writer: Writer
    press: Press
    session: aiohttp.ClientSession
    url: str

    async def get(self, path: str, **headers: str) -> Answer:
        """Ask, and read the answer whole."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.get(self.url + path, headers=names, allow_redirects=False) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def do(self, work: Callable[..., Awaitable[Any]], *given: Any) -> Any:
        """Let the press do something, in a transaction of its own."""
        return await self.writer.write(lambda conn: work(conn, *given))


@asynccontextmanager
async def web_house(engine: AsyncEngine, folder: Path, at: datetime | None = None) -> AsyncIterator[WebHouse]:
    """Open it; nothing is kept on the shelf for longer than it takes to give it."""
    house = House(CAMPAIGN, PHRASES, Keys.open(folder / "keys.json"), public_url="https://langnghe.example")
    writer, page, shelf = Writer(engine), Page(PHRASES, "Liên đoàn"), Shelf(lasts=0)
    writer.start()
    app = web.Application()
    app.add_routes([web.get("/static/{version}/{name}", page.part), *Feed(house, writer, shelf).routes()])
    app.add_routes(Block(house, writer, shelf, page.version).routes())
    press = Press(house, at or OPENING + timedelta(days=1))
    app.add_routes(Panel(house, writer, shelf, page.version).routes(lambda: press.at))
    app.add_routes(Posters(house, writer, lambda: press.at).routes())
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession() as session:
        yield WebHouse(house, writer, press, session, f"http://127.0.0.1:{port}")
    await runner.cleanup()
    await writer.close()
