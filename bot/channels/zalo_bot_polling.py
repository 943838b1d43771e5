"""Fetching events one by one. Zalo gives each only once and waits for no receipt, so what was fetched is held here
until it is kept: a database that is away loses nothing, a process that dies loses at most the one event in its hands.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.channels.backoff import pause
from bot.channels.hearing import Receive, hand_over, unless
from bot.channels.replies import Failed
from bot.channels.zalo_bot_failures import TIMED_OUT, Denied, Failure, code_of, rest_after
from bot.channels.zalo_bot_updates import parse
from bot.outcomes import Unavailable
from models.messages import Inbound

LOG = logging.getLogger(__name__)
HOLD_SECONDS = 30  # how long Zalo holds an empty answer back
AT_LEAST = 1.0  # seconds that a poll without news takes, or it would be asked again without end

Call = Callable[[str, dict[str, Any], float], Awaitable[Any]]


@dataclass
class Polling:
    """One poller of one bot; there must be no second. `call` makes calls of the Bot API."""

    call: Call
    now: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)
    hold: int = HOLD_SECONDS
    _unkept: Inbound | None = None
    _hooked: bool = True  # a webhook of an earlier life would keep everything from us
    _tries: int = 0
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._idle.set()

    async def run(self, receive: Receive) -> None:
        """Poll until closing; rests when Zalo or the database is down."""
        self._idle.clear()
        try:
            while self._unkept or not self._closing.is_set():
                await self._step(receive)
        finally:
            self._idle.set()

    async def end(self, patience: float) -> None:
        """End it for good, as soon as what was fetched is kept; wait for that for at most `patience` seconds."""
        self._closing.set()
        await unless(self._idle, asyncio.sleep(patience))

    async def _step(self, receive: Receive) -> None:
        try:
            if self._unkept is None:
                await self._fetch()
            if self._unkept is not None:
                await hand_over([self._unkept], receive, self.counts)
                self._unkept = None
            self._tries = 0
        except Unavailable:
            self._tries += 1
            self.counts["unavailable"] += 1
            await asyncio.sleep(pause(self._tries, 5.0))
        except (Denied, Failed) as failure:
            await self._rest(failure)

    async def _rest(self, failure: Failure) -> None:
        self._tries += 1
        self._hooked |= isinstance(failure, Denied)  # it may be a webhook that refuses us: no code is documented
        LOG.warning("zalo-bot polling: %s (%s)", type(failure).__name__, failure)
        await unless(self._closing, asyncio.sleep(max(3.0, rest_after(failure, self._tries))))

    async def _fetch(self) -> None:
        if self._hooked:
            await self.call("deleteWebhook", {}, 10.0)
            self._hooked = False
        began = asyncio.get_running_loop().time()
        event = await unless(self._closing, self._next())
        if event is None:
            left = began + AT_LEAST - asyncio.get_running_loop().time()
            await unless(self._closing, asyncio.sleep(max(left, 0.0)))
            return
        self._unkept = parse(event, self.now())
        self.counts["unheard"] += self._unkept is None

    async def _next(self) -> object:
        """Ask for the next event; None when there was none."""
        try:
            found: object = await self.call("getUpdates", {"timeout": self.hold}, self.hold + 10.0)
        except (Denied, Failed) as failure:
            if code_of(failure) == TIMED_OUT:
                return None
            raise
        return found or None
