"""A house, a clock and people: what a transcript is played on."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from conversations.places import Place
from conversations.screens import Screen
from handlers import clearing
from handlers.commands import Registry
from handlers.house import House
from handlers.reception import Reception
from handlers.talks import TALKS
from handlers.visit import Visit
from locales.formats import VIETNAM
from models import answers, people, seen, subscriptions
from models.database import Connection
from models.messages import Address, Inbound, Outbound
from models.people import Person
from models.units import Unit
from tests.transcripts.reading import Line
from tests.transcripts.writing import CODE

OPENING = datetime(2020, 1, 6, 9, tzinfo=VIETNAM)
BREATH = timedelta(seconds=10)  # between two messages
HOME = "telegram"  # where people are who do not say where


@dataclass(slots=True)
class Actor:
    """Somebody on one channel, with all that was shown there; `names` are the channel's ids of the screens."""

    address: Address
    screens: list[Outbound] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    before: Inbound | None = None

    def name_of(self, tap: str) -> str:
        """The id of the last screen with such a button."""
        taps = [{button.tap for row in screen.buttons for button in row} for screen in self.screens]
        return next((name for name, offered in zip(self.names[::-1], taps[::-1], strict=True) if tap in offered), "")


@dataclass(slots=True)
class Stage:
    """A house, a clock, people. Randomness is seeded, so that a transcript reads the same at every playing.

    Without `buttons` people type what is tapped otherwise. `told` is what came of each line, `screens` all that was
    composed, `link` the last one-time link to the web. With `asked` nobody is asked at joining what to be sent.
    """

    engine: AsyncEngine
    house: House
    at: datetime = OPENING
    actors: dict[str, Actor] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    code: str = ""
    link: str = ""
    buttons: bool = True
    asked: bool = False
    told: dict[int, list[Outbound]] = field(default_factory=dict)
    screens: list[Screen] = field(default_factory=list)
    shown: list[Outbound] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    _count: int = 0
    _names: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def reception(self) -> Reception:
        """The front of the house, as it is now."""
        talks = tuple(replace(talk, show=self._noting(talk.show)) for talk in TALKS)
        return Reception(self.house, Registry(talks, self.house.phrases), self._meet)

    def _noting(self, show: Callable[[Visit], Awaitable[Screen]]) -> Callable[[Visit], Awaitable[Screen]]:
        async def noted(visit: Visit) -> Screen:
            self.screens.append(await show(visit))
            return self.screens[-1]

        return noted

    def _meet(self, language: str, today: str) -> Person:
        return replace(people.guest(language, today), id=self._chance.getrandbits(62) + 1)

    def actor(self, line: Line) -> Actor:
        """Whoever speaks in a line; Mai on the terminal is another address than Mai on Telegram."""
        channel = line.channel or HOME
        fresh = Actor(Address(channel, f"tai-khoan-{line.who}"))
        return self.actors.setdefault(f"{line.who}@{channel}", fresh)

    async def receive(
        self, line: Line, *, text: str = "", tap: str = "", start: str = "", media: str = "", left: bool = False
    ) -> list[Outbound]:
        """Let one thing come in."""
        actor = self.actor(line)
        self._count += 1
        inbound = Inbound(str(self._count), actor.address, self.at, text, tap, start, media, left)
        if actor.address.channel == HOME:
            inbound = replace(inbound, screen=actor.name_of(tap), message="" if tap or left else self._named())
        return await self.bring(line, inbound)

    async def bring(self, line: Line, inbound: Inbound) -> list[Outbound]:
        """Answer as the road does: once for each id, in one transaction."""
        self.at += BREATH
        actor, actor.before = self.actor(line), inbound
        async with self.engine.begin() as conn:
            if not await seen.mark(conn, inbound.sender.channel, inbound.id, inbound.at):
                return []
            if self.asked and (known := await people.find(conn, actor.address)):
                await subscriptions.choose(conn, known.id, subscriptions.ASKED, True, self.at)
            outbounds = await self.reception.attend(conn, inbound)
            person = await people.find(conn, actor.address)
            self.known.setdefault(line.who, {actor.address.user}).update({str(person.id)} if person else set())
            await self._note_kind(conn, person)
            await self.arrive(conn, actor, outbounds)
        for outbound in outbounds:
            self.code = next(iter(CODE.findall(outbound.text)), self.code)
            links = [button.url for row in outbound.buttons for button in row if button.url]
            self.link = next((url.rpartition("/go/")[2] for url in links), self.link)
        return outbounds

    async def arrive(self, conn: Connection, actor: Actor, outbounds: list[Outbound]) -> None:
        """Let the screens come to the phone, and the house hear what the platform calls them."""
        for outbound in (each for each in outbounds if each.text and each.to == actor.address):
            name = outbound.edits or self._named()
            actor.screens.append(outbound)
            actor.names.append(name)
            self.shown.append(outbound)
            if actor.address.channel == HOME:
                await clearing.shown(self.house, self.at, outbound, [name], conn)

    def _named(self) -> str:
        self._names += 1
        return str(1000 + self._names)

    async def _note_kind(self, conn: Connection, person: Person | None) -> None:
        if person is None or person.talk != "questionnaire":
            return
        form = self.house.pack.questionnaires[str(person.data["id"])]
        found = await answers.find(conn, self.house.keys, person.id, form.id)
        step = form.by_id.get(Place.from_json(found.record).waiting_on) if found.record else form.steps[0]
        self.kinds |= {step.kind} if step else set()

    async def unit(self, conn: Connection, name: str) -> Unit:
        """The one unit of this name today."""
        tree = await self.house.tree(conn, self.at.astimezone(VIETNAM).date())
        (found,) = (unit for unit in tree.units if tree.label(unit.id) == name)
        return found


Deed = Callable[..., Awaitable[list[Outbound]]]
"""Something done on a stage in a line of a transcript, with the words that it was told by."""
