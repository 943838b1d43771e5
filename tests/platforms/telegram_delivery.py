"""Webhook delivery as Telegram does it: queues in order, retries that slow down, updates that grow too old.

A queue sends its next update only after the one before it was taken or grew too old. Messages of a chat are one queue,
taps of a person another, so those two can overtake each other.
"""

import asyncio
import json
import random
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from tests.platforms.telegram_updates import Update, Updates

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Hook:
    url: str
    secret: str
    at_once: int


class Delivery:
    """Brings updates to one address.

    `again` is the share of updates whose answer "gets lost": they come twice. `late` is the share that comes once more
    within a second or so, after others that are newer.
    """

    def __init__(self, updates: Updates, hook: Hook, call: Call) -> None:
        self._updates, self._hook, self._call = updates, hook, call
        self._queues: dict[str, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(hook.at_once)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=20), cookie_jar=aiohttp.DummyCookieJar()
        )
        self._url = URL(hook.url)
        self._headers = {"Content-Type": "application/json"}
        if hook.secret:
            self._headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        self.again = self.late = 0.0
        self.last_error = ""
        self.attempts = 0
        for update in updates.waiting():
            self.take(update)
        updates.added = self.take

    def take(self, update: Update) -> None:
        """Queue one update; a queue that was empty begins to run."""
        queue = self._queues.get(update.queue)
        if queue is not None:
            queue.append(update)
            return
        self._queues[update.queue] = deque((update,))
        self._begin(self._run(update.queue))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop; what was not taken stays for the next webhook or for getUpdates."""
        self._updates.added = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def _run(self, name: str) -> None:
        queue = self._queues[name]
        while queue:
            await self._deliver(queue[0])
            queue.popleft()
        del self._queues[name]

    async def _deliver(self, update: Update) -> None:
        clock, tries = self._updates.clock, 0
        while clock.now() < update.expires:
            wait = await self._post(update)
            if wait is None and random.random() >= self.again:
                self._updates.forget(update)
                if random.random() < self.late:
                    self._begin(self._once_more(update))
                return
            tries += 1
            delay = 0.0 if tries == 1 else min(2.0 ** (tries - 1), random.uniform(60, 120))
            delay = delay if wait is None or wait < 0 else wait
            if clock.now() + delay >= update.expires:
                break
            await clock.sleep(delay)
        self._updates.drop(update)

    async def _once_more(self, update: Update) -> None:
        await self._updates.clock.sleep(random.uniform(0.0, 1.5))
        await self._post(update)

    async def _post(self, update: Update) -> float | None:
        """Bring it once. None when taken, else the seconds our host asks us to wait (-1: it does not say)."""
        self.attempts += 1
        body = json.dumps(update.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        asked = self._session.post(
            self._url, data=body, headers=self._headers, timeout=aiohttp.ClientTimeout(total=60), allow_redirects=False
        )
        try:
            async with self._room, asked as answer:
                told = await answer.read()
        except (TimeoutError, aiohttp.ClientError) as error:
            self.last_error = type(error).__name__
            return -1.0
        if 200 <= answer.status < 300:
            if told:
                await self._reply(told)
            return None
        self.last_error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        asked_for = answer.headers.get("Retry-After", "")
        return min(max(float(asked_for), 0.0), 3600.0) if asked_for.isdigit() else -1.0

    async def _reply(self, told: bytes) -> None:
        """An answer may be a method call; whoever makes it never learns what became of it."""
        try:
            call = json.loads(told)
            await self._call(str(call.pop("method")), call)
        except (ValueError, KeyError, AttributeError):
            self.last_error = "an answer that is no method call"
