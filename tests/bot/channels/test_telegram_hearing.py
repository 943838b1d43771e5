"""Polling and the webhook: nothing is confirmed before it is kept, nothing malformed holds up the rest."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from bot.channels.session import open_session
from bot.channels.telegram import Access, Telegram
from bot.channels.telegram_webhook import SECRET_HEADER, fault
from models.messages import Outbound
from tests.bot.channels.listening import House
from tests.platforms.clock import Clock, soon
from tests.platforms.telegram import RESTART_429, FakeTelegram, Fault, Phone

SECRET = "a-secret_1"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
async def platform() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=Clock(20.0)) as platform:
        yield platform


@pytest.fixture
def telegram(platform: FakeTelegram, session: aiohttp.ClientSession) -> Telegram:
    return Telegram(Access("1:fake", platform.base_url, secret=SECRET), session, lambda: datetime.now(UTC))


@asynccontextmanager
async def polling(telegram: Telegram, house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(telegram.poll(house.receive))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def hooked(telegram: Telegram, house: House) -> AsyncIterator[str]:
    """Serve the webhook and register it at the platform; gives its URL."""
    app = web.Application()
    app.router.add_post("/hook/telegram", telegram.hook(house.receive))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await telegram.register(address)
    try:
        yield address + "/hook/telegram"
    finally:
        await runner.cleanup()


Way = Callable[[Telegram, House], AbstractAsyncContextManager[object]]
WAYS = pytest.mark.parametrize("way", [polling, hooked])


@WAYS
async def test_everything_is_heard_once_and_in_order(telegram: Telegram, platform: FakeTelegram, way: Way) -> None:
    house, phones = House(), [Phone(platform, 100 + n) for n in range(8)]
    async with way(telegram, house):
        for n in range(5):
            for phone in phones:
                await phone.send(f"câu {n}")
        await house.holds(40)
    for phone in phones:
        mine = [said.text for said in house.kept.values() if said.sender.user == str(phone.chat.user)]
        assert mine == [f"câu {n}" for n in range(5)]
    assert len(house.came) == 40


@WAYS
async def test_a_malformed_update_does_not_stall(telegram: Telegram, platform: FakeTelegram, way: Way) -> None:
    house, phone = House(), Phone(platform, 100)
    async with way(telegram, house):
        platform.updates.put({"message": "x"}, "m100")
        platform.updates.put({"poll_answer": {"poll_id": 1}}, "m100")
        platform.updates.put({"update_id": "none", "message": {}}, "m100")
        platform.updates.put({"callback_query": {"id": 5}}, "m100")
        await phone.send("tốt")
        await house.holds(1)
    assert house.texts == ["tốt"]
    assert telegram.counts["malformed"] == 1


@WAYS
async def test_nothing_is_lost_while_the_database_is_down(telegram: Telegram, platform: FakeTelegram, way: Way) -> None:
    house, phone = House(), Phone(platform, 100)
    house.down = 2
    async with way(telegram, house):
        await phone.send("một")
        await phone.send("hai")
        await house.holds(2, 12.0)
    assert house.texts == ["một", "hai"]
    assert len(house.came) > 2


@WAYS
async def test_a_bug_beyond_receive_holds_up_nobody(telegram: Telegram, platform: FakeTelegram, way: Way) -> None:
    house, phone = House(), Phone(platform, 100)
    house.breaks_on = "hỏng"
    async with way(telegram, house):
        await phone.send("hỏng")
        await phone.send("tốt")
        await house.holds(1)
    assert house.texts == ["tốt"]
    assert telegram.counts["failed"] == 1


@WAYS
async def test_a_tap_is_answered_and_a_block_is_heard(telegram: Telegram, platform: FakeTelegram, way: Way) -> None:
    house, phone = House(), Phone(platform, 100)
    async with way(telegram, house):
        await phone.start("token_1")
        await house.holds(1)
        await telegram.send(Outbound(house.kept[min(house.kept)].sender, "Chào anh/chị"))
        phone.tap_data("1.x")
        await house.holds(2)
        phone.block()
        phone.unblock()
        await house.holds(3)
        await soon(lambda: not platform.chats.spinning())
    assert house.texts == ["token_1", "1.x", "left"]


async def test_the_offset_waits_for_receive(telegram: Telegram, platform: FakeTelegram) -> None:
    """A crash before receive returned leaves everything at Telegram."""
    house, phone = House(), Phone(platform, 100)
    house.slow = 3600
    async with polling(telegram, house):
        await phone.send("một")
        await phone.send("hai")
        await soon(lambda: house.came)
    assert len(platform.updates.waiting()) == 2
    house.slow = 0
    async with polling(telegram, house):
        await house.holds(2)
    assert house.texts == ["một", "hai"]


async def test_confirmed_updates_are_gone_and_the_offset_forgotten(telegram: Telegram, platform: FakeTelegram) -> None:
    """After an idle week the numbers begin anew, perhaps lower: an old offset must not hide them."""
    house, phone = House(), Phone(platform, 100)
    async with polling(telegram, house):
        await phone.send("trước")
        await house.holds(1)
        platform.clock.skip(60)
        await asyncio.sleep(0.1)
        assert not platform.updates.waiting()
        platform.updates.jump(5)
        await phone.send("sau")
        await house.holds(2)
    assert house.texts == ["trước", "sau"]


async def test_polling_takes_over_from_a_webhook_and_keeps_what_waits(
    telegram: Telegram, platform: FakeTelegram
) -> None:
    house = House()
    await telegram.register("http://127.0.0.1:9")
    await Phone(platform, 100).send("đang chờ")
    async with polling(telegram, house):
        await house.holds(1)
    assert platform.calls("deleteWebhook")[0].parameters == {"drop_pending_updates": False}
    asked = platform.calls("getUpdates")[0].parameters
    assert asked["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    assert asked["limit"] == 100
    assert 25 <= asked["timeout"] <= 50


@pytest.mark.parametrize("trouble", [Fault("getUpdates", 200, b"<html>"), Fault("getUpdates", 429, RESTART_429)])
async def test_polling_survives_trouble(telegram: Telegram, platform: FakeTelegram, trouble: Fault) -> None:
    house, phone = House(), Phone(platform, 100)
    platform.fail(replace(trouble))
    async with polling(telegram, house):
        await phone.send("vẫn nghe")
        await house.holds(1)
    assert house.texts == ["vẫn nghe"]


async def test_two_pollers_do_not_race(telegram: Telegram, platform: FakeTelegram) -> None:
    house = House()
    async with polling(telegram, house), polling(telegram, house):
        await asyncio.sleep(0.5)
        conflicts = [asked for asked in platform.calls("getUpdates") if asked.status == 409]
        assert len(conflicts) == 1  # the first was told, and rests


async def test_the_hook_lets_in_only_who_knows_the_secret(
    telegram: Telegram, session: aiohttp.ClientSession, platform: FakeTelegram
) -> None:
    house = House()
    update = {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}}
    async with hooked(telegram, house) as url:
        for headers in ({}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: "đ"}):
            async with session.post(url, json=update, headers=headers) as answer:
                assert answer.status == 403
        assert not house.came
        for body in (b"{", b"[" * 100_000, b"\xff", b"null", b" " * 1_100_000):
            async with session.post(url, data=io.BytesIO(body), headers={SECRET_HEADER: SECRET}) as answer:
                assert answer.status == 200
        async with session.post(url, json=update, headers={SECRET_HEADER: SECRET}) as answer:
            assert answer.status == 200
    assert house.texts == ["x"]
    assert (telegram.counts["intruders"], telegram.counts["malformed"]) == (3, 5)


async def test_a_database_that_is_down_asks_telegram_to_wait(
    telegram: Telegram, session: aiohttp.ClientSession
) -> None:
    house = House()
    house.down = 1
    update = {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}}
    async with (
        hooked(telegram, house) as url,
        session.post(url, json=update, headers={SECRET_HEADER: SECRET}) as answer,
    ):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


async def test_a_slow_house_still_stops_the_spinner(telegram: Telegram, platform: FakeTelegram) -> None:
    house, phone = House(), Phone(platform, 100)
    async with hooked(telegram, house):
        await phone.start()
        await house.holds(1)
        await telegram.send(Outbound(house.kept[min(house.kept)].sender, "Chào"))
        house.slow = 1.5
        phone.tap_data("1.x")
        await asyncio.sleep(1.2)
        assert platform.chats.spinning() == 0
        await house.holds(2)


@pytest.mark.parametrize(
    ("secret", "public", "base", "fine"),
    [
        ("s", "https://a.vn", "https://api.telegram.org/bot", True),
        ("s", "http://127.0.0.1:1", "http://127.0.0.1:9/bot", True),
        ("", "https://a.vn", "https://api.telegram.org/bot", False),
        ("có dấu", "https://a.vn", "https://api.telegram.org/bot", False),
        ("s", "http://a.vn", "https://api.telegram.org/bot", False),
        ("s", "", "http://127.0.0.1:9/bot", False),
    ],
)
def test_settings_that_cannot_work_are_told(secret: str, public: str, base: str, fine: bool) -> None:
    assert (fault(secret, public, base) == "") is fine


async def test_no_webhook_without_a_secret(platform: FakeTelegram, session: aiohttp.ClientSession) -> None:
    open_door = Telegram(Access("1:fake", platform.base_url), session, lambda: datetime.now(UTC))
    with pytest.raises(ValueError, match="secret"):
        open_door.hook(House().receive)
    with pytest.raises(ValueError, match="SECRET"):
        await open_door.register("https://a.vn")
