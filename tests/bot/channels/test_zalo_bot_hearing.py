"""Polling and the webhook of a Zalo Bot: whoever knows the secret is heard; nothing that was fetched is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.session import open_session
from bot.channels.zalo_bot import Access, ZaloBot
from bot.channels.zalo_bot_webhook import SECRET_HEADER, fault
from tests.bot.channels.listening import House
from tests.platforms.clock import Clock, soon
from tests.platforms.zalo_bot import TOKEN, FakeZaloBot, Fault, Phone

SECRET = "a-secret_1"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
async def platform() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot(clock=Clock(20.0)) as platform:
        yield platform


@pytest.fixture
def zalo(platform: FakeZaloBot, session: aiohttp.ClientSession) -> ZaloBot:
    return ZaloBot(Access(TOKEN, platform.base_url, SECRET), session, lambda: datetime.now(UTC))


@asynccontextmanager
async def polling(zalo: ZaloBot, house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(zalo.poll(house.receive))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def hooked(zalo: ZaloBot, house: House) -> AsyncIterator[str]:
    """Serve the webhook and register it at the platform; gives its URL."""
    app = web.Application()
    app.router.add_post("/hook/zalo-bot", zalo.hook(house.receive))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await zalo.register(address)
    try:
        yield address + "/hook/zalo-bot"
    finally:
        await runner.cleanup()


Way = Callable[[ZaloBot, House], AbstractAsyncContextManager[object]]
WAYS = pytest.mark.parametrize("way", [polling, hooked])


@WAYS
async def test_everything_is_heard_once_and_in_order(zalo: ZaloBot, platform: FakeZaloBot, way: Way) -> None:
    house, phones = House(), [Phone(platform, n) for n in range(6)]
    async with way(zalo, house):
        for n in range(4):
            for phone in phones:
                phone.say(f"câu {n}")
        await house.holds(24)
    for phone in phones:
        mine = [said.text for said in house.kept.values() if said.sender.user == phone.chat.user]
        assert mine == [f"câu {n}" for n in range(4)]
    assert len(house.came) == 24
    assert platform.complaints == []


ODD: list[Any] = [
    {"event_name": "message.unsupported.received"},
    {"ok": True, "result": {"event_name": "message.unsupported.received"}},
    {"event_name": "message.poll.received", "message": {"text": "x"}},
    {"event_name": "message.text.received", "message": "nonsense"},
    {"event_name": 7, "message": {"chat": []}},
    {"event_name": ""},
]


@WAYS
async def test_b12_b15_what_nobody_can_answer_holds_up_nothing(zalo: ZaloBot, platform: FakeZaloBot, way: Way) -> None:
    house = House()
    async with way(zalo, house):
        for body in ODD:
            platform.chats.put(body)
        Phone(platform, "nhóm", group=True).say("chào cả nhà")
        Phone(platform, "mai").send_content("reaction", reaction="/-heart")
        Phone(platform, "mai").say("chào")
        await house.holds(1)
        await soon(lambda: zalo.counts["unheard"] == len(ODD) + 2)
    assert house.texts == ["chào"]


@WAYS
async def test_a_database_that_is_away_loses_nothing(zalo: ZaloBot, platform: FakeZaloBot, way: Way) -> None:
    house = House()
    house.down = 1
    async with way(zalo, house):
        Phone(platform, "mai").say("chào")
        await house.holds(1)
    assert len(house.came) == 2
    assert zalo.counts["unavailable"] == 1


@WAYS
async def test_a_bug_costs_only_its_own_message(zalo: ZaloBot, platform: FakeZaloBot, way: Way) -> None:
    house = House()
    house.breaks_on = "lỗi"
    async with way(zalo, house):
        for words in ("lỗi", "chào"):
            Phone(platform, "mai").say(words)
        await house.holds(1)
    assert (house.texts, zalo.counts["failed"]) == (["chào"], 1)


@WAYS
async def test_b14_a_picture_is_heard_as_one_and_never_looked_at(
    zalo: ZaloBot, platform: FakeZaloBot, way: Way
) -> None:
    house = House()
    async with way(zalo, house):
        for name in ("photo", "photo_url"):
            Phone(platform, "mai").send_content("image", **{name: "https://photo.example/canary.jpg"})
        await house.holds(2)
    assert {said.media for said in house.kept.values()} == {"photo"}
    assert "canary" not in str(house.kept)


# ---- polling


@pytest.mark.parametrize("status", [200, 408])
async def test_b2_b3_polls_that_end_with_nothing_go_on_in_peace(
    zalo: ZaloBot, platform: FakeZaloBot, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    house, platform.empty_status = House(), status
    platform.clock.speed = 60.0
    async with polling(zalo, house):
        await soon(lambda: len(platform.calls("getUpdates")) >= 2)
        Phone(platform, "mai").say("chào")
        await house.holds(1)
    assert platform.most_polls == 1
    assert len(platform.calls("deleteWebhook")) == 1
    assert caplog.text == ""


async def test_a_poll_that_ends_at_once_is_not_asked_again_without_end(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    platform.fail(Fault("getUpdates", 200, b'{"ok":true}', times=1000))
    async with polling(zalo, House()):
        await asyncio.sleep(1.5)
    assert sum(asked.method == "getUpdates" for asked in platform.asked) <= 2


async def test_b4_a_webhook_of_an_earlier_life_is_taken_away(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    house = House()
    await zalo.call("setWebhook", {"url": "https://example.vn/hook", "secret_token": SECRET})
    async with polling(zalo, house):
        await soon(lambda: platform.hook is None)
        await zalo.call("setWebhook", {"url": "https://example.vn/hook", "secret_token": SECRET})  # by somebody else
        await soon(lambda: len(platform.calls("deleteWebhook")) == 2, 15.0)
        Phone(platform, "mai").say("chào")
        await house.holds(1)


async def test_b16_outages_are_rested_through(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    house = House()
    platform.fail(Fault("getUpdates", 502, b"<html>"))
    async with polling(zalo, house):
        Phone(platform, "mai").say("chào")
        await house.holds(1, 10.0)


async def test_what_was_fetched_is_kept_before_the_end(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    house = House()
    house.slow = 0.3
    async with polling(zalo, house):
        Phone(platform, "mai").say("chào")
        await soon(lambda: bool(house.came))
        await zalo.hush()
        assert house.texts == ["chào"]
        Phone(platform, "mai").say("muộn")
        await asyncio.sleep(0.2)
    assert len(house.came) == 1
    assert len(platform.chats.waiting) == 1  # for the next life


async def test_what_was_fetched_outlives_a_lease_that_was_lost(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    house = House()
    house.down = 1
    async with polling(zalo, house):
        Phone(platform, "mai").say("chào")
        await soon(lambda: bool(house.came))
    assert house.texts == []
    async with polling(zalo, house):
        await house.holds(1)


# ---- the webhook


async def post(url: str, body: bytes, **headers: str) -> int:
    async with aiohttp.ClientSession() as client, client.post(url, data=body, headers=headers) as answer:
        return answer.status


EVENT = (
    b'{"event_name":"message.text.received","message":{"message_id":"a1","text":"ch\xc3\xa0o",'
    b'"chat":{"id":"u1","chat_type":"PRIVATE"},"from":{"id":"u1"}}}'
)


async def test_b10_flat_and_wrapped_are_one(zalo: ZaloBot) -> None:
    house = House()
    async with hooked(zalo, house) as url:
        for body in (EVENT, b'{"ok":true,"result":%s}' % EVENT):
            assert await post(url, body, **{SECRET_HEADER: SECRET}) == 200
    assert house.came == ["message.text.received:a1"] * 2  # one id, so that the road answers once (B13)


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "1"}])
async def test_b11_without_the_secret_nothing_is_read(zalo: ZaloBot, headers: dict[str, str]) -> None:
    house = House()
    async with hooked(zalo, house) as url:
        assert await post(url, EVENT, **headers) == 403
    assert house.came == []
    assert zalo.counts["intruders"] == 1


BROKEN = [b"", b"{", b"[]", b"7", b"\xff", b'"text"', b"[" * 100_000, b'{"message":' * 5000]


@pytest.mark.parametrize("body", BROKEN)
async def test_a_malformed_body_is_acknowledged(zalo: ZaloBot, body: bytes) -> None:
    house = House()
    async with hooked(zalo, house) as url:
        assert await post(url, body, **{SECRET_HEADER: SECRET}) == 200
    assert house.came == []


async def test_b13_what_comes_twice_has_one_id(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    house = House()
    async with hooked(zalo, house):
        assert platform.delivery is not None
        platform.delivery.again = 1.0
        for n in range(5):
            Phone(platform, "mai").say(f"câu {n}")
        await soon(lambda: len(house.came) == 10)
    assert len(house.kept) == 5


async def test_a_database_that_is_away_is_told_to_the_platform(zalo: ZaloBot) -> None:
    house = House()
    house.down = 1
    async with hooked(zalo, house) as url:
        assert await post(url, EVENT, **{SECRET_HEADER: SECRET}) == 503
        assert await post(url, EVENT, **{SECRET_HEADER: SECRET}) == 200


def test_b5_b6_settings_that_zalo_would_not_take_are_named() -> None:
    public, local = "https://langnghe.example.vn", "http://127.0.0.1:9000/bot"
    for secret in ("", "1234567", "x" * 257, "bí-mật-tám", "with space 8", "line\nline"):
        assert fault(secret, public, local).startswith("ZALO_BOT_WEBHOOK_SECRET")
    for secret in ("12345678", "x" * 256):
        assert fault(secret, public, "https://bot-api.zaloplatforms.com/bot") == ""
    assert fault(SECRET, "http://langnghe.example.vn", "https://bot-api.zaloplatforms.com/bot").startswith("PUBLIC_URL")
    assert fault(SECRET, "http://127.0.0.1:8080", local) == ""


async def test_a_bot_that_cannot_be_brought_anything_is_not_well(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    await zalo.introduce()
    refusal = b'{"ok":false,"error_code":400,"description":"url is not reachable"}'
    platform.fail(Fault("setWebhook", 200, refusal))
    registering = asyncio.create_task(zalo.register("https://langnghe.example.vn"))
    await soon(lambda: bool(platform.calls("setWebhook")))
    assert not zalo.well
    await registering
    assert zalo.well


async def test_a_webhook_without_a_secret_is_not_opened(session: aiohttp.ClientSession, platform: FakeZaloBot) -> None:
    open_door = ZaloBot(Access(TOKEN, platform.base_url), session, lambda: datetime.now(UTC))
    with pytest.raises(ValueError, match="believe anybody"):
        open_door.hook(House().receive)
    with pytest.raises(ValueError, match="ZALO_BOT_WEBHOOK_SECRET"):
        await open_door.register("https://langnghe.example.vn")


async def test_b18_neither_token_nor_words_are_logged(
    zalo: ZaloBot, platform: FakeZaloBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house = House()
    house.breaks_on = "lương quá thấp"
    platform.fail(Fault("getUpdates", 502, b"<html>"))
    async with polling(zalo, house):
        phone = Phone(platform, "mai")
        for words in ("lương quá thấp", "chào"):
            phone.say(words)
        await house.holds(1, 10.0)
    assert "zalo-bot" in caplog.text
    for hidden in ("canary", "lương", "chào", "Người thử", phone.chat.user):
        assert hidden not in caplog.text
