"""A crowd on a walk: people, their platforms and the product, from the first link to the record that is compared."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.foundation import PACKS
from bot.settings import Settings
from conversations.packs import load
from models.messages import Address
from tests.platforms.clock import Clock
from tests.walks.browser import Browser
from tests.walks.crossing import Crosser
from tests.walks.plan import CANARY, Plan, planned
from tests.walks.product import Product, links, settings
from tests.walks.record import Kept, kept, waiting
from tests.walks.sides import SIDES, Forms, Side
from tests.walks.walker import Walker
from tests.walks.world import World

UNITS = 5


@dataclass
class Crowd:
    """Everybody on the walk; `units` and `addresses` are each one's, by number, and so are the `sides`, in turn."""

    world: World
    sides: list[Side]
    walkers: list[Walker]
    units: list[str]
    given: Settings
    products: list[Product] = field(default_factory=list)

    @property
    def product(self) -> Product:
        """The only process."""
        (one,) = self.products
        return one

    def on(self, side: Side) -> list[Walker]:
        """Those who walk on a side."""
        return self.walkers[self.sides.index(side) :: len(self.sides)]

    async def walk(self) -> None:
        """Let everybody go all the way at once; raises what the first who is stuck raised."""
        async with asyncio.TaskGroup() as tasks:
            walks = [tasks.create_task(walker.walk()) for walker in self.walkers]
            tasks.create_task(self._look_into_files(walks))
        for side in self.sides:
            for browser in side.browsers:
                await browser.acknowledge()

    async def _look_into_files(self, walks: list[asyncio.Task[None]]) -> None:
        while not all(walk.done() for walk in walks):
            self._hidden()
            await asyncio.sleep(1.0)

    async def check(self) -> None:
        """Everybody's record is what they meant, nothing else is kept, and nothing was refused or let slip."""
        found = await kept(self.given)
        assert sorted(map(str, found)) == sorted(str(at) for n in range(len(self.walkers)) for at in self._addresses(n))
        for number, (walker, unit) in enumerate(zip(self.walkers, self.units, strict=True)):
            (record,) = {one.person: one for at in self._addresses(number) for one in found[at]}.values()
            self._compare(walker.plan, unit, record)
        left = await waiting(self.given)
        assert not left, left
        complaints = [complaint for side in self.sides for complaint in side.platform.complaints]
        # Whoever polls after a kill ends the poll that the dead process left behind, as at the real platform.
        assert [each for each in complaints if not (self.world.kills and "getUpdates: 409" in each)] == []
        assert [browser.refused for side in self.sides for browser in side.browsers if browser.refused] == []
        assert self.world.disordered == []
        for product in self.products:
            silent(product.output, self._secrets)
        self._hidden()

    def _addresses(self, number: int) -> list[Address]:
        """Where a person is known: by the platform, and by the browser that they opened on the way."""
        side, (phone, *browsers) = self.sides[number % len(self.sides)], self.walkers[number].phones
        own = Address(side.channel, side.user(phone))
        return [own, *(Address("web", browser.user) for browser in browsers if isinstance(browser, Browser))]

    def _compare(self, plan: Plan, unit: str, record: Kept) -> None:
        assert record.unit == unit
        assert record.states == dict.fromkeys(self.world.forms, "pending")
        assert sorted(record.places) == sorted(self.world.forms)
        for id, form in self.world.forms.items():
            found, meant = record.places[id].answers, plan.expected(form)
            differ = {name for name in {*found, *meant} if found.get(name) != meant.get(name)}
            assert not differ, [(plan.number, name, found.get(name), meant.get(name)) for name in differ]

    @property
    def _secrets(self) -> list[str]:
        return [secret for side in self.sides for secret in side.secrets]

    def _hidden(self) -> None:
        """No file of the data folder shows a person's word or a secret in plain."""
        for path in self.given.data_dir.iterdir():
            content = path.read_bytes() if path.exists() else b""  # a log that is emptied while we look
            for secret in (CANARY, *self._secrets):
                assert secret.encode() not in content, path.name


@asynccontextmanager
async def crowd(
    folder: Path, people: int, ways: str, clock: Clock | None = None, database: str = ""
) -> AsyncIterator[Crowd]:
    """Open the platforms (names of `SIDES`, joined by " + ") and a product that is not yet started.

    People walk on the platforms in turn. Everything is closed in the end.
    """
    data = folder / "data"
    given = settings(data, database)
    tokens = await links(given, UNITS)
    forms = dict(load(PACKS / "kh136").questionnaires)
    async with AsyncExitStack() as opened:
        sides = [await opened.enter_async_context(SIDES[way](clock)) for way in ways.split(" + ")]
        product = Product(data, DATABASE_URL=database) if database else Product(data)
        world = World(forms)
        units = [sorted(tokens)[number % UNITS] for number in range(people)]
        found = Crowd(world, sides, [], units, given, [product])
        for side in sides:
            product.environment |= side.environment
            side.settled(product)
            opened.push_async_callback(side.close)
        found.walkers += [_walker(found, number, tokens[unit], forms) for number, unit in enumerate(units)]
        try:
            yield found
        finally:
            for each in found.products:
                await each.close()


def _walker(people: Crowd, number: int, token: str, forms: Forms) -> Walker:
    side = people.sides[number % len(people.sides)]
    plan, phone = planned(number, forms), side.phone(number, people.product, forms)
    if side.crosses:
        walker: Walker = Crosser(people.world, plan, token, phone, lambda: side.browser(number, people.product))
    else:
        walker = Walker(people.world, plan, token, phone)
    walker.unsure = side.loses
    walker.opening = side.comes(token, people.product)
    return walker


def silent(printed: str, secrets: list[str]) -> None:
    """No secret and no person's word stands in what was printed."""
    assert "Rehearsal on" in printed
    for secret in (*secrets, CANARY, CANARY.casefold()):
        assert secret not in printed
    assert "Traceback" not in printed, printed[-3000:]
    assert '"level": "error"' not in printed, printed[-3000:]
