"""What waits at Telegram for the bot: updates with an age, and getUpdates over them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.platforms.clock import Clock
from tests.platforms.telegram_rules import ALL_KINDS, Refusal, bad, nested

DAY = 86_400.0
LIFE = {"callback_query": 150.0}  # a tap is worth nothing after that; everything else waits a day
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(frozen=True)
class Update:
    number: int
    queue: str
    body: Any
    expires: float


class Updates:
    """One bot's updates in order. `added` is told of each; a webhook hangs there."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.allowed: tuple[str, ...] = ALL_KINDS
        self.added: Callable[[Update], None] | None = None
        self.expired = 0
        self._rows: dict[int, Update] = {}
        self._next = 700_000_001
        self._news = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None
        self._last_poll: tuple[int, float] = (0, 0.0)

    def add(self, kind: str, queue: str, payload: dict[str, Any]) -> None:
        """Create an update, unless its kind is not asked for: that is decided now, not when it is fetched."""
        if kind in self.allowed:
            self.put({kind: payload}, queue, LIFE.get(kind, DAY))

    def put(self, body: dict[str, Any], queue: str, life: float = DAY) -> None:
        """Queue any body at all under the next number (malformed ones as well)."""
        update = Update(self._next, queue, {"update_id": self._next, **body}, self.clock.now() + life)
        self._next += 1
        self._rows[update.number] = update
        self._news.set()
        if self.added is not None:
            self.added(update)

    def jump(self, number: int) -> None:
        """Go on with another number, as Telegram does after a week without updates."""
        self._next = number

    def waiting(self) -> list[Update]:
        """Give what is not confirmed and not too old."""
        now = self.clock.now()
        for update in [row for row in self._rows.values() if row.expires <= now]:
            self.drop(update)
        return list(self._rows.values())

    def forget(self, update: Update) -> None:
        self._rows.pop(update.number, None)

    def drop(self, update: Update) -> None:
        """Forget what nobody took in time, and count it."""
        self.expired += self._rows.pop(update.number, None) is not None

    def forget_all(self) -> None:
        self._rows.clear()

    async def get(self, parameters: dict[str, Any]) -> list[Any]:
        """Answer getUpdates: confirm by offset, give at most `limit`, wait at most `timeout` (50 s)."""
        if self.added is not None:
            raise Refusal(409, HOOKED)
        self.interrupt()
        offset, limit, timeout = (int(parameters.get(name) or 0) for name in ("offset", "limit", "timeout"))
        limit, timeout = min(max(limit or 100, 1), 100), min(max(timeout, 0), 50)
        if (kinds := nested(parameters.get("allowed_updates"))) is not None:
            self.allow(kinds)
        self._confirm(offset)
        limit, timeout = self._hurried(offset, limit, timeout)
        if not self.waiting() and timeout:
            await self._wait(timeout)
        return [update.body for update in self.waiting()[:limit]]

    def allow(self, kinds: Any) -> None:
        """Take a list of kinds; an empty one means everything that is given without being asked for."""
        if not isinstance(kinds, list):
            raise bad("can't parse allowed updates: array expected")
        self.allowed = tuple(kinds) or ALL_KINDS

    def interrupt(self) -> None:
        """End a waiting poll, as another poller or a new webhook does."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(Refusal(409, CONFLICT))

    def _confirm(self, offset: int) -> None:
        rows = self.waiting()
        kept = rows[offset:] if offset < 0 else [row for row in rows if not offset or row.number >= offset]
        for update in rows:
            if update not in kept:
                self.forget(update)

    def _hurried(self, offset: int, limit: int, timeout: int) -> tuple[int, int]:
        last, at = self._last_poll
        since = self.clock.now() - at
        self._last_poll = (offset, self.clock.now())
        if offset != last or since >= 3:
            return limit, timeout
        return (1 if since < 0.5 else limit), min(timeout, 3)

    async def _wait(self, seconds: float) -> None:
        self._news.clear()
        poller = self._poller = asyncio.get_running_loop().create_future()
        news = asyncio.ensure_future(self._news.wait())
        asleep = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await asyncio.wait({poller, news, asleep}, return_when=asyncio.FIRST_COMPLETED)
            if poller.done():
                poller.result()
        finally:
            for task in (news, asleep, poller):
                task.cancel()
