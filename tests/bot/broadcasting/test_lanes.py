"""The pace is kept, answers go first, a plan is not used up, a page finds its copy, a picture goes up once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.broadcasting.pace import Pace
from bot.channels.session import open_session
from bot.channels.telegram import Access, Telegram
from bot.channels.telegram_mailing import ready
from bot.meter import Meter
from bot.outcomes import Gone, Outcome, Sent, Throttled, Unknown
from handlers.expansion import Expansion
from models import broadcasts, budget, outbox
from models.broadcasts import FINISHED, PAUSED
from models.messages import Address, Document, Outbound, Picture
from models.postings import Tallied
from tests.bot.broadcasting.stage import WIRE, Wire, stage
from tests.platforms.clock import soon
from tests.platforms.telegram import TOKEN, FakeTelegram, Fault

PNG = b"\x89PNG\r\n\x1a\n" + bytes(3000)


async def test_a_short_delay_is_made_up_for_and_a_long_one_never() -> None:
    pace, times = Pace(100.0), []
    for number in range(120):
        await pace.turn()
        times.append(time.monotonic())
        if number == 40:
            await asyncio.sleep(0.15)
        if number == 80:
            await asyncio.sleep(1.0)
    assert times[80] - times[0] == pytest.approx(0.8, abs=0.12)
    for first, last in ((times[at], times[at + 30]) for at in range(90)):
        assert last - first >= 0.3 - 0.15 - 0.06
    assert times[-1] - times[81] == pytest.approx(0.38, abs=0.15)


async def test_the_pace_is_reached_and_not_exceeded(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path, {WIRE: 100.0}) as on:
        await on.join(range(1, 401))
        id, wire = await on.approve(), Wire(slow=0.05)
        async with on.sending(wire):
            await on.until(id, FINISHED)
        taken = wire.times[-1] - wire.times[0]
        assert 3.9 <= taken <= 4.6
        most = max(sum(at <= each < at + 1.0 for each in wire.times) for at in wire.times)
        assert most <= 131


async def test_after_a_rest_what_answers_a_person_goes_first(engine: AsyncEngine, tmp_path: Path) -> None:
    heard: list[str] = []

    def does(user: str) -> Outcome:
        heard.append(user)
        return Throttled(2.0) if len(heard) == 20 else Sent()

    async with stage(engine, tmp_path, {WIRE: 100.0}) as on:
        await on.join(range(1, 101))
        id, wire = await on.approve(), Wire(does)
        async with on.sending(wire) as engine_at_work:
            await soon(lambda: len(heard) >= 20)
            delivery = engine_at_work.mails[WIRE].delivery
            put = Outbound(Address(WIRE, "mai"), "Chào chị")
            for letter in await on.writer.write(lambda conn: outbox.put(conn, on.house.keys, "2020-01", [put], on.at)):
                delivery.hand(letter)
            await on.until(id, FINISHED)
        assert "mai" in heard[20:22]
        assert await on.counts(id) == {"sent": 100}


async def test_a_plan_is_left_a_fifth_for_answers(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path) as on:
        await on.join(range(1, 101))
        meter = Meter(on.ground(), WIRE, 50, 0)
        await on.do(lambda conn: budget.add(conn, WIRE, meter.month, 10))
        id, wire = await on.approve(), Wire()
        async with on.sending(wire, room=meter.room, counted=meter.count):
            await on.until(id, PAUSED)
        assert (await on.known(id)).reason == "plan wire"
        assert await on.counts(id) == {"sent": 30}
        async with on.engine.begin() as conn:
            assert await budget.sent(conn, WIRE, meter.month) == 40


async def test_a_page_finds_its_copy_and_is_woken(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path, {"web": 200.0}) as on:
        await on.join(range(1, 61), channel="web")
        id, woken = await on.approve(), list[str]()
        async with on.sending(hands={"web": lambda letter: woken.append(letter.outbound.to.user)}):
            await on.until(id, FINISHED)
        assert await on.tallied(id) == {Tallied("web", "placed"): 60}
        assert sorted(woken) == sorted(f"u{number}" for number in range(1, 61))
        async with on.engine.begin() as conn:
            (letter,) = await outbox.waiting(conn, on.house.keys, Address("web", "u7"))
        assert "Mời anh chị đến dự." in letter.outbound.text
        assert (letter.outbound.lane, letter.outbound.buttons[-1][0].tap) == ("broadcast", "off.news")


async def test_an_open_page_is_left_alone_until_the_morning(engine: AsyncEngine, tmp_path: Path) -> None:
    async with stage(engine, tmp_path, {"web": 200.0}) as on:
        await on.join(range(1, 6), channel="web")
        id, woken = await on.approve(), list[str]()
        # The copies wait since the evening.
        await on.do(lambda conn: broadcasts.start(conn, id, on.at))
        await on.do(lambda conn: Expansion(on.house).page(conn, id, on.at))
        on.at += timedelta(hours=11)
        async with on.sending(hands={"web": lambda letter: woken.append(letter.outbound.to.user)}):
            await asyncio.sleep(1.2)
            assert (woken, await on.left(id)) == ([], 5)
            on.at += timedelta(hours=8)
            await on.until(id, FINISHED)
        assert len(woken) == 5


@asynccontextmanager
async def bot() -> AsyncIterator[tuple[Telegram, FakeTelegram]]:
    """A bot on the strict Telegram, with five people."""
    async with FakeTelegram(TOKEN) as platform, open_session() as session:
        for user in range(1, 6):
            platform.chats.known(user).started = True
        yield Telegram(Access(TOKEN, platform.base_url), session, lambda: datetime.now(UTC)), platform


CARD = Outbound(Address("", ""), "Mời anh chị đến dự.", picture=Picture(PNG, "Thẻ"))
CARD = replace(CARD, document=Document("a.pdf", b"%PDF", "application/pdf"))


async def test_a_picture_and_a_file_are_uploaded_once() -> None:
    async with bot() as (telegram, platform):
        each = ready(telegram, CARD)
        outcomes = await asyncio.gather(*(each(str(user)) for user in range(1, 6)))
        assert all(isinstance(outcome, Sent) and len(outcome.above) == 1 for outcome in outcomes)
        photos = [asked.parameters["photo"] for asked in platform.calls("sendPhoto")]
        files = [asked.parameters["document"] for asked in platform.calls("sendDocument")]
        assert [sum(isinstance(given, bytes) for given in all) for all in (photos, files)] == [1, 1]
        for user in range(1, 6):
            shown = list(platform.chats.known(user).messages.values())
            assert [(each.photo == PNG, each.document == b"%PDF") for each in shown] == [(True, False), (False, True)]


async def test_a_file_that_the_platform_has_forgotten_goes_up_again() -> None:
    async with bot() as (telegram, platform):
        each = ready(telegram, replace(CARD, document=None))
        await each("1")
        platform.chats.files.clear()
        assert isinstance(await each("2"), Sent)
        assert isinstance(await each("3"), Sent)
        assert len(platform.chats.files) == 2
        platform.chats.known(4).blocked = True
        assert await each("4") == Gone()


async def test_a_message_that_is_half_there_is_completed_and_never_begun_again() -> None:
    long = Outbound(Address("", ""), "\n\n".join(f"{number}. " + "chữ " * 400 for number in range(4)))
    async with bot() as (telegram, platform):
        each = ready(telegram, long)
        assert isinstance(await each("1"), Sent)
        parts = len(platform.chats.known(1).history)
        assert parts > 1
        slow_down = b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1",'
        slow_down += b'"parameters":{"retry_after":1}}'

        chat = platform.chats.known(2)
        once = iter([True])
        chat.watch = lambda _: platform.fail(Fault("sendMessage", 429, slow_down)) if next(once, False) else None
        assert isinstance(await each("2"), Sent)
        assert len(chat.history) == parts
        never = b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 900",'
        never += b'"parameters":{"retry_after":900}}'
        platform.chats.known(3).watch = lambda _: platform.fail(Fault("sendMessage", 429, never))
        assert await each("3") == Unknown()
        assert len(platform.chats.known(3).history) == 1
