"""A person's page of the web chat, used as a phone: what is said is posted until it is taken, as the page does it."""

import asyncio
import hashlib
import json
import secrets
from contextlib import suppress
from typing import Any

import aiohttp

from bot.channels.visitors import HEADER
from tests.platforms.telegram_chats import Chat, Shown

AGAIN = 1.0  # seconds after which something is tried again; the page takes a little longer
FOREVER = aiohttp.ClientTimeout(total=None, sock_connect=5.0)
PATIENCE = aiohttp.ClientTimeout(total=20.0)


class Browser:
    """One browser with a cookie of its own. `refused` are statuses that the page would not have got over."""

    def __init__(self, port: int, chat: Chat) -> None:
        self.chat = chat
        self.refused: list[int] = []
        cookie = secrets.token_hex(32)[:43]
        self.user = hashlib.sha256(cookie.encode()).hexdigest()[:32]
        self._address = f"http://127.0.0.1:{port}"
        self._headers = {HEADER: "1", "Cookie": f"langnghe={cookie}"}
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self._posts: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._speak())]
        self._unseen: list[int] = []
        self._given: set[int] = set()

    def say(self, text: str) -> None:
        """Type and send; "/start TOKEN" is what opening a link does."""
        word, _, token = text.partition(" ")
        self._post({"start": token} if word == "/start" and token else {"text": text})

    def tap_data(self, data: str, _message: Shown | None = None) -> None:
        """Tap a button."""
        self._post({"tap": data})

    async def acknowledge(self) -> None:
        """Say what was seen, as the page does when nothing else is said for a moment."""
        seen, self._unseen = self._unseen, []
        async with self._session.post(f"{self._address}/chat/seen", json={"seen": seen}, headers=self._headers) as told:
            self.refused += [told.status] * (told.status != 200)

    async def close(self) -> None:
        """Close the page."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    def _post(self, said: dict[str, str]) -> None:
        self._posts.put_nowait({"id": secrets.token_hex(8), **said})

    async def _speak(self) -> None:
        while True:
            said = await self._posts.get()
            while (wait := await self._posted(said)) is not None:  # noqa: ASYNC110 - tried until it is taken
                await asyncio.sleep(wait)

    async def _posted(self, said: dict[str, str]) -> float | None:
        """Post once; None when it was taken, else the seconds after which to try again."""
        seen = self._unseen[:100]
        body, url = {**said, "seen": seen}, f"{self._address}/chat/say"
        try:
            async with self._session.post(url, json=body, headers=self._headers, timeout=PATIENCE) as answer:
                status, asked = answer.status, float(answer.headers.get("Retry-After", AGAIN))
        except (aiohttp.ClientError, TimeoutError):
            return AGAIN
        if status in (429, 503):
            return asked
        if status != 204:
            self.refused.append(status)
        self._unseen = [id for id in self._unseen if id not in seen]
        return None

    async def _listen(self) -> None:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):  # when it is gone, another is opened
                await self._stream()
            await asyncio.sleep(AGAIN)

    async def _stream(self) -> None:
        url, id = f"{self._address}/chat/events", 0
        asked = self._session.get(url, headers=self._headers, timeout=FOREVER, read_bufsize=2**20)
        async with asked as stream:
            async for line in stream.content:
                if line.startswith(b"id: "):
                    id = int(line[4:])
                elif line.startswith(b"data: {") and id not in self._given:
                    self._given.add(id)
                    self._unseen.append(id)
                    self._show(id, json.loads(line[6:]))

    def _show(self, id: int, told: dict[str, Any]) -> None:
        words = (told.get("banner"), told.get("title"), told["text"])
        rows = told.get("buttons", ())
        keyboard = [[{"text": b["label"], "callback_data": b["tap"]} for b in row if "tap" in b] for row in rows]
        self.chat.show(Shown(id, True, "\n\n".join(filter(None, words)), 0, keyboard=keyboard))
