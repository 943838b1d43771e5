"""Three channels at once, one of them out of reach for a while: the others go on as before, and everybody arrives."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.badday.troubles import Front
from tests.platforms.telegram import FakeTelegram
from tests.platforms.zalo_bot import FakeZaloBot
from tests.platforms.zalo_oa import FakeZaloOA
from tests.walks.crowd import Crowd, crowd
from tests.walks.figures import quickness
from tests.walks.sides import Side

# The first of the three is the one that goes down.
WAYS = [
    "telegram polling + zalo-bot webhook + web",
    "zalo-oa + telegram webhook + web",
    "zalo-bot polling + telegram webhook + web",
]
SIZES = [pytest.param(way, 9, 0.3, 4.0, id=f"{way}-9") for way in WAYS[:2]]
SIZES += [pytest.param(way, 90, 1.5, 20.0, id=f"{way}-90", marks=pytest.mark.long) for way in WAYS]


@dataclass(frozen=True)
class Day:
    """When (on the loop's clock) people set out, a channel went down, and came back."""

    begun: float
    shut: float
    opened: float

    def figures(self, people: Crowd, side: Side) -> str:
        """Steps a second and waiting times, before, while the one was down, and after."""
        last = max(began for walker in people.on(side) for began, _ in walker.waits) + 0.1
        times = {
            "before": (self.begun, self.shut),
            "while down": (self.shut, self.opened),
            "after": (self.opened, last),
        }
        told = []
        for name, (since, until) in times.items():
            waits = self.waits(people, side, since, until)
            told.append(f"{name} {len(waits) / (until - since):.1f} steps/s, {quickness(waits)}")
        return f"{side.channel}: {'; '.join(told)}"

    def waits(self, people: Crowd, side: Side, since: float, until: float) -> list[float]:
        """How long people on a side waited, for what they did in that time."""
        return sorted(wait for walker in people.on(side) for began, wait in walker.waits if since <= began < until)

    def recovery(self, people: Crowd, side: Side) -> list[float]:
        """How long after the channel came back each was served who had waited for that."""
        ends = [began + wait for walker in people.on(side) for began, wait in walker.waits if began < self.opened]
        return sorted(end - self.opened for end in ends if end > self.opened)


@pytest.mark.parametrize(("ways", "people", "think", "down"), SIZES)
async def test_one_of_three_is_down(tmp_path: Path, ways: str, people: int, think: float, down: float) -> None:
    async with crowd(tmp_path, people, ways) as all_of_them:
        world, (bad, *well) = all_of_them.world, all_of_them.sides
        world.think, world.patience, world.asks_after = think, 180.0, down + 45.0  # a poller rests long
        platform = bad.platform
        assert isinstance(platform, FakeTelegram | FakeZaloBot | FakeZaloOA)
        async with Front(platform) as front:
            for name, value in bad.environment.items():
                all_of_them.product.environment[name] = value.replace(f":{platform.port}", f":{front.port}")
            await all_of_them.product.start()
            day = await _day(all_of_them, front, down)
            assert await all_of_them.product.stop() == 0
        await all_of_them.check()
        served = day.recovery(all_of_them, bad)
        print(f"{people} people, {world.steps} steps; {bad.channel} down for {day.opened - day.shut:.0f} s, ", end="")
        print(f"its people served {served[0]:.1f} to {served[-1]:.1f} s after it was back")
        for side in all_of_them.sides:
            print(day.figures(all_of_them, side))
        print(f"{world.repeats.total()} messages twice, {world.asked} times somebody asked again")
        for side in well:
            waits = day.waits(all_of_them, side, day.shut, day.opened)
            assert waits, side.channel
            assert waits[int(0.95 * len(waits))] < down / 2, f"{side.channel} waited for {bad.channel}"


async def _day(people: Crowd, front: Front, down: float) -> Day:
    clock = asyncio.get_running_loop().time
    walk, begun = asyncio.create_task(people.walk()), clock()
    third = len(people.walkers) * 12  # of the steps, or nearly
    while people.world.steps < third and not walk.done():  # noqa: ASYNC110 - the crowd rings no bell
        await asyncio.sleep(0.01)
    await front.shut()
    shut = clock()
    await asyncio.sleep(down)
    await front.open()
    opened = clock()
    await walk
    return Day(begun, shut, opened)
