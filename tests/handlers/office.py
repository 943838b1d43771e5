"""The example federation with editors and approvers at its desk, and people who subscribed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.broadcast_work import NAME
from models import people, subscriptions
from models.messages import Address, Inbound, Outbound
from models.officers import role_grant
from models.people import guest
from models.subscriptions import ASKED
from tests.handlers.province import AT, LATER, Province, province


@dataclass(slots=True)
class Office:
    """Whoever `hires` names comes in by one address of the console; `at` is when they say what they say."""

    town: Province
    at: datetime = LATER
    screens: dict[str, Outbound] = field(default_factory=dict)
    _said: int = 0

    @property
    def conn(self) -> AsyncConnection:
        """The transaction of the test."""
        return self.town.conn

    @property
    def root(self) -> str:
        """The id of the federation."""
        return self.town.tree.roots[0].id

    async def hire(self, who: str, unit: str, roles: Sequence[str]) -> str:
        """Let somebody hold roles over a unit; gives their id as the audit names them."""
        id = await self._person(Address("console", who), unit)
        for role in roles:
            grant = {"person_id": id, "role": role, "unit_id": unit, "granted_at": AT, "granted_by": "test"}
            await self.conn.execute(insert(role_grant), grant)
        return str(id)

    async def subscribe(self, number: int, unit: str, topic: str) -> None:
        """Let some people of a unit be sent what is published about a topic."""
        for place in range(number):
            id = await self._person(Address("telegram", f"{unit}-{topic}-{place}"), unit)
            await subscriptions.choose(self.conn, id, topic, on=True, at=AT)

    async def _person(self, address: Address, unit: str) -> int:
        one = replace(
            guest("vi", "2019-12-01"),
            consent_version=self.town.house.consent.version,
            joined_period="2019-12",
            unit_id=unit,
        )
        await people.store(self.conn, one, address)
        await subscriptions.choose(self.conn, one.id, ASKED, on=True, at=AT)
        return one.id

    async def say(self, who: str, text: str = "", *, tap: str = "") -> Outbound:
        """Say or tap something; gives the screen that is shown then."""
        self._said += 1
        inbound = Inbound(f"office-{self._said}", Address("console", who), self.at, text, tap)
        self.screens[who] = (await self.town.reception.attend(self.conn, inbound))[-1]
        return self.screens[who]

    async def tap(self, who: str, *actions: str) -> Outbound:
        """Tap what the last screen offers, one after the other."""
        for action in actions:
            (tap,) = {tap for tap in self._taps(who) if tap.partition(".")[2] == action}
            await self.say(who, tap=tap)
        return self.screens[who]

    def offers(self, who: str) -> set[str]:
        """The actions of the last screen."""
        return {tap.partition(".")[2] for tap in self._taps(who)}

    def _taps(self, who: str) -> list[str]:
        return [button.tap for row in self.screens[who].buttons for button in row]

    async def look(self, who: str) -> Outbound:
        """Open what is published."""
        return await self.say(who, f"/{NAME}")


async def office(conn: AsyncConnection, folder: Path) -> Office:
    """An empty office; broadcasts go out on Telegram."""
    town = await province(conn, folder)
    town.house.mailing.append("telegram")
    town.house.paces["telegram"] = 24.0
    return Office(town)
