"""Fetching updates without losing one: the offset moves only after everything before it is kept.

Refuses the library's own updater, which confirms a whole batch before the first of it is handled: a crash then loses
the rest (measured: 45 of 50), and one malformed update stops it for ever.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram.error import Conflict, TelegramError

from bot.channels.backoff import pause
from bot.channels.hearing import Receive, hand_over, unless
from bot.channels.telegram_failures import rest_after
from bot.channels.telegram_updates import KINDS, callback_id, parse, update_number
from bot.channels.telegram_wire import Stranger
from bot.outcomes import Unavailable
from models.messages import Inbound

LOG = logging.getLogger(__name__)
BATCH = 100
HOLD_SECONDS = 30  # how long Telegram holds an empty answer back; at most 50

Call = Callable[[str, dict[str, Any], float], Awaitable[Any]]


@dataclass
class Polling:
    """One poller of one bot. `call` makes Bot API calls, `answer_tap` stops a tap's spinner and never fails."""

    call: Call
    answer_tap: Callable[[str], None]
    now: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)
    hold: int = HOLD_SECONDS
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._idle.set()

    async def run(self, receive: Receive) -> None:
        """Poll until closing. Never drops what waits at Telegram; rests when Telegram or the database is down."""
        self._idle.clear()
        try:
            await self._poll(receive)
        finally:
            self._idle.set()

    async def end(self, patience: float) -> None:
        """End it for good, as soon as what was fetched is kept; wait for that for at most `patience` seconds."""
        self._closing.set()
        await unless(self._idle, asyncio.sleep(patience))

    async def _poll(self, receive: Receive) -> None:
        offset, tries, hooked = 0, 0, True
        while not self._closing.is_set():
            try:
                if hooked:  # a webhook of an earlier life would refuse us
                    await self.call("deleteWebhook", {"drop_pending_updates": False}, 10.0)
                    hooked = False
                batch = await self._fetch(offset)
                offset = await self._keep(batch, receive) if batch else 0  # ids may start anew after an idle week
                tries = 0
            except Unavailable:
                tries += 1
                self.counts["unavailable"] += 1
                await self._rest(pause(tries, 5.0))
            except TelegramError as failure:
                tries, hooked = tries + 1, isinstance(failure, Conflict)
                LOG.warning("telegram polling: %s", type(failure).__name__)
                await self._rest(max(3.0, pause(tries, 30.0)) if hooked else rest_after(failure, tries))

    async def _rest(self, seconds: float) -> None:
        await unless(self._closing, asyncio.sleep(seconds))

    async def _fetch(self, offset: int) -> Sequence[object]:
        asked: dict[str, Any] = {"limit": BATCH, "timeout": self.hold, "allowed_updates": list(KINDS)}
        asking = self.call("getUpdates", asked | ({"offset": offset} if offset else {}), self.hold + 10.0)
        batch = await unless(self._closing, asking)
        return batch if isinstance(batch, list) else []

    async def _keep(self, batch: Sequence[object], receive: Receive) -> int:
        """Hand a batch over, each person's in order and the persons side by side; give the offset that confirms it."""
        heard: dict[str, list[Inbound]] = {}
        for update in batch:
            if waiting := callback_id(update):
                self.answer_tap(waiting)
            inbound = self._parse(update)
            if inbound is not None:
                heard.setdefault(inbound.sender.user, []).append(inbound)
        results = await asyncio.gather(
            *(hand_over(said, receive, self.counts) for said in heard.values()), return_exceptions=True
        )
        for failed in results:
            if isinstance(failed, BaseException):
                raise failed
        confirmed = max(map(update_number, batch)) + 1
        if not confirmed:
            raise Stranger("updates without numbers")
        return confirmed

    def _parse(self, update: object) -> Inbound | None:
        if update_number(update) < 0:
            self.counts["malformed"] += 1
        return parse(update, self.now())
