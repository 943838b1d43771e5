"""SIGKILL at moments that nobody chose, while a crowd walks: what comes of it, counted."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass

from tests.walks.crowd import Crowd
from tests.walks.product import Product
from tests.walks.world import World

STEPS = 36  # that a person takes at least, from the link to the end


@dataclass(frozen=True)
class Figures:
    """What the kills did: how many, over how many steps and seconds, and how often a message was shown twice in a row.

    `asked` is how often somebody got no answer and asked where they stood.
    """

    kills: int
    steps: int
    seconds: float
    asked: int
    repeats: Counter[tuple[int, int]]

    @property
    def worst(self) -> int:
        """The most repeated messages that one person saw after one kill."""
        return max(self.repeats.values(), default=0)

    def __str__(self) -> str:
        after = Counter(Counter(kill for kill, _ in self.repeats.elements()).values())
        after[0] = self.kills - after.total()
        each = ", ".join(f"{repeated} repeated after {kills} kills" for repeated, kills in sorted(after.items()))
        asked = f"; {self.asked} times somebody asked again" if self.asked else ""
        most = f"at most {self.worst} for one person at one kill"
        return f"{self.kills} kills in {self.steps} steps and {self.seconds:.0f} s: {each}; {most}{asked}"


async def walk_through(people: Crowd, kills: int, seed: int) -> Figures:
    """Let everybody walk while the product is killed and started again; all must have arrived in the end."""
    lots = random.Random(seed)
    moments = sorted(lots.sample(range(len(people.walkers) * STEPS), kills))
    world, began = people.world, time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        walk = tasks.create_task(people.walk())
        tasks.create_task(_killed(world, people.product, moments, lots))
    assert walk.done()
    return Figures(world.kills, world.steps, time.perf_counter() - began, world.asked, world.repeats)


async def _killed(world: World, product: Product, moments: list[int], lots: random.Random) -> None:
    for moment in moments:
        while world.steps < moment:  # noqa: ASYNC110 - the crowd rings no bell
            await asyncio.sleep(0.005)
        await asyncio.sleep(lots.uniform(0.0, 0.05))
        await product.kill()
        world.kills += 1
        await product.start(ready=False)
        if lots.random() < 0.2:
            await asyncio.sleep(lots.uniform(0.0, 2.0))  # the next one may fall into the start
        else:
            await product.ready()
