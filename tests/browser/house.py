"""A whole house on a port of its own, whose calendar a test turns, and neighbours who answer there too."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.after import after_release
from bot.channels.web import NAME
from bot.foundation import lay
from bot.mailbox import Mailbox
from bot.run import Running, open_door
from bot.settings import Settings
from handlers import calendar
from handlers.invitations import invite_officer
from locales.formats import VIETNAM
from models import joining
from models.audit import Act
from models.database import Connection
from models.messages import Address, Button, Inbound, Outbound

WORDS = "Mong công đoàn hỏi thăm tổ ca đêm nhiều hơn."


@dataclass(slots=True)
class House:
    """A running house and its day."""

    running: Running
    mailbox: Mailbox
    at: datetime

    @classmethod
    async def open(cls, settings: Settings, at: datetime) -> "House":
        """Open it on a day."""
        foundation = await lay(settings)
        running = Running(foundation, open_door(settings))
        house = cls(running, Mailbox(running.writer, foundation.house.keys, alone=True), at)
        foundation.now = lambda: house.at
        await running.start()
        return house

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.running.port}"

    async def link(self, code: str) -> str:
        """The path of a unit's join link."""

        async def make(conn: Connection) -> str:
            tree = await self.running.house.tree(conn, self.at.astimezone(VIETNAM).date())
            unit = next(unit for unit in tree.post_order() if unit.code == code)
            return await joining.make_link(conn, unit.id, self.at)

        return f"/join/{await self.running.writer.write(make)}"

    async def invitation(self, code: str) -> str:
        """The path of an officer's invitation."""
        act = Act(self.at, "shell")
        token = await self.running.writer.write(
            lambda conn: invite_officer(conn, self.running.house, code, "officer", act)
        )
        return f"/join/{token}"

    async def turn_to(self, at: datetime) -> None:
        """Let it become another day, with all that dates bring."""
        self.at = at
        for inbound in calendar.due(self.running.house.pack, at):
            await self.running.road.receive(inbound)
        await after_release(self.running.foundation, self.running.writer, self.running.reception.period(at))


@dataclass(slots=True)
class Neighbour:
    """Somebody else of the unit, who talks by the same road without a browser."""

    house: House
    name: str
    chance: random.Random
    screen: Outbound | None = None

    async def join(self, path: str) -> None:
        """Consent, and confirm the unit."""
        await self._do(start=path.removeprefix("/join/"))
        await self._tap("yes")
        await self._tap("home")

    async def answer(self, questionnaire: str) -> None:
        """Answer a questionnaire from its first question until it is sent."""
        await self._do(text="/start")
        await self._tap(f"q:{questionnaire}")
        while "home" not in self._actions():
            await self._step()

    async def _step(self) -> None:
        actions = self._actions()
        ticked = [button for button in actions.values() if button.chosen]
        options = [action for action in actions if action.startswith(("o:", "+"))]
        if "send" in actions or "next" in actions or ("done" in actions and ticked):
            await self._tap(next(action for action in ("send", "next", "done") if action in actions))
        elif options:
            await self._tap(self.chance.choice(options))
        else:
            await self._do(text=WORDS)

    def _actions(self) -> dict[str, Button]:
        assert self.screen is not None
        return {button.tap.partition(".")[2]: button for row in self.screen.buttons for button in row}

    async def _tap(self, action: str) -> None:
        await self._do(tap=self._actions()[action].tap)

    async def _do(self, text: str = "", tap: str = "", start: str = "") -> None:
        address = Address(NAME, self.name)
        id = f"{self.chance.getrandbits(120):x}"
        inbound = Inbound(id, address, self.house.at, text=text, tap=tap, start=start)
        await self.house.running.road.receive(inbound)
        waiting = await self.house.mailbox.waiting(address)
        await self.house.mailbox.settle(address, [id for id, _ in waiting])
        self.screen = waiting[-1][1]


def vietnam(year: int, month: int, day: int) -> datetime:
    """Nine in the morning."""
    return datetime(year, month, day, tzinfo=VIETNAM) + timedelta(hours=9)
