"""One person at a running house by each of its ways: Telegram's wire, the web page's wire, and the terminal."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import func, select, update

from bot.channels.console import render
from bot.foundation import lay
from bot.mailbox import Mailbox
from bot.run import Running, open_door
from bot.settings import Settings
from handlers.calendar import SENDER
from models import answers, joining
from models.database import Connection
from models.messages import Address, Inbound
from models.people import person
from models.slips import Slip
from models.tables import metadata
from models.units import Tree
from tests.guarantees.canaries import pack
from tests.guarantees.visitor import Visitor
from tests.platforms.telegram import FakeTelegram, Phone

AS_OF = date(2020, 1, 6)
PERIOD, LATER = "2020-01", datetime.fromisoformat("2020-01-09T12:00:00+07:00")
PERSONAL = ("person", "address", "pending", "participation")


class Wire(ABC):
    """Somebody who types, and presses what is shown, and sees what comes back."""

    @abstractmethod
    async def say(self, words: str) -> str:
        """Type something; gives all that the answer shows."""

    @abstractmethod
    async def press(self, label: str) -> str:
        """Press a button, or type its number where there are none; gives all that the answer shows."""


class ByTelegram(Wire):
    """On a phone."""

    def __init__(self, server: FakeTelegram) -> None:
        self._phone = Phone(server, 4711)

    async def say(self, words: str) -> str:
        """Type and wait."""
        version = self._phone.chat.version
        self._phone.say(words)
        return await self._seen(version)

    async def press(self, label: str) -> str:
        """Tap and wait."""
        version = self._phone.chat.version
        await self._phone.tap(label)
        return await self._seen(version)

    async def _seen(self, version: int) -> str:
        assert await self._phone.chat.changed(version, 20)
        return "\n".join((self._phone.screen.text, *self._phone.screen.labels))


class ByWeb(Wire):
    """In a browser."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    async def say(self, words: str) -> str:
        """Type; the first words may be those of a link."""
        command, _, token = words.partition(" ")
        if command == "/start" and token:
            return self._seen(await self._visitor.say(start=token))
        return self._seen(await self._visitor.say(text=words))

    async def press(self, label: str) -> str:
        """Tap a button of the last message."""
        buttons = [each for row in (await self._visitor.screen()).get("buttons", ()) for each in row]
        (tap,) = (each["tap"] for each in buttons if each["label"] == label)
        return self._seen(await self._visitor.say(tap=tap))

    def _seen(self, screen: dict[str, object]) -> str:
        return str(screen)


class ByTerminal(Wire):
    """At `langnghe chat`: in words and numbers alone."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._mailbox = Mailbox(running.writer, running.house.keys, alone=True)
        self._shown = ""
        self._me = Address("console", "console")

    async def say(self, words: str) -> str:
        """Type a line."""
        command, _, token = words.partition(" ")
        start = token if command == "/start" else ""
        at = self._running.foundation.now()
        await self._running.road.receive(Inbound(uuid.uuid4().hex, self._me, at, "" if start else words, start=start))
        letters = await self._mailbox.waiting(self._me)
        await self._mailbox.settle(self._me, [id for id, _ in letters])
        self._shown = "\n".join(render(outbound) for _, outbound in letters)
        return self._shown

    async def press(self, label: str) -> str:
        """Type the number that stands before a label, or the label where it has none."""
        line = next(line.strip() for line in self._shown.splitlines() if label in line and line.strip())
        number, dot, _ = line.partition(". ")
        return await self.say(number if dot and number.isdigit() else label)


Opening = Callable[[Running, FakeTelegram], AbstractAsyncContextManager[Wire]]


@asynccontextmanager
async def by_telegram(_running: Running, server: FakeTelegram) -> AsyncIterator[Wire]:
    """Open a phone."""
    yield ByTelegram(server)


@asynccontextmanager
async def by_web(running: Running, _server: FakeTelegram) -> AsyncIterator[Wire]:
    """Open a browser."""
    async with Visitor(f"http://127.0.0.1:{running.port}") as visitor:
        yield ByWeb(visitor)


@asynccontextmanager
async def by_terminal(running: Running, _server: FakeTelegram) -> AsyncIterator[Wire]:
    """Open a terminal."""
    yield ByTerminal(running)


WAYS: dict[str, Opening] = {"telegram": by_telegram, "web": by_web, "terminal": by_terminal}


@asynccontextmanager
async def opened(database_url: str, folder: Path, server: FakeTelegram) -> AsyncIterator[Running]:
    """A house at work on a database, with a questionnaire of three questions and groups of five."""
    settings = Settings(
        _env_file=None,
        data_dir=folder / "data",
        database_url=database_url,
        campaign=str(pack(folder)),
        as_of=AS_OF,
        web_port=0,
        telegram_token=SecretStr(server.token),
        telegram_base_url=server.base_url,
    )
    running = Running(await lay(settings), open_door(settings))
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


async def workplace(running: Running, conn: Connection) -> str:
    """A unit at the bottom of the tree."""
    tree: Tree = await running.house.tree(conn, AS_OF)
    return next(unit.id for unit in tree.post_order() if unit.kind.startswith("cdcs"))


async def link(running: Running) -> str:
    """The token of its join link."""

    async def made(conn: Connection) -> str:
        return await joining.make_link(conn, await workplace(running, conn), running.foundation.now())

    return await running.writer.write(made)


async def crowd(running: Running, form: str) -> None:
    """Five people who joined long ago send what the only person who answered has sent, at the same unit."""

    async def write(conn: Connection) -> None:
        unit = await workplace(running, conn)
        (mine,) = (await conn.execute(select(person.c.id))).scalars()
        found = await answers.find(conn, running.house.keys, mine, form)
        assert found.record is not None
        common = {"language": "vi", "talk_name": "start", "talk_data": "{}", "revision": 0, "met_on": "2019-12-01"}
        for number in range(1, 6):
            await conn.execute(person.insert().values(id=number, joined_period="2019-12", **common))
            await answers.submit(conn, running.house.keys, PERIOD, unit, Slip(number, form, found.record))

    await running.writer.write(write)


async def close(running: Running, form: str) -> None:
    """Let the calendar close the period."""
    text = f"release:{form}:{PERIOD}"
    await running.road.receive(Inbound(text, SENDER, LATER, text=text))
    assert running.road.failed == 0


async def disagree(running: Running) -> None:
    """Let everybody have agreed to an older text."""
    await running.writer.write(lambda conn: conn.execute(update(person).values(consent_version="older")))


async def kept(running: Running) -> dict[str, int]:
    """How many rows stand in each table of people."""

    async def count(conn: Connection) -> dict[str, int]:
        tables = [metadata.tables[name] for name in PERSONAL]
        return {
            table.name: int((await conn.execute(select(func.count()).select_from(table))).scalar_one())
            for table in tables
        }

    return await running.writer.write(count)
