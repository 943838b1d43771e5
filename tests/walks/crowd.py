"""A crowd on a walk: people, their platform and the product, from the first link to the record that is compared."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.foundation import PACKS
from bot.settings import Settings
from conversations.packs import load
from tests.platforms.clock import Clock
from tests.platforms.telegram import FakeTelegram
from tests.walks.plan import CANARY, Plan, planned
from tests.walks.product import SECRET, TOKEN, Product, links, settings
from tests.walks.record import Kept, kept, waiting
from tests.walks.walker import Walker, World

UNITS = 5


@dataclass
class Crowd:
    """Everybody on the walk; `unit` is each one's by number."""

    world: World
    walkers: list[Walker]
    units: list[str]
    given: Settings
    products: list[Product] = field(default_factory=list)

    @property
    def product(self) -> Product:
        """The only process."""
        (one,) = self.products
        return one

    async def walk(self) -> None:
        """Let everybody go all the way at once; raises what the first who is stuck raised."""
        async with asyncio.TaskGroup() as tasks:
            walks = [tasks.create_task(walker.walk()) for walker in self.walkers]
            tasks.create_task(self._look_into_files(walks))

    async def _look_into_files(self, walks: list[asyncio.Task[None]]) -> None:
        while not all(walk.done() for walk in walks):
            hidden(self.given.data_dir)
            await asyncio.sleep(1.0)

    async def check(self) -> None:
        """Everybody's record is what they meant, nothing else is kept, and nothing was refused or let slip."""
        found = await kept(self.given)
        assert sorted(found) == sorted(walker.phone.chat.user for walker in self.walkers)
        for walker, unit in zip(self.walkers, self.units, strict=True):
            (record,) = found[walker.phone.chat.user]
            self._compare(walker.plan, unit, record)
        assert await waiting(self.given) == {}
        assert self.world.platform.complaints == []
        assert self.world.disordered == []
        for product in self.products:
            silent(product.output)
        hidden(self.given.data_dir)

    def _compare(self, plan: Plan, unit: str, record: Kept) -> None:
        assert record.unit == unit
        assert record.states == dict.fromkeys(self.world.forms, "pending")
        assert sorted(record.places) == sorted(self.world.forms)
        for id, form in self.world.forms.items():
            found, meant = record.places[id].answers, plan.expected(form)
            differ = {name for name in {*found, *meant} if found.get(name) != meant.get(name)}
            assert not differ, [(plan.number, name, found.get(name), meant.get(name)) for name in differ]


@asynccontextmanager
async def crowd(
    folder: Path, people: int, mode: str, clock: Clock | None = None, database: str = ""
) -> AsyncIterator[Crowd]:
    """Open the platform and a product that is not yet started; everything is closed in the end."""
    data = folder / "data"
    given = settings(data, database)
    tokens = await links(given, UNITS)
    forms = dict(load(PACKS / "kh136").questionnaires)
    async with FakeTelegram(TOKEN, clock) as platform:
        world = World(platform, forms)
        units = [sorted(tokens)[number % UNITS] for number in range(people)]
        walkers = [Walker(world, planned(n, forms), tokens[unit]) for n, unit in enumerate(units)]
        more = {"DATABASE_URL": database} if database else {}
        product = Product(data, platform.base_url, mode, **more)
        found = Crowd(world, walkers, units, given, [product])
        try:
            yield found
        finally:
            for each in found.products:
                await each.close()


def silent(printed: str) -> None:
    """No secret and no person's word stands in what was printed."""
    assert "Rehearsal on" in printed
    for secret in (TOKEN, SECRET, CANARY, CANARY.casefold()):
        assert secret not in printed
    assert "Traceback" not in printed, printed[-3000:]
    assert '"level": "error"' not in printed, printed[-3000:]


def hidden(folder: Path) -> None:
    """No file of the data folder shows a person's word or a secret in plain."""
    for path in folder.iterdir():
        content = path.read_bytes() if path.exists() else b""  # a log that is emptied while we look
        for secret in (CANARY, TOKEN, SECRET):
            assert secret.encode() not in content, path.name
