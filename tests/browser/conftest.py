"""Chromium as a phone of 360×740 looks at the chat. Without a Chromium these tests are skipped."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
import resvg_py
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from bot.channels.page import Page as ChatPage
from bot.channels.visitors import Visitors
from bot.channels.web_chat import WebChat
from locales import phrases
from tests.browser.echo import Room

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BARS = "".join(
    f'<rect x="20" y="{y}" width="{width}" height="50" fill="#0b3f7d"/>' for y, width in ((30, 480), (100, 350))
)
CHART = f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="180">{BARS}</svg>'


@dataclass  # without slots: playwright keeps its handlers on the object that has them
class Phone:
    """A browser with its own cookies, and what went wrong in it."""

    context: BrowserContext
    url: str
    complaints: list[str] = field(default_factory=list)

    async def tab(self, path: str = "/") -> Page:
        """Open a tab and wait until its first screen stands there."""
        page = await self.context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"Error: {error}"))
        await page.goto(self.url + path)
        await page.get_by_role("article").first.wait_for()
        return page

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """The browser of this machine."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run the browser tests")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def room() -> Room:
    """Somebody to talk to."""
    return Room(picture=bytes(resvg_py.svg_to_bytes(svg_string=CHART)))


@dataclass(slots=True)
class Site:
    """The chat on a port of its own, that can go away and come back at the same address."""

    room: Room
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Open, at the old port if there was one."""
        chat = WebChat(
            self.room, self.room, ChatPage(phrases.load(), "Liên đoàn Lao động tỉnh Sơn La"), Visitors(), now
        )
        app = web.Application()
        app.add_routes(chat.routes())
        app.on_shutdown.append(lambda _: chat.close())
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = urlsplit(site.name).port or self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close, as in a restart."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None


def now() -> datetime:
    """Give the time of day that the echo desk never looks at."""
    return datetime(2020, 1, 6, 1, 0, tzinfo=UTC)


@pytest_asyncio.fixture(loop_scope="module")
async def site(room: Room) -> AsyncIterator[Site]:
    """The chat with the echo desk."""
    site = Site(room)
    await site.start()
    yield site
    await site.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def phone(chromium: Browser, site: Site) -> AsyncIterator[Phone]:
    """One person's phone. A complaint of the browser (an error, a refused resource) fails the test."""
    phone = await phone_of(chromium, site.url)
    yield phone
    await phone.context.close()
    assert [text for text in phone.complaints if "Content Security Policy" in text or "Error" in text] == []


async def phone_of(chromium: Browser, url: str) -> Phone:
    """A phone that looks at an address."""
    context = await chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", has_touch=True, reduced_motion="reduce"
    )
    context.set_default_timeout(8000)
    return Phone(context, url)


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the screens go, to be looked at."""
    return tmp_path_factory.mktemp("shots")
