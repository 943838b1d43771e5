"""Looks what is to be done about broadcasts: begins what is due, lays out copies ahead of the sending, ends."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot.broadcasting.office import Office
from bot.outcomes import Unavailable
from bot.rest import Rest
from handlers.expansion import Expansion, fate
from handlers.quiet import quiet
from models import broadcasts, postings, recipients
from models.broadcasts import PAUSED, RUNNING, Broadcast
from models.database import Connection

LOOK_EVERY = 0.5
BREATH = 0.01  # between two transactions, so that answers come first
AHEAD = 5.0  # seconds of a channel's pace whose copies may wait
LEAST, MOST = 250, 2000  # copies that wait on a channel: enough at any pace, and never too many to take back
DROPPED = 500  # copies in one transaction


@dataclass(slots=True)
class Keeper:
    """The one of an office. `rests` are the channels' that can rest: while one does, no other waits for it."""

    office: Office
    rests: Mapping[str, Rest]
    expansion: Expansion = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing known."""
        self.expansion = Expansion(self.office.house)

    async def run(self) -> None:
        """Look again and again until the office stops. Raises Lost."""
        while not self.office.stopping:
            busy = False
            with suppress(Unavailable):
                busy = await self.look()
            await asyncio.sleep(BREATH if busy else LOOK_EVERY)

    async def look(self) -> bool:
        """Do one step of everything there is to do; False when there was nothing."""
        at = self.office.now()
        for id in await self.office.read(partial(broadcasts.due, at=at)):
            await self.office.write(partial(self._start, id, at))
        open = await self.office.read(partial(self._open, at))
        running = frozenset(each.id for each in open if each.status == RUNNING)
        begun, self.office.running = running - self.office.running, running
        room = bool(running) and not quiet(at, self.office.house.pack) and await self.office.read(self._has_room)
        done = [await self._step(each, at, room) for each in open]
        if begun or any(done):
            self.office.tell()
        return any(done)

    async def _open(self, at: datetime, conn: Connection) -> list[Broadcast]:
        found = [await broadcasts.find(conn, id) for id in await recipients.unfinished(conn, at)]
        return [each for each in found if each is not None]

    async def _start(self, id: int, at: datetime, conn: Connection) -> None:
        if (known := await broadcasts.start(conn, id, at)) is not None:
            await postings.open_all(conn, id, known.plan.outlets, at)

    async def _has_room(self, conn: Connection) -> bool:
        """Whether copies are to be laid out: some channel needs them, and none that can send has too many."""
        house = self.office.house
        able = [name for name in house.mailing if name not in self.rests or not self.rests[name].left]
        for name in able:
            ahead = max(LEAST, min(MOST, round(house.paces[name] * AHEAD)))
            if await recipients.waiting(conn, name, ahead) >= ahead:
                return False
        return bool(able)

    async def _step(self, known: Broadcast, at: datetime, room: bool) -> bool:
        over = fate(known, at)
        dropped = await self.office.write(partial(self._drop, known.id, over)) if over else 0
        if known.expanded:
            return bool(dropped) or await self.office.write(partial(self._end, known.id, at))
        looked = (room or bool(over)) and await self.office.write(partial(self.expansion.page, id=known.id, at=at))
        return bool(dropped) or looked

    async def _drop(self, id: int, what: str, conn: Connection) -> int:
        return await recipients.drop(conn, id, what, DROPPED)

    async def _end(self, id: int, at: datetime, conn: Connection) -> bool:
        """Finish a broadcast of which nothing is left to send, a paused one only when its time is over."""
        known = await broadcasts.find(conn, id, lock=True)
        if known is None or not (known.status == RUNNING or (known.status == PAUSED and fate(known, at))):
            return False
        if await recipients.left_of(conn, id):
            return False
        if await postings.unsettled(conn, id):
            return False
        await broadcasts.finish(conn, id, at)
        return True
