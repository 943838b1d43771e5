"""The road out: what was committed is sent, in order for each person, and forgotten once it is there.

The channel only says what became of a message (`bot.outcomes`); what follows is decided here, for all channels alike:

* a platform that takes nothing rests (`bot.rest`), and everything waits, however often it was tried, for as long as it
  has a point: a screen for a day, or until its person was shown another; an official message for a week;
* a message that keeps failing while others get through is given up after some tries;
* what may have arrived is sent once more if it is a screen, and never if it is official;
* what is refused is not sent again. What was given up lies among the dead letters (`langnghe outbox`) for a week.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.channels.backoff import pause
from bot.hands import Hands, Queue
from bot.outcomes import Closed, Gone, Outcome, Refused, Sent, Throttled, Unavailable, Unknown
from bot.rest import Rest
from bot.settling import Counted, Settling
from bot.window import Window
from bot.writer import Writer
from locales.formats import local_day
from models import dead_letters, departures, outbox, rests
from models.database import Connection
from models.dead_letters import Dead
from models.keys import Keys
from models.messages import Address, Outbound
from models.outbox import Letter

log = logging.getLogger(__name__)

AT_ONCE = 32  # messages to different people on their way at the same time
PAGE = 100
LOOK_EVERY = 1.0
RENEW_EVERY = 5.0

LIVE = "live"
SCREEN_HAS_A_POINT = timedelta(days=1)
OFFICIAL_HAS_A_POINT = timedelta(days=7)
DELAYED = timedelta(minutes=1)  # after it, only the newest screen of a person is sent
TRIES = 8  # of one message, while others get through
WORTH_KEEPING = 5.0  # seconds of a rest that a restart has to know of


class Sender(Protocol):
    """A channel, as far as sending goes."""

    async def send(self, outbound: Outbound, /) -> Outcome: ...


class Delivery:
    """Sends one channel's messages: `hand` takes what was just committed, `run` also finds what was left behind.

    A person gets the next message only after the one before is settled, so a crash repeats one message at most.
    `counted` is told, in the transaction that settles them, how many messages the platform took. `window` says of a
    platform that bills which messages may go. `rest` is the whole channel's, whoever else sends on it.
    """

    def __init__(self, name: str, sender: Sender, writer: Writer, keys: Keys, now: Callable[[], datetime]) -> None:
        self.name = name
        self._sender = sender
        self._writer = writer
        self._keys = keys
        self._now = now
        self._hands = Hands()
        self.rest = Rest(now)
        self._rest_kept = False
        self._settling = Settling(name, writer, self._count)
        self._through = 0  # messages that the platform took
        self._failed: dict[int, int] = {}  # by letter: how many others had got through when it failed last
        self._renewed = 0.0
        self.counted: Counted | None = None
        self.window: Window | None = None
        self.counts: Counter[str] = Counter()

    def hand(self, letter: Letter) -> None:
        """Take a committed message; what is already on its way is not taken twice."""
        self._hands.offer(letter)

    @property
    def resting(self) -> bool:
        """Whether the platform told us to wait."""
        return self.rest.left > 0

    @property
    def busy(self) -> bool:
        """Whether anything waits to be sent."""
        return self._hands.busy

    @property
    def well(self) -> bool:
        """Whether the platform takes what it is sent, as far as is known."""
        return self.rest.since is None

    async def run(self) -> None:
        """Send until cancelled. Begun again after a fault of ours, it goes on with what is held."""
        if rested := (await self._writer.write(rests.known)).get(self.name):
            self.rest.resume(rested)
            self._rest_kept = True
        self._hands.begin()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._work())
            tasks.create_task(self._look())

    async def drain(self, patience: float) -> None:
        """Wait until nothing is in our hands, for at most `patience` seconds; not for a platform that rests longer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while (self._hands.busy and self.rest.left < patience) or self._settling:  # noqa: ASYNC110 - once
                    await asyncio.sleep(0.02)

    # ---- what waits in the database

    async def _look(self) -> None:
        while True:
            with suppress(Unavailable):
                await self._free()
                await self._catch_up()
            await self._renew()
            waits = self._hands.behind and self._hands.room >= PAGE
            await asyncio.sleep(LOOK_EVERY / 20 if waits else LOOK_EVERY)

    async def _catch_up(self) -> None:
        if (room := min(PAGE, self._hands.room)) <= 0:
            return
        with self._hands.keep_free(room):
            letters, all_of_them = await self._writer.write(partial(self._claim, room), self.name)
        for letter in letters:
            self._hands.hold(letter)
        if all_of_them:
            self._hands.caught_up()

    async def _claim(self, room: int, conn: Connection) -> tuple[list[Letter], bool]:
        at = self._now()
        letters = await outbox.claim(conn, self._keys, self.name, at, room)
        return letters, not letters and not await outbox.any_free(conn, self.name, at)

    async def _free(self) -> None:
        if left := self._hands.left():
            try:
                await self._writer.write(lambda conn: outbox.free(conn, left), self.name)
            except Unavailable:
                self._hands.leave(left)
                raise

    async def _renew(self) -> None:
        """Keep what is in our hands ours, however long the platform makes us wait."""
        time = asyncio.get_running_loop().time()
        if (held := self._hands.held) and time - self._renewed > RENEW_EVERY:
            self._renewed = time
            await self._write(lambda conn: outbox.renew(conn, held, self._now()))

    # ---- one person's messages

    async def _work(self) -> None:
        while True:
            user, queue = await self._hands.next()
            while self._hands.holds(user, queue):
                await self._settling.wait(user)
                await self.rest.over()
                if await self._forward(queue):
                    self._failed.pop(queue[0].id, None)
                    self._hands.done(queue)

    async def _forward(self, queue: Queue) -> bool:
        """Bring the first message of a queue further; True when it needs nothing more."""
        letter = queue[0]
        async with self.rest.turn():
            if self._pointless(letter, queue):
                self.counts["pointless"] += 1
                self._settling.done(letter, 0)
                return True
            if self._too_late(letter):
                await self._bury(letter, "it could not be sent in time")
                return True
            outcome = await self._try(letter)
            self.rest.note(outcome)
        await self.keep_rest()
        return await self._act(letter, outcome, queue)

    def _pointless(self, letter: Letter, queue: Queue) -> bool:
        """Whether a screen is too old, or was delayed until its person went on with another."""
        if letter.outbound.lane != LIVE or letter.since is None:
            return False
        own, age = outbox.revision(letter.outbound), self._now() - letter.since
        newest = max(outbox.revision(each.outbound) for each in queue)
        return age > SCREEN_HAS_A_POINT or (age > DELAYED and 0 < own < newest)

    def _too_late(self, letter: Letter) -> bool:
        return letter.since is not None and self._now() - letter.since > OFFICIAL_HAS_A_POINT

    async def _try(self, letter: Letter) -> Outcome:
        try:
            if self.window and not await self.window.lets(letter):
                return Closed()
            return await self._sender.send(letter.outbound)
        except Exception as error:  # a bug of ours must not stop everybody's messages
            log.exception("sending failed", extra={"channel": self.name, "kind": type(error).__name__}, exc_info=False)
            return Refused(type(error).__name__)

    async def _act(self, letter: Letter, outcome: Outcome, queue: Queue) -> bool:
        self.counts[type(outcome).__name__.lower()] += 1
        match outcome:
            case Throttled():
                return await self._failed_again(letter, queue)
            case Gone():
                await self._drop(letter.outbound.to)
                return False
            case Unknown() if letter.outbound.lane == LIVE and not letter.tries:
                queue[0] = replace(letter, tries=1)
                await asyncio.sleep(pause(1))
                return False
            case Unknown():
                await self._bury(letter, "no answer came, so it may have arrived", messages=1)
            case Closed() if self.window:
                await self.window.hold(letter)
            case Refused(reason):
                log.warning("a platform refused a message", extra={"channel": self.name, "reason": reason})
                await self._bury(letter, reason)
            case Sent() | Closed():
                self._through += isinstance(outcome, Sent)
                self._settling.done(letter, _messages(outcome))
        return True

    async def _failed_again(self, letter: Letter, queue: Queue) -> bool:
        """Count a failure where others got through since the last: then it is the message and not the platform."""
        own = self._failed.get(letter.id, self._through) < self._through
        self._failed[letter.id] = self._through
        queue[0] = letter = replace(letter, tries=letter.tries + own)
        if letter.tries < TRIES:
            return False
        await self._bury(letter, "it failed again and again while others got through")
        return True

    # ---- what is kept of it

    async def _bury(self, letter: Letter, reason: str, messages: int = 0) -> None:
        self.counts["dead"] += 1
        day = local_day(self._now()).isoformat()
        dead = Dead(letter.id, self.name, letter.outbound.lane, day, reason, letter.tries + 1)

        async def bury(conn: Connection) -> None:
            await dead_letters.bury(conn, dead)
            await self._count(conn, messages)

        await self._write(bury)

    async def keep_rest(self) -> None:
        """Let a restart know when the platform may be asked again, whoever it was that was told to wait."""
        rested = self.rest.rested()
        if rested and self.rest.left > WORTH_KEEPING:
            self._rest_kept = True
            await self._write(partial(rests.note, channel=self.name, rested=rested))
        elif self._rest_kept and self.rest.since is None:
            self._rest_kept = False
            await self._write(partial(rests.clear, channel=self.name))

    async def _count(self, conn: Connection, messages: int) -> None:
        if self.counted:
            await self.counted(conn, messages)

    async def _write(self, work: Callable[[Connection], Awaitable[None]]) -> None:
        with suppress(Unavailable):
            await self._writer.write(work, self.name)

    async def _drop(self, to: Address) -> None:
        self._hands.drop(to.user)
        await self._write(partial(self._leave, to))

    async def _leave(self, to: Address, conn: Connection) -> None:
        await outbox.drop_queue(conn, to)
        await departures.leave(conn, to, local_day(self._now()).isoformat())


def _messages(outcome: Outcome) -> int:
    """Count what the platform took."""
    return 1 + len(outcome.above) if isinstance(outcome, Sent) else 0
