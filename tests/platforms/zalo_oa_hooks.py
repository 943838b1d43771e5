"""Webhook delivery as Zalo does it: signed, two seconds, brought again later and later, unordered, at least once.

Invented: that after the last retry the webhook stays off until it is set anew.
"""

import asyncio
import hashlib
import json
import random
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.platforms.clock import Clock

PATIENCE = 2.0  # real seconds
RETRIES = (30.0, 300.0, 900.0, 1800.0, 3600.0)


def sign(app_id: str, body: bytes, timestamp: str, secret: str) -> str:
    """Sign a body: plain SHA-256 over app id, raw body, timestamp, secret."""
    return hashlib.sha256(app_id.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


@dataclass
class Hooks:
    """One app's webhook. `again` is the share of events that come twice, `late` of those that come once more later.

    `slowest` is the longest that an answer took, in seconds; `given_up` are events that nobody took. `stamp` dates
    events: beside a house that lives by real time it is to be `time.time`, however fast the retries go.
    """

    clock: Clock
    app_id: str
    secret: str
    account: str
    stamp: Callable[[], float] | None = None
    url: str = ""
    again: float = 0.0
    late: float = 0.0
    disabled: bool = False
    attempts: int = 0
    slowest: float = 0.0
    statuses: list[int] = field(default_factory=list)
    given_up: list[dict[str, Any]] = field(default_factory=list)
    waiting: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    def set(self, url: str) -> None:
        """Set the address in the console, which switches the webhook on."""
        if not url.startswith(("https://", "http://127.0.0.1:")):  # plain HTTP only here, where we are both
            raise ValueError("one HTTPS address")
        self.url, self.disabled = url, False

    def said(self, user: str, name: str, message: dict[str, Any]) -> None:
        """Bring what a person sent: a message of any kind, without its id."""
        told = {"sender": {"id": user}, "recipient": {"id": self.account}, "user_id_by_app": f"9{user}"}
        self.bring({**told, "event_name": name, "message": {"msg_id": secrets.token_hex(10), **message}})

    def bring(self, event: dict[str, Any]) -> None:
        """Bring an event, with the app's id and the time added where they are not given."""
        stamp = str(int((self.stamp or self.clock.now)() * 1000))
        body = json.dumps({"app_id": self.app_id, "timestamp": stamp, **event}, ensure_ascii=False)
        if self.url and not self.disabled:
            self.waiting += 1
            self._begin(self._deliver(body.encode("utf-8", "surrogatepass"), event))

    async def post(self, body: bytes, mac: str, retry: int = 0) -> int:
        """Bring raw bytes once; gives the status, 0 when no answer came in time."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        headers = {"Content-Type": "application/json", "X-ZEvent-Signature": mac}
        if retry:
            headers["num_retry"] = str(retry)
        self.attempts += 1
        begun, status = time.monotonic(), 0
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with self._session.post(self.url, data=body, headers=headers, timeout=timeout) as answer:
                await answer.read()
                status = answer.status
        except (TimeoutError, aiohttp.ClientError):
            pass
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.statuses.append(status)
        return status

    async def close(self) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, body: bytes, event: dict[str, Any]) -> None:
        stamp = str(json.loads(body)["timestamp"])
        mac = f"mac={sign(self.app_id, body, stamp, self.secret)}"
        try:
            for retry, delay in enumerate((*RETRIES, 0.0)):
                if self.disabled:
                    break
                if await self.post(body, mac, retry) == 200:
                    await self._once_more(body, mac)
                    return
                await self.clock.sleep(delay)
            self.disabled = True
            self.given_up.append(event)
        finally:
            self.waiting -= 1

    async def _once_more(self, body: bytes, mac: str) -> None:
        if random.random() < self.again:
            await self.post(body, mac, 1)
        if random.random() < self.late:
            await self.clock.sleep(random.uniform(0.0, 60.0))
            await self.post(body, mac, 2)
