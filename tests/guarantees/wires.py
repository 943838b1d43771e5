"""One person at a running house by each of its ways: Telegram's wire, the web page's wire, and the terminal."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.channels.console import render
from bot.mailbox import Mailbox
from bot.run import Running
from models.messages import Address, Inbound
from tests.guarantees.visitor import Visitor
from tests.platforms.telegram import FakeTelegram, Phone


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
