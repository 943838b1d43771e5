"""Receives one inbound in the caller's transaction: finds or meets the person, answers, keeps. Commits nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers import calendar, desk, outlets
from handlers.commands import Registry
from handlers.house import House
from handlers.visit import Visit
from locales.formats import local_day
from models import departures, people
from models.database import Connection
from models.messages import Inbound, Outbound
from models.periods import period_of


@dataclass(frozen=True, slots=True)
class Reception:
    """The front of the house. `meet` makes a person out of a language and a day (ISO)."""

    house: House
    registry: Registry
    meet: Callable[[str, str], people.Person] = people.guest

    async def attend(self, conn: Connection, inbound: Inbound) -> list[Outbound]:
        """Answer an inbound. The calendar's dates come the same way, and nobody can forge their sender."""
        if inbound.sender.channel == calendar.CHANNEL:
            return await calendar.attend(conn, self.house, inbound)
        before = await people.find(conn, inbound.sender)
        if inbound.place is not None:
            return await outlets.attend(conn, self.house, inbound, before)
        if before is None and inbound.left:
            return []
        if inbound.refresh and (before is None or before.left_on):
            return []
        if before is not None and before.left_on and not inbound.left:
            await departures.come_back(conn, inbound.sender)
        visit = Visit(conn, self.house, before or self._guest(inbound), inbound)
        outbounds = await desk.answer(visit, self.registry)
        await desk.keep(visit, before)
        return outbounds

    def _guest(self, inbound: Inbound) -> people.Person:
        # Phones here often speak English for want of a translation, so a platform's hint says little: Vietnamese it is,
        # and the first screen offers the others.
        return self.meet(self.house.phrases.languages[0], local_day(inbound.at).isoformat())

    def apology(self, inbound: Inbound) -> Outbound | None:
        """What is said once after a bug; nothing to a date of the calendar or for a public place."""
        if inbound.sender.channel == calendar.CHANNEL or inbound.place is not None:
            return None
        first = self.house.phrases.languages[0]
        return Outbound(to=inbound.sender, text=self.house.phrases.say(first, "desk.sorry"))

    def period(self, at: datetime) -> str:
        """The period that a moment belongs to."""
        return period_of(at, self.house.pack.period_close_day)
