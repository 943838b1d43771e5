"""Synthetic workers walk the real desk over several periods; dates pass as they do in life, only faster."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.after import after_release
from bot.foundation import Foundation
from bot.front import Front, front
from bot.receive import Road
from bot.walker import CHANNEL, Walker
from bot.writer import Writer
from handlers import calendar
from locales.formats import local_day
from models import bounds, joining, outbox
from models.database import Connection
from models.messages import Inbound
from models.outbox import Letter
from models.periods import closes

AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people of how many units, over how many periods, from which random seed."""

    people: int
    units: int
    periods: int
    seed: int


@dataclass(slots=True)
class Simulation:
    """A crowd in a house. `progress` is told of each worker who finished a walk."""

    foundation: Foundation
    crowd: Crowd
    progress: Callable[[int], object]
    at: datetime
    steps: int = 0
    _screens: dict[str, Letter] = field(default_factory=dict)

    async def run(self) -> datetime:
        """Walk everybody through all periods and give the day on which the simulation ended."""
        begun = front(self.foundation)
        begun.writer.start()
        await self.walk(begun)
        await begun.writer.write(_forget_messages)
        await begun.writer.close()
        return self.at

    async def walk(self, begun: Front, *, close: bool = True) -> None:
        """Walk everybody; `close` says whether periods close, or all answers stay pending."""
        begun.road.hands[CHANNEL] = self._hand
        walkers = await self._walkers(begun.writer)
        for period in range(self.crowd.periods):
            await self._walk(begun.road, walkers[period :: self.crowd.periods])
            if close:
                await self._close_period(begun)

    def _hand(self, letter: Letter) -> None:
        self._screens[letter.outbound.to.user] = letter

    async def _walkers(self, writer: Writer) -> list[Walker]:
        house, chance = self.foundation.house, random.Random(self.crowd.seed)
        day = local_day(self.at)

        async def links(conn: Connection) -> list[str]:
            tree = await house.tree(conn, day)
            lowest = [unit for unit in tree.post_order() if not tree.children(unit.id)][: self.crowd.units]
            return [await joining.make_link(conn, unit.id, self.at) for unit in lowest]

        tokens = await writer.write(links)
        names = (f"s{chance.getrandbits(60):x}" for _ in range(self.crowd.people))
        # Units are of different sizes: the first are large, the last have a few people.
        weights = [1.0 / (place + 1) ** 0.5 for place in range(len(tokens))]
        return [Walker(name, random.Random(name), chance.choices(tokens, weights)[0]) for name in names]

    async def _walk(self, road: Road, walkers: list[Walker]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(walker: Walker) -> None:
            async with gate:
                inbound: Inbound | None = walker.begin(self.at)
                while inbound is not None:
                    await road.receive(inbound)
                    self.steps += 1
                    walker.screen = self._screens.pop(walker.name).outbound
                    inbound = walker.next(self.at)
            self.progress(1)

        await asyncio.gather(*(one(walker) for walker in walkers))

    async def _close_period(self, begun: Front) -> None:
        period = begun.reception.period(self.at)
        self.at = closes(period, self.foundation.house.pack.period_close_day) + timedelta(hours=8)
        edited = await begun.writer.write(bounds.edited)
        for inbound in calendar.due(self.foundation.house.pack, self.at, edited):
            await begun.road.receive(inbound)
        await after_release(self.foundation, begun.writer, begun.reception.period(self.at))


async def _forget_messages(conn: Connection) -> None:
    await outbox.forget_channel(conn, CHANNEL)
