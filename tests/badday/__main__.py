"""A house with three channels, one of them on a bad day: `python -m tests.badday --seconds 20 --retry-after 300`.

People ask on the web chat and on a healthy Zalo Bot, first in quiet and then while others go on talking to a Telegram
in trouble; when it is well again, everybody waits for the answer to what they said last.
"""

import argparse
import asyncio
import itertools
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.badday.troubles import Begin, Front, troubles, well_again
from tests.badday.voices import OnTelegram, OnWeb, OnZalo, Voice, asked
from tests.platforms.telegram import FakeTelegram
from tests.platforms.zalo_bot import FakeZaloBot
from tests.walks.product import TOKEN, Product

WORDS = ("/help", "/language", "/start", "/privacy")
COLUMNS = "{:<22}{:>16}{:>16}{:>18}{:>16}{:>14}{:>10}"


@dataclass(slots=True)
class Scene:
    """Who is there, and for how many seconds each part lasts; `patience` is for those who wait in the end."""

    front: Front
    web: Sequence[Voice]
    zalo: Sequence[Voice]
    troubled: Sequence[Voice]
    seconds: float
    patience: float

    async def healthy(self) -> tuple[str, str]:
        """Ask on the web and on Zalo for a while; gives the times of each."""
        web: list[float] = []
        zalo: list[float] = []
        async with asyncio.TaskGroup() as tasks:
            for voice in self.web:
                tasks.create_task(self._asking(voice, web))
            for voice in self.zalo:
                tasks.create_task(self._asking(voice, zalo))
        return shown(web), shown(zalo)

    async def _asking(self, voice: Voice, times: list[float]) -> None:
        until = time.perf_counter() + self.seconds
        for word in itertools.cycle(WORDS):
            times.append(await asked(voice, word))
            if time.perf_counter() >= until:
                return
            await asyncio.sleep(0.4)  # no faster than the page lets anybody

    async def bad_day(self, name: str, begin: Begin) -> str:
        """Ask in quiet, then while Telegram is in trouble, then wait until it is well; gives a line."""
        quiet = await self.healthy()
        started = [len(voice.heard) for voice in self.troubled]
        await begin(self.front)
        talking = asyncio.gather(*(self._talking(voice) for voice in self.troubled))
        troubled = await self.healthy()
        before = await talking
        ended = time.perf_counter()
        await well_again(self.front)
        waits = [voice.news(count, self.patience) for voice, count in zip(self.troubled, before, strict=True)]
        unheard = (await asyncio.gather(*waits)).count(False)
        well = f"{unheard} unheard" if unheard else f"{time.perf_counter() - ended:.1f} s"
        repeated = sum(twice(voice.heard[start:]) for voice, start in zip(self.troubled, started, strict=True))
        return COLUMNS.format(name, troubled[0], quiet[0], troubled[1], quiet[1], well, repeated)

    async def _talking(self, voice: Voice) -> int:
        """Say one thing after the other, answered or not; gives how much was heard before the last."""
        until, before = time.perf_counter() + self.seconds, 0
        for word in itertools.cycle(WORDS):
            before = len(voice.heard)
            await voice.say(word)
            await asyncio.sleep(2.0)
            if time.perf_counter() >= until:
                return before
        raise AssertionError  # words do not come to an end


def shown(times: list[float]) -> str:
    """The median, the 95th and the 99th of a hundred, in milliseconds."""
    ordered = sorted(times)
    return "/".join(
        f"{1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.0f}" for share in (0.5, 0.95, 0.99)
    )


def twice(heard: list[str]) -> int:
    """How many messages came twice in a row."""
    return sum(one == next for one, next in itertools.pairwise(heard))


async def run(seconds: float, retry_after: int, folder: Path) -> None:
    """Let one bad day follow the other, and print a line of each."""
    async with AsyncExitStack() as open_things:
        telegram = await open_things.enter_async_context(FakeTelegram(TOKEN))
        zalo = await open_things.enter_async_context(FakeZaloBot())
        front = await open_things.enter_async_context(Front(telegram))
        settings = {"ZALO_BOT_TOKEN": zalo.token, "ZALO_BOT_BASE_URL": zalo.base_url, "ZALO_BOT_MONTHLY": "0"}
        product = Product(folder / "data", front.base_url + "/bot", "webhook", **settings, ZALO_BOT_USERS="0")
        open_things.push_async_callback(product.close)
        await product.start()
        url = f"http://127.0.0.1:{product.port}"
        web = [await open_things.enter_async_context(OnWeb(url)) for _ in range(3)]
        troubled = [OnTelegram(telegram, 1000 + number) for number in range(10)]
        scene = Scene(front, web, [OnZalo(zalo, n) for n in range(2)], troubled, seconds, retry_after + 90.0)
        for voice in (*scene.web, *scene.zalo, *scene.troubled):
            await asked(voice, "/start")
        print(
            COLUMNS.format(
                "p50/p95/p99 in ms of", "web chat", "in quiet", "Zalo Bot", "in quiet", "well after", "repeated"
            )
        )
        for name, begin in troubles(retry_after).items():
            print(await scene.bad_day(name, begin), flush=True)
        await product.stop()


def main() -> None:
    """Read the command line and go."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--retry-after", type=int, default=300)
    given = parser.parse_args()
    asyncio.run(run(given.seconds, given.retry_after, Path.cwd()))


if __name__ == "__main__":
    main()
