"""The road out: what was committed is sent, in order for each person, and forgotten once it is there.

The channel only says what became of a message (`bot.outcomes`); what follows is decided here, for all channels alike.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.channels.backoff import pause
from bot.outcomes import Gone, Outcome, Refused, Sent, Throttled, Unavailable, Unknown
from bot.writer import Writer
from locales.formats import VIETNAM
from models import departures, outbox
from models.database import Connection
from models.keys import Keys
from models.messages import Address, Outbound
from models.outbox import Letter

log = logging.getLogger(__name__)

AT_ONCE = 32  # messages to different people on their way at the same time
LOOK_EVERY = 1.0
RENEW_EVERY = 5.0


class Sender(Protocol):
    """A channel, as far as sending goes."""

    async def send(self, outbound: Outbound, /) -> Outcome: ...


class Delivery:
    """Sends one channel's messages: `hand` takes what was just committed, `run` also finds what was left behind.

    A person gets the next message only after the one before is settled, so a crash repeats one message at most.
    """

    def __init__(self, name: str, sender: Sender, writer: Writer, keys: Keys, now: Callable[[], datetime]) -> None:
        self._name = name
        self._sender = sender
        self._writer = writer
        self._keys = keys
        self._now = now
        self._queues: dict[str, deque[Letter]] = {}
        self._held: set[int] = set()
        self._ready: asyncio.Queue[tuple[str, deque[Letter]]] = asyncio.Queue()
        self._done: dict[str, int] = {}
        self._settled = asyncio.Event()
        self._settling: asyncio.Task[None] | None = None
        self._renewed = 0.0
        self._rest_until = 0.0
        self.counts: Counter[str] = Counter()

    def hand(self, letter: Letter) -> None:
        """Take a committed message; what is already on its way is not taken twice."""
        if letter.id in self._held:
            return
        self._held.add(letter.id)
        user = letter.outbound.to.user
        queue = self._queues.setdefault(user, deque())
        if not queue:
            self._ready.put_nowait((user, queue))
        _line_up(queue, letter)

    @property
    def resting(self) -> bool:
        """Whether the platform told us to wait."""
        return asyncio.get_running_loop().time() < self._rest_until

    async def recover(self) -> None:
        """Take all that a dead process left behind, to be sent before anything new."""
        while await self._claim():
            pass

    async def run(self) -> None:
        """Send until cancelled. Begun again after a fault of ours, it goes on with what is held."""
        self._ready = asyncio.Queue()
        for held in self._queues.items():
            self._ready.put_nowait(held)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._work())
            tasks.create_task(self._look())

    async def drain(self, patience: float) -> None:
        """Wait until nothing is in our hands, for at most `patience` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._held or self._done:  # noqa: ASYNC110 - once, at the end, and never for long
                    await asyncio.sleep(0.02)

    async def _look(self) -> None:
        while True:
            if not self.resting:
                await self._claim()
            await self._renew()
            await asyncio.sleep(LOOK_EVERY)

    async def _claim(self) -> bool:
        letters: list[Letter] = []
        with suppress(Unavailable):
            letters = await self._writer.write(
                lambda conn: outbox.claim(conn, self._keys, self._name, self._now()), self._name
            )
        for letter in letters:
            self.hand(letter)
        return bool(letters)

    async def _renew(self) -> None:
        """Keep what is in our hands ours, however long the platform makes us wait."""
        time = asyncio.get_running_loop().time()
        if self._held and time - self._renewed > RENEW_EVERY:
            self._renewed = time
            held = sorted(self._held)
            await self._write(lambda conn: outbox.renew(conn, held, self._now()))

    async def _work(self) -> None:
        while True:
            user, queue = await self._ready.get()
            while queue and self._queues.get(user) is queue:
                await self._may_send(user)
                letter = queue[0]
                outcome = await self._try(letter)
                if await self._act(letter, outcome):
                    queue.popleft()
                    self._held.discard(letter.id)
            if self._queues.get(user) is queue:
                del self._queues[user]

    async def _may_send(self, user: str) -> None:
        while user in self._done:
            await self._settled.wait()
        while (left := self._rest_until - asyncio.get_running_loop().time()) > 0:  # noqa: ASYNC110 - may be prolonged
            await asyncio.sleep(left)

    async def _try(self, letter: Letter) -> Outcome:
        try:
            return await self._sender.send(letter.outbound)
        except Exception as error:  # a bug of ours must not stop everybody's messages
            log.exception("sending failed", extra={"channel": self._name, "kind": type(error).__name__}, exc_info=False)
            return Refused(type(error).__name__)

    async def _act(self, letter: Letter, outcome: Outcome) -> bool:
        self.counts[type(outcome).__name__.lower()] += 1
        match outcome:
            case Throttled(after):
                self._rest_until = max(self._rest_until, asyncio.get_running_loop().time() + after)
                return False
            case Gone():
                await self._drop(letter.outbound.to)
                return False
            case Unknown() if not letter.again:
                self._queues[letter.outbound.to.user][0] = Letter(letter.id, letter.outbound, again=True)
                await asyncio.sleep(pause(1))
                return False
            case Refused(reason):
                log.warning("a platform refused a message", extra={"channel": self._name, "reason": reason})
            case Sent() | Unknown():
                pass
        self._settle(letter)
        return True

    def _settle(self, letter: Letter) -> None:
        # Not waited for: the row is dropped with the next commit, and a crash before it repeats this one message.
        self._done[letter.outbound.to.user] = letter.id
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle_all())

    async def _settle_all(self) -> None:
        while self._done:
            settled: dict[str, int] = {}
            try:
                await self._writer.write(partial(self._settle_now, settled), self._name)
            except Unavailable:
                await asyncio.sleep(LOOK_EVERY)
                continue
            for user in settled:
                del self._done[user]
            self._settled.set()
            self._settled = asyncio.Event()

    async def _settle_now(self, settled: dict[str, int], conn: Connection) -> None:
        settled |= self._done
        await outbox.settle(conn, settled.values())

    async def _write(self, work: Callable[[Connection], Awaitable[None]]) -> None:
        with suppress(Unavailable):
            await self._writer.write(work, self._name)

    async def _drop(self, to: Address) -> None:
        for letter in self._queues.pop(to.user, ()):
            self._held.discard(letter.id)
        await self._write(partial(self._leave, to))

    async def _leave(self, to: Address, conn: Connection) -> None:
        await outbox.drop_queue(conn, to)
        await departures.leave(conn, to, self._now().astimezone(VIETNAM).date().isoformat())


def _line_up(queue: deque[Letter], letter: Letter) -> None:
    """Put a letter in its place: what is older goes first, but for the one that is on its way already."""
    place = len(queue)
    while place > 1 and queue[place - 1].id > letter.id:
        place -= 1
    queue.insert(place, letter)
