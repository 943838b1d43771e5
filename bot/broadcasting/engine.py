"""The sending of broadcasts to people: in one process at a time, whoever holds the lease. See README, "Broadcasts".

Each of its transactions proves the lease, so a process that was taken for dead can mark and settle nothing more. What
a dead one was trying is counted as unknown before anything else is sent.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.broadcasting.keeper import Keeper
from bot.broadcasting.layouts import Layouts
from bot.broadcasting.mail import Mail
from bot.broadcasting.office import NAME, Lost, Office
from bot.broadcasting.placing import Placing
from bot.broadcasting.sender import Sender
from bot.channel import Channel, Ground
from bot.lease import LONG, Term, alone
from bot.rest import Rest
from bot.writer import Writer
from models import recipients
from models.database import is_sqlite

log = logging.getLogger(__name__)

SHORT = Term(timedelta(seconds=7), 1.0)  # a dead sender is followed within ten seconds


class Engine:
    """`mails` are the channels that are sent to; other channels of `house.mailing` fetch for themselves.

    Made inside the running loop.
    """

    def __init__(self, ground: Ground, mails: Sequence[Mail]) -> None:
        settings = ground.foundation.settings
        self._embedded = is_sqlite(settings.database)
        self._ground = ground
        self.mails = {mail.channel: mail for mail in mails}
        # The embedded database has one writer and one process. On another, no answer waits for a page of people.
        self._writer = ground.writer if self._embedded else Writer(ground.foundation.engine)
        if not self._embedded:
            self._writer.start()
        self._term = LONG if self._embedded else SHORT
        self._office: Office | None = None
        self._at_work = asyncio.Event()
        self._at_work.set()
        self._stopping = False

    def channel(self) -> Channel:
        """What the running house knows of it."""
        return Channel(NAME, [self.run], close=self.hush, drain=self.drain, end=self.end)

    async def run(self) -> None:
        """Send whenever the lease is ours, until hushed."""
        while not self._stopping:
            try:
                # By the same writer: a renewal waits for no page of people, and no answer for a renewal.
                await alone(replace(self._ground, writer=self._writer), NAME, self._hold, self._term)
            except* Lost:
                log.warning("the broadcasts are another process's now")
                await asyncio.sleep(self._term.every)

    async def _hold(self) -> None:
        office = self._office = Office(self._ground, self._writer, self._term, stopping=self._stopping)
        doubted = await office.write(recipients.doubt_all)
        if doubted:
            log.warning("copies that a dead process was sending are unknown", extra={"count": doubted.total()})
        self._at_work.clear()
        try:
            async with asyncio.TaskGroup() as tasks:
                for task in self._parts(office):
                    tasks.create_task(task.run())
        finally:
            self._office = None
            self._at_work.set()

    def _parts(self, office: Office) -> Sequence[Keeper | Sender | Placing]:
        layouts, house, hands = Layouts(office), office.house, self._ground.road.hands
        senders = [Sender(office, layouts, mail) for mail in self.mails.values() if mail.channel in house.mailing]
        fetching = [name for name in house.mailing if name not in self.mails]
        placing = [Placing(office, layouts, name, hands[name]) for name in fetching]
        return [Keeper(office, self._rests()), *senders, *placing]

    def _rests(self) -> Mapping[str, Rest]:
        return {name: mail.delivery.rest for name, mail in self.mails.items()}

    async def hush(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        if self._office is not None:
            self._office.stopping = True
            self._office.tell()

    async def drain(self, patience: float) -> None:
        """Wait until what is on its way is settled, for at most `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._at_work.wait()
        except TimeoutError:
            log.warning("copies on their way are left in doubt")

    async def end(self) -> None:
        """Let go of the database."""
        if not self._embedded:
            await self._writer.close()
