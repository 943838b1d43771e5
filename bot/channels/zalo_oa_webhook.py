"""`POST /hook/zalo-oa`: Zalo brings one event, and hears 200 only after it is kept, in any case within two seconds.

Zalo waits two seconds and then brings the event again after 30 s, 5 m, 15 m, 30 m and 1 h (older pages: for 12 hours),
and at last switches the webhook off. So when keeping takes longer than `DEADLINE`, the answer is 503 while the work
goes on: the event comes again, is known by its id, and does nothing a second time. An answer of 200 before the commit
would be quicker and would lose the event with the process.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from bot.channels.hearing import Receive, hand_over
from bot.channels.zalo_oa_events import account, moment, parse, timestamp
from bot.channels.zalo_oa_signature import HEADER, Seal, read_mac
from bot.outcomes import Unavailable
from models.messages import Inbound

log = logging.getLogger(__name__)

PATH = "/hook/zalo-oa"
DEADLINE = 1.0  # seconds, of the two that Zalo waits; the rest is for the way, and for a busy machine
LARGEST = 256 * 1024  # bytes; an event is some kilobytes
AT_ONCE = 1000  # events being kept at the same time; more are refused and come again
# Longer than Zalo's own retries, with a day's trouble on the way; shorter than ids are remembered (`seen`), so that
# whoever repeats a signed event later is refused for its age.
STALE = timedelta(hours=26)
AHEAD = timedelta(minutes=10)  # how far the two clocks may differ
RETRY_AFTER = {"Retry-After": "5"}

Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass
class Webhook:
    """The door for one app. What is not signed is refused, whatever it says; what we do not hear is acknowledged.

    `now` is the house's clock, which in a rehearsal shows another day than `wall`, by which events are dated.
    """

    seal: Seal
    now: Callable[[], datetime]
    wall: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)
    at_once: int = AT_ONCE
    _keeping: set[asyncio.Task[None]] = field(default_factory=set)

    def handler(self, receive: Receive) -> Handler:
        """Make the aiohttp handler; raises ValueError where no secret is set."""
        if not self.seal.secret:
            raise ValueError("a webhook without a secret would believe anybody")

        async def hook(request: web.Request) -> web.Response:
            until = asyncio.get_running_loop().time() + DEADLINE
            mac = read_mac(request.headers.get(HEADER, ""))
            if not mac:
                return self._refused("unsigned")
            try:
                async with asyncio.timeout_at(until):
                    body = await _read(request)
            except TimeoutError:
                return web.Response(status=408)
            if body is None:
                return web.Response(status=413)
            event = _event(body)
            if refused := self._verified(mac, body, event):
                return refused
            inbound = parse(event, self.now(), self._age(event))
            return await self._hear(inbound, receive, until)

        return hook

    async def settle(self, patience: float) -> None:
        """Wait, for at most `patience` seconds, until what came in is kept."""
        if self._keeping:
            await asyncio.wait(self._keeping, timeout=patience)

    def _verified(self, mac: str, body: bytes, event: object) -> web.Response | None:
        """Refuse what Zalo did not sign, or signed at another time; None for what may be heard."""
        stamp = timestamp(event)
        if not stamp or not self.seal.fits(mac, body, stamp):
            if stamp and self.seal.fits(mac, body, stamp, account(event)):
                self.counts["signed by account"] += 1  # the formula of a minority: worth knowing, not believed
            return self._refused("forged")
        age = self._age(event)
        if age < -AHEAD:
            return self._refused("ahead")  # not for good: it comes again, and one of the clocks may be set right
        if age > STALE:
            self.counts["stale"] += 1
            return web.Response()  # brought again it would only be older
        if not isinstance(event, dict) or str(event.get("app_id")) != self.seal.app_id:
            self.counts["strange"] += 1
            return web.Response()
        return None

    def _age(self, event: object) -> timedelta:
        return self.wall() - moment(timestamp(event))

    def _refused(self, why: str) -> web.Response:
        self.counts[why] += 1
        return web.Response(status=403)

    async def _hear(self, inbound: Inbound | None, receive: Receive, until: float) -> web.Response:
        if inbound is None:
            self.counts["ignored"] += 1
            return web.Response()
        if len(self._keeping) >= self.at_once:
            return self._later("crowded")
        task = self._keep(inbound, receive)
        await asyncio.wait([task], timeout=max(0.0, until - asyncio.get_running_loop().time()))
        if not task.done():
            return self._later("slow")
        return self._later("unavailable") if task.exception() else web.Response()

    def _keep(self, inbound: Inbound, receive: Receive) -> asyncio.Task[None]:
        """Begin to keep it; the work goes on whatever becomes of the request."""
        task = asyncio.create_task(hand_over([inbound], receive, self.counts))
        self._keeping.add(task)
        task.add_done_callback(self._kept)
        return task

    def _kept(self, task: asyncio.Task[None]) -> None:
        self._keeping.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, Unavailable):
            log.error("zalo-oa: an event failed: %s", type(error).__name__)

    def _later(self, why: str) -> web.Response:
        self.counts[why] += 1
        return web.Response(status=503, headers=RETRY_AFTER)


async def _read(request: web.Request) -> bytes | None:
    """Read the raw body; None where it is larger than any event."""
    if (request.content_length or 0) > LARGEST:
        return None
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None
    return body if len(body) <= LARGEST else None


def _event(body: bytes) -> object:
    try:
        event: object = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return event
