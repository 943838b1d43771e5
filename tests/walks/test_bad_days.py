"""One platform has a bad day: nothing that people say is lost or counts twice, the others are served, and it recovers.

Every trouble meets every channel of the table; a channel needs a fake with faults, and a voice.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.foundation import lay
from bot.run import Running, open_door
from bot.settings import Settings
from tests.badday.troubles import Begin, Front, troubles, well_again
from tests.badday.voices import OnAccount, OnTelegram, OnWeb, OnZalo, Voice, asked
from tests.platforms.clock import Clock, soon
from tests.platforms.telegram import FakeTelegram
from tests.platforms.zalo_bot import FakeZaloBot
from tests.platforms.zalo_oa import APP_ID, APP_SECRET, OA_SECRET, FakeZaloOA
from tests.walks.product import AS_OF, SECRET, TOKEN, free_port

PEOPLE = 5
SOON = 3.0  # seconds within which a healthy channel answers, on the busiest of machines
WORDS = ("/help", "/language", "/privacy")
SLOW = 2.0
TROUBLES = troubles(retry_after=2, slow=SLOW)


@dataclass(frozen=True)
class Side:
    """A channel of the table: its fake, how it is set up, and who talks on it."""

    name: str
    fake: Callable[[], Any]
    settings: Callable[[str], dict[str, str]]
    voice: Callable[[Any, int], Voice]
    settled: Callable[[Any, str], None] = lambda _fake, _address: None  # what an operator does in a console


def telegram(mode: str) -> Side:
    """Telegram, hearing by webhook or by polling."""

    def settings(base_url: str) -> dict[str, str]:
        secret = {"telegram_webhook_secret": SECRET} if mode == "webhook" else {}
        return {"telegram_token": TOKEN, "telegram_base_url": base_url + "/bot", "telegram_mode": mode, **secret}

    return Side("telegram", lambda: FakeTelegram(TOKEN), settings, OnTelegram)


def zalo_bot() -> Side:
    """A Zalo Bot, hearing by polling."""

    def settings(base_url: str) -> dict[str, str]:
        return {"zalo_bot_token": "7:canary-token_of-zalo", "zalo_bot_base_url": base_url + "/bot"}

    return Side("zalo-bot", FakeZaloBot, settings, OnZalo)


def zalo_oa() -> Side:
    """An Official Account, hearing by webhook."""

    def settings(base_url: str) -> dict[str, str]:
        given = {"app_id": APP_ID, "app_secret": APP_SECRET, "secret": OA_SECRET, "base_url": base_url}
        return {f"zalo_oa_{name}": value for name, value in given.items()} | {"zalo_oauth_base_url": base_url}

    def settled(fake: FakeZaloOA, address: str) -> None:
        fake.hooks.stamp = time.time
        fake.hooks.set(address + "/hook/zalo-oa")

    return Side("zalo-oa", FakeZaloOA, settings, OnAccount, settled)


SIDES = {
    "telegram-webhook": telegram("webhook"),
    "telegram-polling": telegram("polling"),
    "zalo-bot": zalo_bot(),
    "zalo-oa": zalo_oa(),
}
HEARD_AGAIN = frozenset({"zalo-bot"})  # its poll confirms what it gives: an answer that is lost takes an event along


@dataclass
class Day:
    """A house at work: the web chat, and one channel behind a front that can be shut."""

    running: Running
    front: Front
    web: OnWeb
    voices: list[Voice]

    @property
    def up(self) -> bool:
        """Whether the channel is well, as /readyz says."""
        return next(each.up() for each in self.running.channels if each.name not in ("web", "clock", "calendar"))

    @property
    def received(self) -> int:
        """How much came in from people; dates of the calendar come in when they like."""
        clock = next(each for each in self.running.channels if each.name == "clock")
        return self.running.road.received - clock.counts()["brought"]

    async def served(self, answers: int = 3) -> None:
        """The web chat answers as ever."""
        for turn in range(answers):
            assert await asked(self.web, WORDS[turn % len(WORDS)], 10.0) < SOON


@asynccontextmanager
async def day(folder: Path, side: Side) -> AsyncIterator[Day]:
    """Open a house with the web chat and this channel, and let everybody say hello."""
    async with side.fake() as fake, Front(fake) as front:
        port = free_port()
        given = {"data_dir": folder, "as_of": AS_OF, "web_port": port, "public_url": f"http://127.0.0.1:{port}"}
        if isinstance(fake, FakeZaloOA):
            given["zalo_oa_refresh_token"] = fake.oauth.explorer()[1]
        settings = Settings(**given, **side.settings(front.base_url), _env_file=None)  # type: ignore[arg-type]
        running = Running(await lay(settings), open_door(settings))
        await running.start()
        side.settled(fake, settings.address)
        try:
            async with OnWeb(settings.address) as web:
                voices = [side.voice(fake, 1000 + number) for number in range(PEOPLE)]
                for voice in voices:
                    await asked(voice, "/start")
                yield Day(running, front, web, voices)
        finally:
            await well_again(front)
            await running.stop()


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
@pytest.mark.parametrize("side", SIDES.values(), ids=SIDES)
async def test_nothing_is_lost_and_the_others_are_served(tmp_path: Path, side: Side, trouble: Begin) -> None:
    async with day(tmp_path, side) as bad:
        road = bad.running.road
        received = bad.received
        await trouble(bad.front)
        before = [len(voice.heard) for voice in bad.voices]
        for word in WORDS:
            for voice in bad.voices:
                await voice.say(word)
            await bad.served(2)
        await well_again(bad.front)
        assert all(
            await asyncio.gather(*(voice.news(count, 60.0) for voice, count in zip(bad.voices, before, strict=True)))
        )
        said = PEOPLE * len(WORDS) + 2 * len(WORDS)
        if side.name not in HEARD_AGAIN:
            await soon(lambda: bad.received - received >= said, 60.0)
            assert bad.received - received == said, "each thing that was said counts once"
        assert road.failed == 0
        await soon(lambda: bad.up, 60.0)
        for voice in bad.voices:
            await asked(voice, "/help", 30.0)


@pytest.mark.parametrize("side", SIDES.values(), ids=SIDES)
async def test_a_channel_that_is_down_says_so_and_makes_nobody_unready(tmp_path: Path, side: Side) -> None:
    async with day(tmp_path, side) as bad, aiohttp.ClientSession() as session:
        await soon(lambda: bad.up, 30.0)
        await TROUBLES["unreachable"](bad.front)
        await bad.voices[0].say("/help")
        await soon(lambda: not bad.up, 30.0)
        async with session.get(f"http://127.0.0.1:{bad.running.port}/readyz") as answer:
            told = await answer.json()
        assert answer.status == 200
        assert (told["channels"][side.name], told["channels"]["web"]) == (False, True)
        async with session.get(f"http://127.0.0.1:{bad.running.port}/metrics") as answer:
            assert f'langnghe_channel_up{{channel="{side.name}"}} 0.0' in await answer.text()
        await well_again(bad.front)
        await soon(lambda: bad.up, 60.0)


async def test_a_token_that_was_revoked_closes_one_channel_alone(tmp_path: Path) -> None:
    async with day(tmp_path, SIDES["telegram-webhook"]) as bad:
        bad.front.platform.token = "77:another"  # type: ignore[attr-defined]
        for voice in bad.voices:
            await voice.say("/help")
        await soon(lambda: not bad.up)
        await bad.served()
        asked_for = len(bad.front.platform.asked)  # type: ignore[attr-defined]
        await asyncio.sleep(1.0)
        assert len(bad.front.platform.asked) == asked_for, "it is not asked again and again"  # type: ignore[attr-defined]


async def test_updates_doubled_late_and_out_of_order_count_once(tmp_path: Path) -> None:
    hurried = replace(SIDES["telegram-webhook"], fake=lambda: FakeTelegram(TOKEN, Clock(5.0)))
    async with day(tmp_path, hurried) as bad:
        delivery = bad.front.platform.delivery  # type: ignore[attr-defined]
        delivery.again, delivery.late = 0.3, 0.5
        received = bad.received
        for word in WORDS * 3:
            for voice in bad.voices:
                await voice.say(word)
        await soon(lambda: bad.received - received == 9 * PEOPLE, 30.0)
        await asyncio.sleep(2.0)
        assert bad.received - received == 9 * PEOPLE
        assert bad.running.road.repeated > 0
        await bad.served()


@pytest.mark.parametrize("off", [-86_400, 86_400])
async def test_a_platform_whose_clock_is_a_day_off_is_understood(tmp_path: Path, off: int) -> None:
    skewed = replace(SIDES["telegram-polling"], fake=lambda: FakeTelegram(TOKEN, _clock(off)))
    async with day(tmp_path, skewed) as bad:
        for word in WORDS:
            assert await asked(bad.voices[0], word) < 10.0
        await bad.served()


def _clock(off: int) -> Clock:
    clock = Clock()
    clock.skip(off)
    return clock


HOSTILE: list[bytes] = [
    b"",
    b"{",
    b"[]" * 100_000,
    b"[" * 200_000,
    b"\xff\xfe",
    json.dumps({"update_id": 10**30}).encode(),
    json.dumps({"update_id": 7, "message": {"chat": {"id": "x" * 100_000, "type": "private"}, "text": "x"}}).encode(),
    json.dumps({"update_id": 8, "message": {"chat": {"id": 5, "type": "private"}, "text": "\ud800\x00"}}).encode(),
    json.dumps({"update_id": 9, "callback_query": {"id": [], "data": "\x00" * 64, "message": {}}}).encode(),
    json.dumps({"update_id": 11, "message": {"message_id": -1, "chat": {"id": -(2**70), "type": "private"}}}).encode(),
]


async def test_what_nobody_sent_and_what_comes_a_day_late_hurts_nobody(tmp_path: Path) -> None:
    async with day(tmp_path, SIDES["telegram-webhook"]) as bad, aiohttp.ClientSession() as session:
        hook = f"http://127.0.0.1:{bad.running.port}/hook/telegram"
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        for body in HOSTILE:
            async with session.post(hook, data=body, headers=headers) as answer:
                assert answer.status == 200
            await bad.served(1)
        message = {"message_id": 77, "date": 1, "chat": {"id": 1000, "type": "private"}, "text": "/help"}
        update = json.dumps({"update_id": 4_000_000, "message": message}).encode()
        received, now = bad.running.road.received, bad.running.foundation.now
        for late in (0, 1, 6):
            bad.running.foundation.now = lambda late=late: now() + timedelta(days=late)  # type: ignore[misc]
            async with session.post(hook, data=update, headers=headers) as answer:
                assert answer.status == 200
        assert bad.running.road.received == received + 1, "however late it comes again"
        assert bad.running.road.failed == 0
