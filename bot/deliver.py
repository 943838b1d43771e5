"""The road out: what was committed is sent, in order for each person, and forgotten once it is there.

The channel only says what became of a message (`bot.outcomes`); what follows is decided here, for all channels alike.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.channels.backoff import pause
from bot.outcomes import Gone, Outcome, Refused, Sent, Throttled, Unavailable, Unknown
from bot.writer import Writer
from models import outbox
from models.database import Connection
from models.keys import Keys
from models.messages import Address, Outbound
from models.outbox import Letter

log = logging.getLogger(__name__)

AT_ONCE = 32  # messages to different people on their way at the same time
LOOK_EVERY = 1.0
SHORT_REST = 5.0  # a longer rest is slept in the database, where it survives us


class Sender(Protocol):
    """A channel, as far as sending goes."""

    async def send(self, outbound: Outbound, /) -> Outcome: ...


class Delivery:
    """Sends one channel's messages: `hand` takes what was just committed, `run` also finds what was left behind."""

    def __init__(self, name: str, sender: Sender, writer: Writer, keys: Keys, now: Callable[[], datetime]) -> None:
        self._name = name
        self._sender = sender
        self._writer = writer
        self._keys = keys
        self._now = now
        self._queues: dict[str, deque[Letter]] = {}
        self._held: set[int] = set()
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        self._done: set[int] = set()
        self._settling: asyncio.Task[None] | None = None
        self._rest_until = 0.0
        self.counts: Counter[str] = Counter()

    def hand(self, letter: Letter) -> None:
        """Take a committed message; what is already on its way is not taken twice."""
        if letter.id in self._held:
            return
        self._held.add(letter.id)
        user = letter.outbound.to.user
        queue = self._queues.setdefault(user, deque())
        queue.append(letter)
        if len(queue) == 1:
            self._ready.put_nowait(user)

    @property
    def resting(self) -> bool:
        """Whether the platform told us to wait."""
        return asyncio.get_running_loop().time() < self._rest_until

    @property
    def waiting(self) -> int:
        """How many messages are in our hands."""
        return len(self._held)

    async def run(self) -> None:
        """Send until cancelled."""
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
            await asyncio.sleep(LOOK_EVERY)

    async def _claim(self) -> None:
        try:
            letters = await self._writer.write(
                lambda conn: outbox.claim(conn, self._keys, self._name, self._now()), self._name
            )
        except Unavailable:
            return
        for letter in letters:
            self.hand(letter)

    async def _work(self) -> None:
        while True:
            user = await self._ready.get()
            while queue := self._queues.get(user):
                await self._rested()
                letter = queue[0]
                outcome = await self._try(letter)
                done = await self._act(letter, outcome)
                if done and queue and queue[0] is letter:
                    queue.popleft()
                    self._held.discard(letter.id)
            self._queues.pop(user, None)

    async def _rested(self) -> None:
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
                return await self._rest(after)
            case Gone():
                await self._drop(letter.outbound.to)
                return False
            case Unknown() if letter.tries == 0:
                self._queues[letter.outbound.to.user][0] = Letter(letter.id, letter.outbound, letter.tries + 1)
                await asyncio.sleep(pause(1))
                return False
            case Refused(reason):
                log.warning("a platform refused a message", extra={"channel": self._name, "reason": reason})
            case Sent() | Unknown():
                pass
        self._settle(letter.id)
        return True

    def _settle(self, id: int) -> None:
        # Not waited for: the row is dropped with the next commit, and a crash before it repeats this one message.
        self._done.add(id)
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle_all())

    async def _settle_all(self) -> None:
        while self._done:
            settled: set[int] = set()
            try:
                await self._writer.write(partial(self._settle_now, settled), self._name)
            except Unavailable:
                await asyncio.sleep(LOOK_EVERY)
            self._done -= settled

    async def _settle_now(self, settled: set[int], conn: Connection) -> None:
        settled.update(self._done)
        await outbox.settle(conn, settled)

    async def _write(self, work: Callable[[Connection], Awaitable[None]]) -> None:
        with suppress(Unavailable):
            await self._writer.write(work, self._name)

    async def _rest(self, after: float) -> bool:
        loop = asyncio.get_running_loop()
        self._rest_until = max(self._rest_until, loop.time() + after)
        if after > SHORT_REST:
            await self._put_back(self._now() + timedelta(seconds=after))
        return False

    async def _put_back(self, due: datetime) -> None:
        ids = sorted(self._held)
        self._queues.clear()
        self._held.clear()
        await self._write(partial(_postpone, ids, due))

    async def _drop(self, to: Address) -> None:
        for letter in self._queues.pop(to.user, ()):
            self._held.discard(letter.id)
        await self._write(partial(_drop, to))


async def _postpone(ids: list[int], due: datetime, conn: Connection) -> None:
    for id in ids:
        await outbox.postpone(conn, id, due)


async def _drop(to: Address, conn: Connection) -> None:
    await outbox.drop_queue(conn, to)
