"""Webhook delivery of the fake Zalo. How the real one queues, repeats and gives up is not documented: all INVENTED."""

import asyncio
import json
import random
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.platforms.zalo_bot_chats import Chats

LIFE = 3600.0  # seconds for which an event that was not taken is brought again


@dataclass(frozen=True)
class Hook:
    url: str
    secret: str


class Delivery:
    """Brings events to one address, each chat's in order and the chats side by side.

    `wrapped` is the share of bodies in the documented envelope, the others are flat as observed. `again` is the share
    that comes twice although it was taken. `repeats` False brings everything once, taken or not.
    """

    def __init__(self, chats: Chats, hook: Hook) -> None:
        self._chats, self._hook = chats, hook
        self._queues: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self.wrapped, self.again, self.repeats = 0.5, 0.0, True
        self.attempts = 0
        chats.added = self._take
        self._take()

    def _take(self) -> None:
        while self._chats.waiting:
            user, event = self._chats.waiting.popleft()
            if user not in self._queues:
                self._queues[user] = asyncio.Queue()
                self._tasks.add(asyncio.create_task(self._run(self._queues[user])))
            self._queues[user].put_nowait(event)

    async def close(self) -> None:
        """Stop; what was not taken is lost."""
        self._chats.added = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def _run(self, queue: "asyncio.Queue[dict[str, Any]]") -> None:
        while True:
            event = await queue.get()
            await self._deliver(event)
            if random.random() < self.again:
                await self._post(event)

    async def _deliver(self, event: dict[str, Any]) -> None:
        clock, wait = self._chats.clock, 1.0
        until = clock.now() + LIFE
        while not await self._post(event) and self.repeats and clock.now() < until:
            await clock.sleep(wait)
            wait = min(wait * 2, 60.0)

    async def _post(self, event: dict[str, Any]) -> bool:
        self.attempts += 1
        body = {"ok": True, "result": event} if random.random() < self.wrapped else event
        headers = {"Content-Type": "application/json", "X-Bot-Api-Secret-Token": self._hook.secret}
        told = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        asked = self._session.post(
            self._hook.url, data=told, headers=headers, timeout=aiohttp.ClientTimeout(total=60), allow_redirects=False
        )
        try:
            async with asked as answer:
                await answer.read()
                return 200 <= answer.status < 300
        except (TimeoutError, aiohttp.ClientError):
            return False
