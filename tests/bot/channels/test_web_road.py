"""The web chat on the real road: what is said is kept before it is acknowledged, what is answered until it is seen."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.page import Page
from bot.channels.visitors import Visitors
from bot.channels.web import NAME
from bot.channels.web_chat import WebChat
from bot.mailbox import Mailbox
from bot.receive import Road
from bot.writer import Writer
from locales import phrases
from models.database import Connection
from models.keys import Keys
from models.messages import Inbound, Outbound
from tests.bot.channels.test_web import Browser, event

AT = datetime(2020, 1, 6, 1, 0, tzinfo=UTC)


async def echo(_conn: Connection, inbound: Inbound) -> Sequence[Outbound]:
    """Say it back."""
    return [Outbound(inbound.sender, f"Đã nghe: {inbound.text}")]


@pytest.fixture
async def server(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[TestServer]:
    keys = Keys.open(tmp_path / "keys.json")
    writer = Writer(engine)
    writer.start()
    mailbox = Mailbox(writer, keys, alone=True)
    road = Road(writer, keys, echo, lambda _: None, lambda _: "2020-01", {NAME: mailbox.hand})
    chat = WebChat(road, mailbox, Page(phrases.load(), ""), Visitors(), lambda: AT)
    app = web.Application()
    app.add_routes(chat.routes())
    app.on_shutdown.append(lambda _: chat.close())
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()
    await writer.close()


@pytest.fixture
async def people(server: TestServer) -> AsyncIterator[tuple[Browser, Browser]]:
    """Two people with their pages open."""
    both = (Browser(server), Browser(server))
    for browser in both:
        await browser.open()
    yield both
    for browser in both:
        await browser.session.close()


async def test_an_answer_waits_until_it_is_seen_by_whom_it_is_for(people: tuple[Browser, Browser]) -> None:
    lan, eve = people
    assert [await lan.say(text="chào") for _ in range(3)] == [204, 204, 204]
    (waiting,) = await lan.waiting()
    assert waiting["text"] == "Đã nghe: chào"
    assert await eve.waiting(waiting["id"]) == []
    assert await lan.waiting() == [waiting]
    assert await lan.waiting(waiting["id"]) == []


async def test_what_is_said_by_post_is_answered_on_the_stream(people: tuple[Browser, Browser]) -> None:
    lan, eve = people
    async with await lan.open("/chat/events") as stream:
        assert (await event(stream))["event"] == "ready"
        await eve.say(text="của người khác")
        await lan.say(text="của tôi")
        assert "Đã nghe: của tôi" in (await event(stream))["data"]
