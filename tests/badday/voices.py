"""People on three channels who ask and hear: what they heard is counted, and how long it took."""

import asyncio
import base64
import contextlib
import json
import secrets
import time
from typing import Protocol

import aiohttp

from tests.platforms.telegram import FakeTelegram
from tests.platforms.telegram import Phone as TelegramPhone
from tests.platforms.zalo_bot import FakeZaloBot
from tests.platforms.zalo_bot import Phone as ZaloPhone
from tests.platforms.zalo_oa import FakeZaloOA
from tests.platforms.zalo_oa import Phone as AccountPhone


class Voice(Protocol):
    """One person. `heard` is all the bot ever said to them, in order."""

    @property
    def heard(self) -> list[str]: ...

    async def say(self, text: str) -> None:
        """Say something; returns when it is on its way."""

    async def news(self, after: int, seconds: float) -> bool:
        """Wait until more than `after` things were heard; False when the time ran out."""


async def asked(voice: Voice, text: str, patience: float = 60.0) -> float:
    """Say something and give the seconds until an answer came; TimeoutError when none did."""
    before, began = len(voice.heard), time.perf_counter()
    await voice.say(text)
    if not await voice.news(before, patience):
        raise TimeoutError(f"no answer within {patience} s")
    return time.perf_counter() - began


class OnTelegram:
    """Somebody with the fake Telegram."""

    def __init__(self, platform: FakeTelegram, number: int) -> None:
        self.phone = TelegramPhone(platform, number)

    @property
    def heard(self) -> list[str]:
        """What was sent or changed."""
        return self.phone.chat.history

    async def say(self, text: str) -> None:
        """Type."""
        self.phone.say(text)

    async def news(self, after: int, seconds: float) -> bool:
        """Wait."""
        chat, until = self.phone.chat, time.monotonic() + seconds
        while len(chat.history) <= after:
            if not await chat.changed(chat.version, until - time.monotonic()):
                return False
        return True


class OnZalo:
    """Somebody with the fake Zalo Bot."""

    def __init__(self, platform: FakeZaloBot, number: int) -> None:
        self.phone = ZaloPhone(platform, number)

    @property
    def heard(self) -> list[str]:
        """What was written."""
        return [message.text for message in self.phone.chat.messages if message.mine]

    async def say(self, text: str) -> None:
        """Type."""
        self.phone.say(text)

    async def news(self, after: int, seconds: float) -> bool:
        """Wait."""
        chat, until = self.phone.chat, time.monotonic() + seconds
        while len(self.heard) <= after:
            if not await chat.changed(chat.version, until - time.monotonic()):
                return False
        return True


class OnAccount:
    """Somebody with the fake Zalo Official Account."""

    def __init__(self, platform: FakeZaloOA, number: int) -> None:
        self.phone = AccountPhone(platform, 10**17 + number)

    @property
    def heard(self) -> list[str]:
        """What was written."""
        return self.phone.person.history

    async def say(self, text: str) -> None:
        """Type."""
        self.phone.say(text)

    async def news(self, after: int, seconds: float) -> bool:
        """Wait."""
        person, until = self.phone.person, time.monotonic() + seconds
        while len(self.heard) <= after:
            if not await person.changed(person.version, until - time.monotonic()):
                return False
        return True


class OnWeb:
    """Somebody with the page of the web chat open."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.heard: list[str] = []
        self._news = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        cookie = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self._session = aiohttp.ClientSession(headers={"X-Lang-Nghe": "1", "Cookie": f"langnghe={cookie}"})
        self._seen: list[int] = []

    async def __aenter__(self) -> "OnWeb":
        ready: asyncio.Event = asyncio.Event()
        self._listening = asyncio.create_task(self._listen(ready))
        await ready.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._listening is not None
        self._listening.cancel()
        await asyncio.wait([self._listening])
        await self._session.close()

    async def say(self, text: str) -> None:
        """Post."""
        seen, self._seen = self._seen, []
        said = {"id": secrets.token_hex(8), "text": text, "seen": seen}
        async with self._session.post(self.url + "/chat/say", json=said) as answer:
            if answer.status != 204:
                raise ConnectionError(f"the page was answered {answer.status}")

    async def news(self, after: int, seconds: float) -> bool:
        """Wait."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self.heard) <= after:
                    self._news.clear()
                    await self._news.wait()
        return len(self.heard) > after

    async def _listen(self, ready: asyncio.Event) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._session.get(self.url + "/chat/events", timeout=timeout) as stream:
            async for line in stream.content:
                words = line.decode().rstrip("\n")
                if words == "event: ready":
                    ready.set()
                elif words.startswith("data: {"):
                    told = json.loads(words[6:])
                    self._seen.append(told["id"])
                    self.heard.append(told["text"])
                    self._news.set()
