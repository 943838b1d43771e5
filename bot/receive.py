"""The road in: an inbound becomes facts and replies in one transaction, and only then is it acknowledged.

Refuses to handle one id twice. Never keeps what came in: the text lives in the running transaction and nowhere else.
"""

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.outcomes import Unavailable
from bot.writer import Writer
from models import outbox, seen, windows
from models.database import Connection
from models.keys import Keys
from models.messages import Inbound, Outbound
from models.outbox import Letter

log = logging.getLogger(__name__)

Attend = Callable[[Connection, Inbound], Awaitable[Sequence[Outbound]]]
Apology = Callable[[Inbound], Outbound | None]
Hand = Callable[[Letter], None]


@dataclass(slots=True)
class Road:
    """`receive` returns when what came in is committed. `hands` take committed messages to their channels.

    `period` names the period of a moment: the key that messages of that moment wait under. `windows` says of channels
    that bill for how long after a person's message they do not.
    Counts: `received`, `repeated`, `failed`.
    """

    writer: Writer
    keys: Keys
    attend: Attend
    apology: Apology
    period: Callable[[datetime], str]
    hands: dict[str, Hand] = field(default_factory=dict)
    windows: dict[str, timedelta] = field(default_factory=dict)
    received: int = 0
    repeated: int = 0
    failed: int = 0

    async def receive(self, inbound: Inbound) -> None:
        """Answer one inbound. Raises Unavailable, and nothing else, when it could not be kept."""
        key = f"{inbound.sender.channel}:{inbound.sender.user}"
        try:
            letters = await self.writer.write(partial(self._answer, inbound), key)
        except Unavailable:
            raise
        except Exception as error:  # a bug: parked with its place, apologised for, and never tried for ever
            letters = await self._parked(inbound, _place(error), key)
        self._count(letters)
        for letter in letters or ():
            self._hand(letter)

    async def _answer(self, inbound: Inbound, conn: Connection) -> list[Letter] | None:
        if not await seen.mark(conn, inbound.sender.channel, inbound.id, inbound.at):
            return None
        outbounds = await self.attend(conn, inbound)
        return await self._put(conn, inbound, outbounds)

    async def _parked(self, inbound: Inbound, place: str, key: str) -> list[Letter] | None:
        log.error("a message could not be answered", extra={"place": place, "channel": inbound.sender.channel})
        self.failed += 1
        try:
            return await self.writer.write(partial(self._park, inbound, place), key)
        except Unavailable:
            raise
        except Exception as error:  # not even that can be kept: the platform holds the message
            log.error("a message could not be parked", extra={"place": _place(error)})
            raise Unavailable(type(error).__name__) from None

    async def _park(self, inbound: Inbound, place: str, conn: Connection) -> list[Letter] | None:
        if not await seen.mark(conn, inbound.sender.channel, inbound.id, inbound.at, place):
            return None
        sorry = self.apology(inbound)
        return await self._put(conn, inbound, [sorry] if sorry else [])

    async def _put(self, conn: Connection, inbound: Inbound, outbounds: Sequence[Outbound]) -> list[Letter]:
        """Put what is answered, and let what was held for the sender go, where the channel answers free for a time."""
        free = self.windows.get(inbound.sender.channel)
        until = (inbound.done or inbound.at) + free if free and not inbound.left else inbound.at
        if free and not inbound.left:
            await windows.reopen(conn, inbound.sender, inbound.at, until)
        letters = await outbox.put(conn, self.keys, self.period(inbound.at), outbounds, inbound.at)
        return [await self._limited(conn, letter, inbound, until) for letter in letters]

    async def _limited(self, conn: Connection, letter: Letter, inbound: Inbound, until: datetime) -> Letter:
        to = letter.outbound.to
        if to.channel not in self.windows:
            return letter
        # Of somebody else nothing says when they wrote last, so their window counts as shut.
        return await windows.limit(conn, letter, until if to == inbound.sender else inbound.at)

    def _count(self, letters: Sequence[Letter] | None) -> None:
        if letters is None:
            self.repeated += 1
        else:
            self.received += 1

    def _hand(self, letter: Letter) -> None:
        if hand := self.hands.get(letter.outbound.to.channel):
            hand(letter)

    def counts(self) -> Mapping[str, int]:
        """What the metrics show."""
        return {"received": self.received, "repeated": self.repeated, "failed": self.failed}


def _place(error: Exception) -> str:
    """Type and place of an error, without its message: a message may hold what a person typed."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    parts = frame.filename.replace("\\", "/").split("/")
    return f"{type(error).__name__} at {'/'.join(parts[-2:])}:{frame.lineno}"[:200]
