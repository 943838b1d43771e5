"""`langnghe run`: one process with every channel that has its keys, from a clean start to a clean stop."""

import asyncio
import importlib
import logging
import signal
import socket
import uuid
from collections import Counter
from datetime import datetime
from functools import partial

from aiohttp import web

from bot.after import after_release
from bot.broadcasting.engine import Engine
from bot.broadcasting.paces import paces
from bot.channel import Channel, Ground, Task
from bot.channels.clock import ClockChannel
from bot.channels.notice import Notice
from bot.channels.page import Page
from bot.channels.visitors import Visitors
from bot.channels.web import NAME as WEB
from bot.channels.web import can as web_can
from bot.channels.web_chat import WebChat
from bot.channels.web_preview import preview
from bot.foundation import Foundation
from bot.front import front
from bot.mailbox import Mailbox
from bot.metrics import Figures
from bot.outcomes import Unavailable
from bot.outlets.own import OwnWeb
from bot.outlets.publisher import Publisher
from bot.outlets.steps import Door
from bot.public_web import public_web
from bot.refreshing import refreshing
from bot.settings import OperatorError, Settings
from bot.watch import EVERY, Watch
from bot.web import Signs, application
from handlers import calendar, privacy
from models import bounds, leases, outbox
from models.database import Connection, is_sqlite
from models.messages import Inbound
from models.outlets import FEED

log = logging.getLogger(__name__)

PATIENCE = 10.0
# Loaded only where they have their keys (the setting named): nobody pays for the library of a platform not used.
PLATFORMS = {
    "telegram_token": "bot.connect_telegram",
    "zalo_bot_token": "bot.connect_zalo_bot",
    "zalo_oa_app_id": "bot.connect_zalo_oa",
    "facebook_page_id": "bot.connect_facebook",
}


class Running:
    """A house at work. `start` opens it, `stop` lets everything finish that was begun."""

    def __init__(self, foundation: Foundation, door: socket.socket) -> None:
        self.foundation = foundation
        self.door = door
        self.house = foundation.house
        begun = front(foundation)
        self.writer, self.reception, self.road = begun.writer, begun.reception, begun.road
        self.ground = Ground(foundation, self.writer, self.road, uuid.uuid4().hex)
        self.channels: list[Channel] = []
        self.watch = Watch(self._up)
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: web.AppRunner | None = None

    # ---- opening

    async def start(self) -> None:
        """Open every channel. Raises OperatorError for settings that a channel cannot work with."""
        self.writer.start()
        if is_sqlite(self.foundation.settings.database):
            # The embedded database has one process: what a dead one held is free at once.
            await self.writer.write(outbox.release_leases)
            await self.writer.write(leases.drop_all)
        self.channels += [self._clock(), self._web()]
        for keyed, module in PLATFORMS.items():
            if getattr(self.foundation.settings, keyed):
                self.channels.append(await importlib.import_module(module).connect(self.ground))
        self.channels.append(self._outlets())
        self.channels.append(self._broadcasts())
        self.channels.append(refreshing(self.ground))
        await self._listen()
        self.house.down = lambda: self.watch.down
        tasks = [self._look, *(task for each in self.channels for task in each.tasks)]
        self._tasks = [asyncio.create_task(self._kept_up(task)) for task in tasks]

    async def _listen(self) -> None:
        budgets = self.house.budgets
        figures = Figures(self.road.counts, {each.name: each.counts for each in self.channels}, self._up, budgets)
        signs = Signs(self._ask_database, self._up, figures, budgets)
        routes = [route for each in self.channels for route in each.routes]
        app = application(signs, routes)
        # Nothing is inflated: nobody sends us compressed bodies, and a small one may hide a very large one.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0, auto_decompress=False)
        await self._runner.setup()
        await web.SockSite(self._runner, self.door).start()

    def _up(self) -> dict[str, bool]:
        return {each.name: each.up() for each in self.channels}

    async def _look(self) -> None:
        while True:
            self.watch.look(self.foundation.now())
            await asyncio.sleep(EVERY)

    async def _ask_database(self) -> None:
        async def nothing(_conn: Connection) -> None:
            return None

        await self.writer.write(nothing)

    @property
    def port(self) -> int:
        """The port that is listened on, also where any free one was asked for."""
        return int(self.door.getsockname()[1])

    # ---- channels of our own

    def _clock(self) -> Channel:
        clock = ClockChannel(self._due, self.foundation.now, self._after_release)

        async def listen() -> None:
            await clock.listen(self.road.receive)

        return Channel(calendar.CHANNEL, [listen], counts=lambda: clock.counts)

    def _web(self) -> Channel:
        mailbox = Mailbox(self.writer, self.house.keys, alone=is_sqlite(self.foundation.settings.database))
        self.road.hands[WEB] = mailbox.hand
        self.house.erases[WEB] = web_can.erase
        self.house.previews[WEB] = preview
        issuer = self.house.pack.issuer.in_("vi")
        page = Page(self.house.phrases, issuer)
        notice = Notice(self.house.phrases, issuer, partial(privacy.notice, self.house), page.version)
        visitors = Visitors(self.foundation.settings.public_url)
        chat = WebChat(self.road, mailbox, page, visitors, self.foundation.now)
        public = public_web(self.foundation, self.writer, page.version)
        return Channel(WEB, routes=[*chat.routes(), *notice.routes(), *public], close=chat.close)

    async def _due(self, at: datetime) -> list[Inbound]:
        return calendar.due(self.house.pack, at, await self.writer.write(bounds.edited))

    def _outlets(self) -> Channel:
        doors = {FEED: Door(OwnWeb(), lambda: "")}
        for each in self.channels:
            doors |= each.doors
        publisher = Publisher(self.ground, doors)
        return Channel("outlets", [publisher.run], counts=lambda: Counter(publisher.counts), close=publisher.hush)

    def _broadcasts(self) -> Channel:
        self.house.paces = paces(self.foundation.settings)
        self.house.mailing = list(self.house.paces)
        return Engine(self.ground, [each.mail for each in self.channels if each.mail]).channel()

    async def _after_release(self) -> bool:
        return await after_release(self.foundation, self.writer, self.reception.period(self.foundation.now()))

    # ---- keeping up, and stopping

    async def _kept_up(self, task: Task) -> None:
        """Run a channel's task; a bug in it is logged and it starts again, so that no other channel hears of it."""
        while True:
            try:
                await task()
            except Unavailable:
                log.warning("the database is away")
            except Exception:
                log.exception("a channel's task failed")
            else:
                return
            await asyncio.sleep(1.0)

    async def stop(self) -> None:
        """Take nothing more in, send what is in our hands, close."""
        for each in self.channels:
            if each.close:
                await each.close()
        if self._runner:
            await self._runner.cleanup()
        await asyncio.gather(*(each.drain(PATIENCE) for each in self.channels if each.drain))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for each in self.channels:
            if each.end:
                await each.end()
        await self.writer.write(lambda conn: leases.leave_all(conn, self.ground.holder))
        await self.writer.close()
        await self.foundation.close()


def open_door(settings: Settings) -> socket.socket:
    """Take the port. Raises OperatorError when it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((settings.web_host, settings.web_port))
        door.listen(1024)
    except OSError as error:
        door.close()
        place = f"{settings.web_host}:{settings.web_port}"
        raise OperatorError(f"WEB_HOST, WEB_PORT: {place} cannot be listened on ({error.strerror})") from None
    return door


def stop_signs() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set from now on, in place of what they usually do."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told
