"""The front of a small house with its real road in and its real outbox, for tests of what is kept and what is not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.mailbox import Mailbox
from bot.receive import Road
from bot.writer import Writer
from conversations.packs import Pack
from handlers import calendar
from handlers.content import plant_units, remember_consent, remember_versions
from handlers.house import House
from handlers.invitations import invite_officer
from handlers.reception import Reception
from handlers.talks import registry
from models import bounds, joining, people
from models.audit import Act
from models.keys import Keys
from models.messages import Address, Inbound, Outbound
from models.people import Person
from tests.transcripts.house import BEGUN, PACKS, PHRASES
from tests.transcripts.stage import OPENING

PACK = PACKS["moi-loai"]
FORM = PACK.questionnaires["moi-loai"]


@dataclass(slots=True)
class Hall:
    """People come in, each by one address; what they are told is delivered at once and leaves the outbox."""

    house: House
    writer: Writer
    road: Road
    mailbox: Mailbox
    at: datetime = OPENING
    screens: dict[Address, Outbound] = field(default_factory=dict)
    _count: int = 0

    async def receive(
        self, who: Address, *, text: str = "", tap: str = "", start: str = "", left: bool = False
    ) -> Outbound | None:
        """Let something come in; give what was answered last."""
        self._count += 1
        self.at += timedelta(seconds=1)
        await self.road.receive(Inbound(f"n{self._count}", who, self.at, text, tap, start, left=left))
        assert self.road.failed == 0
        letters = await self.mailbox.waiting(who)
        await self.mailbox.settle(who, [id for id, _ in letters])
        for _, outbound in letters:
            self.screens[who] = outbound
        return letters[-1][1] if letters else None

    async def tap(self, who: Address, *actions: str) -> Outbound:
        """Tap what the last screen offers, one after the other."""
        for action in actions:
            taps = [button.tap for row in self.screens[who].buttons for button in row]
            (tap,) = (tap for tap in taps if tap.partition(".")[2] == action)
            await self.receive(who, tap=tap)
        return self.screens[who]

    def offers(self, who: Address) -> set[str]:
        """The actions of the last screen."""
        return {button.tap.partition(".")[2] for row in self.screens[who].buttons for button in row}

    async def reopen(self, pack: Pack) -> None:
        """Start the house anew with another pack, on the same database and keys."""
        self.house = House(pack=pack, phrases=PHRASES, keys=self.house.keys)
        self.road.attend = Reception(self.house, registry(PHRASES)).attend
        await self.writer.write(lambda conn: remember_versions(conn, pack))
        await self.writer.write(lambda conn: remember_consent(conn, self.house.consent, self.at))

    async def turn(self, at: datetime) -> None:
        """Let the calendar do what fell due until a moment."""
        self.at = at
        for inbound in calendar.due(self.house.pack, at, await self.writer.write(bounds.edited)):
            await self.road.receive(inbound)
        assert self.road.failed == 0

    async def unit(self, code: str) -> str:
        """The id of a unit."""
        tree = await self.writer.write(lambda conn: self.house.tree(conn, self.at.date()))
        found = tree.coded(code)
        assert found is not None
        return found.id

    async def link(self, code: str) -> str:
        """The token of a unit's join link."""
        unit = await self.unit(code)
        return await self.writer.write(lambda conn: joining.make_link(conn, unit, self.at))

    async def invitation(self, code: str) -> str:
        """A one-time invitation for an officer of a unit."""
        act = Act(self.at, "shell")
        return await self.writer.write(lambda conn: invite_officer(conn, self.house, code, "officer", act))

    async def person(self, who: Address) -> Person | None:
        """What is kept of somebody."""
        return await self.writer.write(lambda conn: people.find(conn, who))

    async def join(self, who: Address, code: str = "mam-non") -> Person:
        """Come by a link and agree, up to the home screen; want nothing to be sent."""
        await self.receive(who, start=await self.link(code))
        await self.tap(who, "yes", "home", "go:start")
        person = await self.person(who)
        assert person is not None
        return person


@asynccontextmanager
async def opened(engine: AsyncEngine, folder: Path) -> AsyncIterator[Hall]:
    """Open the hall on an empty database."""
    house = House(pack=PACK, phrases=PHRASES, keys=Keys.open(folder / "keys.json"))
    async with engine.begin() as conn:
        await plant_units(conn, PACK.units_file, Act(BEGUN, "shell"))
        await remember_versions(conn, PACK)
        await remember_consent(conn, house.consent, BEGUN)
    writer = Writer(engine)
    writer.start()
    reception = Reception(house, registry(PHRASES))
    road = Road(writer, house.keys, reception.attend, reception.apology, reception.period)
    yield Hall(house, writer, road, Mailbox(writer, house.keys, alone=True))
    await writer.close()
