"""Nothing is silently billed: the free window, the billed days, the end of all sending, by the fake's own clock."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.session import open_session
from bot.channels.zalo_oa import CS, FREE, NAME, ZaloOA, size
from bot.channels.zalo_oa_calls import Calls
from bot.channels.zalo_oa_signature import Seal
from bot.channels.zalo_oa_webhook import Webhook
from bot.deliver import Delivery
from bot.receive import Road
from bot.window import Window
from bot.writer import Writer
from locales.formats import VIETNAM
from models import budget, outbox, windows
from models.database import Connection
from models.keys import Keys
from models.messages import Address, Inbound, Outbound
from tests.platforms.clock import soon
from tests.platforms.zalo_oa import FakeZaloOA, Fault, Phone

HOUR = 3600.0
LAN, MAI = Address(NAME, "71"), Address(NAME, "72")


class Purse:
    def __init__(self, server: FakeZaloOA) -> None:
        self.server = server

    async def access(self, but_not: str = "") -> str:
        return self.server.oauth.explorer()[0]


async def echo(_conn: Connection, inbound: Inbound) -> Sequence[Outbound]:
    """Answer with what was said; "!" is official, and "@" goes to somebody else."""
    lane = "broadcast" if inbound.text.startswith("!") else "live"
    to = MAI if inbound.text.startswith("@") else inbound.sender
    return [] if inbound.text == "-" else [Outbound(to, inbound.text, lane=lane)]


class House:
    """A road in and out of the account, whose sending can be put off."""

    def __init__(self, engine: AsyncEngine, folder: Path, server: FakeZaloOA, session: aiohttp.ClientSession) -> None:
        self.server, self.engine = server, engine
        self.keys = Keys.open(folder / "keys.json")
        self.writer = Writer(engine)
        self.road = Road(self.writer, self.keys, echo, lambda _: None, lambda _: "2020-01")
        self.road.windows[NAME] = FREE
        webhook = Webhook(Seal("1", "x"), self.now, self.now)
        self.zalo = ZaloOA(Calls(session, server.base_url, Purse(server)), webhook, self.now)
        self.number = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.server.clock.now(), UTC)

    async def hear(self, text: str, sender: Address = LAN, late: float = 0.0) -> None:
        """Somebody writes, and we hear of it some seconds later."""
        self.number += 1
        self.server.people.known(sender.user).last = self.server.clock.now()
        done = self.now()
        self.server.clock.skip(late)
        await self.road.receive(Inbound(str(self.number), sender, self.now(), text=text, done=done))

    @asynccontextmanager
    async def sending(self, paid: int = 0) -> AsyncIterator[Delivery]:
        delivery = Delivery(NAME, self.zalo, self.writer, self.keys, self.now)
        delivery.window = Window(NAME, self.writer, self.now, paid, size)
        task = asyncio.create_task(delivery.run())
        yield delivery
        await delivery.drain(5.0)
        task.cancel()
        await asyncio.wait([task])

    async def send_all(self, paid: int = 0) -> Delivery:
        """Send what can be sent now."""
        async with self.sending(paid) as delivery:
            before = await self.due()
            if before:
                await soon(lambda: delivery.counts.total() >= before)
        return delivery

    async def due(self) -> int:
        """How many rows are due, with what a dead process left."""
        async with self.engine.begin() as conn:
            await outbox.release_leases(conn)
            its = select(func.count()).where(outbox.outbox.c.due <= self.now())
            return int((await conn.execute(its)).scalar_one())

    async def held(self) -> int:
        """How many rows there are at all."""
        async with self.engine.connect() as conn:
            return int((await conn.execute(select(func.count()).select_from(outbox.outbox))).scalar_one())

    async def paid(self) -> int:
        async with self.engine.connect() as conn:
            return await budget.sent(conn, NAME, self.now().astimezone(VIETNAM).strftime("%Y-%m"))


@pytest.fixture
async def house(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[House]:
    async with FakeZaloOA() as server, open_session() as session:
        for user in (LAN, MAI):
            Phone(server, user.user).follow()
        house = House(engine, tmp_path, server, session)
        house.writer.start()
        yield house
        assert server.complaints == []
        await house.writer.close()


def history(house: House, to: Address = LAN) -> list[str]:
    return house.server.people.known(to.user).history


# When the platform was away for so long: (hours since the person wrote, arrives free of charge, arrives where paid for)
WHEN = [(0.0, True, True), (47.6, True, True), (47.99, False, True), (48.02, False, True), (167.0, False, True)]


@pytest.mark.parametrize(("hours", "free", "paid"), [*WHEN, (168.02, False, False)])
@pytest.mark.parametrize("allowed", [0, 10])
async def test_what_is_sent_when(house: House, hours: float, free: bool, paid: bool, allowed: int) -> None:
    await house.hear("!tin của công đoàn")
    house.server.clock.skip(hours * HOUR)
    await house.send_all(allowed)
    arrived = paid if allowed else free
    assert history(house) == (["!tin của công đoàn"] if arrived else [])
    assert house.server.people.billed == (allowed > 0 and arrived and hours > 48)
    assert await house.held() == (not arrived)
    assert len(house.server.calls(CS)) == arrived, "what is shut is never asked for"
    assert await house.paid() == (1 if allowed and arrived and not free else 0)


async def test_a_screen_is_pointless_long_before_its_window_shuts(house: House) -> None:
    await house.hear("màn hình")
    house.server.clock.skip(47 * HOUR)
    await house.send_all()
    assert (history(house), await house.held()) == ([], 0)


async def test_what_was_held_goes_with_the_next_contact(house: House) -> None:
    await house.hear("!tin của công đoàn")
    house.server.clock.skip(50 * HOUR)
    await house.send_all()
    assert history(house) == []
    await house.hear("chào")
    await house.send_all()
    assert sorted(history(house)) == ["!tin của công đoàn", "chào"]
    assert (house.server.people.billed, await house.held()) == (0, 0)


async def test_a_held_screen_is_dropped_when_the_person_comes_back(house: House) -> None:
    await house.hear("màn hình cũ")
    async with house.engine.begin() as conn:
        (letter,) = await outbox.waiting(conn, house.keys, LAN)
        await windows.hold(conn, letter, house.now())
        assert [each.outbound.text for each in await outbox.waiting(conn, house.keys, LAN)] == ["màn hình cũ"]
    await house.hear("màn hình mới")
    await house.send_all()
    assert history(house) == ["màn hình mới"]


async def test_what_is_held_is_dropped_after_a_week(house: House) -> None:
    await house.hear("!tin của công đoàn")
    house.server.clock.skip(48 * HOUR)
    await house.send_all()
    assert await house.held() == 1
    house.server.clock.skip(6 * 24 * HOUR)
    await house.send_all()
    assert await house.held() == 1
    house.server.clock.skip(1.5 * 24 * HOUR)
    await house.send_all()
    assert (await house.held(), history(house), house.server.people.billed) == (0, [], 0)


@pytest.mark.parametrize("code", [-230, -232])
async def test_a_window_that_the_platform_finds_shut_holds_too(house: House, code: int) -> None:
    await house.hear("!tin của công đoàn")
    house.server.fail(Fault(CS, code))
    delivery = await house.send_all()
    assert (delivery.counts["closed"], await house.held(), history(house)) == (1, 1, [])
    await house.send_all()
    assert len(house.server.calls(CS)) == 1, "it is not tried again"
    await house.hear("chào")
    await house.send_all()
    assert sorted(history(house)) == ["!tin của công đoàn", "chào"]


async def test_the_window_opens_when_it_happened_and_not_when_we_heard(house: House) -> None:
    await house.hear("!trễ", late=12 * HOUR)
    house.server.clock.skip(35.5 * HOUR)
    await house.hear("-", MAI)
    await house.send_all()
    assert history(house) == ["!trễ"]
    await house.hear("!trễ nữa", late=12 * HOUR)
    house.server.clock.skip(35.9 * HOUR)
    await house.send_all()
    assert (history(house), house.server.people.billed) == (["!trễ"], 0)


async def test_who_is_written_to_without_having_written_counts_as_shut(house: House) -> None:
    await house.hear("@cho người khác")
    await house.send_all()
    assert (history(house, MAI), await house.held()) == ([], 1)
    await house.hear("-", MAI)
    assert await house.held() == 0, "a screen that nobody asked for is dropped"


async def test_the_budget_of_a_month_is_never_exceeded(house: House) -> None:
    for n in range(5):
        await house.hear(f"!tin {n}", replace(LAN, user=str(100 + n)))
    house.server.clock.skip(50 * HOUR)
    await house.send_all(3)
    assert house.server.people.billed == 3
    assert (await house.paid(), await house.held()) == (3, 2)


async def test_a_long_message_costs_as_many_as_it_is_sent_in(house: House) -> None:
    await house.hear("!" + "a" * 4500)
    house.server.clock.skip(50 * HOUR)
    await house.send_all(2)
    assert (house.server.people.billed, await house.paid()) == (0, 0)
    await house.hear("!" + "b" * 4500, MAI)
    house.server.clock.skip(50 * HOUR)
    await house.send_all(3)
    assert (house.server.people.billed, await house.paid()) == (3, 3)


async def test_a_paid_message_that_must_wait_is_paid_for_once(house: House) -> None:
    await house.hear("!tin")
    house.server.clock.skip(50 * HOUR)
    house.server.fail(Fault(CS, -32))
    async with house.sending(5):
        await house.due()
        await soon(lambda: history(house), 20.0)
    assert (house.server.people.billed, await house.paid()) == (1, 1)


async def test_who_does_not_follow_any_more_is_sent_nothing(house: House) -> None:
    await house.hear("chào")
    Phone(house.server, LAN.user).unfollow()
    async with house.sending() as delivery, asyncio.timeout(5.0):
        await house.due()
        while await house.held():  # noqa: ASYNC110 - the database rings no bell
            await asyncio.sleep(0.01)
    assert delivery.counts["gone"] == 1


def test_the_margin_is_wider_than_the_clocks_may_differ() -> None:
    assert timedelta(hours=48) - FREE == timedelta(minutes=15)
    assert timedelta(days=7) > FREE + windows.BILLED
