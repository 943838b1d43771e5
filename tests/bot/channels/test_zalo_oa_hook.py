"""The webhook of an Official Account: only what is signed is heard, 200 only after it is kept, always within 2 s."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.zalo_oa_signature import HEADER, Seal
from bot.channels.zalo_oa_webhook import AHEAD, DEADLINE, LARGEST, PATH, STALE, Webhook
from bot.outcomes import Unavailable
from handlers.retention import REDELIVERED
from models.messages import Inbound
from tests.platforms.clock import Clock, soon
from tests.platforms.zalo_oa import APP_ID, OA_SECRET, FakeZaloOA, Phone
from tests.platforms.zalo_oa_hooks import RETRIES, sign

USER, ACCOUNT = "246845883529197922", "388613280878808645"


class House:
    """Keeps what is received once, and can be down, slow or broken."""

    def __init__(self) -> None:
        self.kept: dict[str, Inbound] = {}
        self.came: list[str] = []
        self.down = 0
        self.slow = 0.0
        self.slow_times = 10**9
        self.breaks = False

    async def receive(self, inbound: Inbound) -> None:
        self.came.append(inbound.id)
        if self.down:
            self.down -= 1
            raise Unavailable
        if self.slow_times > 0:
            self.slow_times -= 1
            await asyncio.sleep(self.slow)
        if self.breaks:
            raise RuntimeError("a bug")
        self.kept.setdefault(inbound.id, inbound)

    @property
    def texts(self) -> list[str]:
        return [inbound.text or inbound.tap or inbound.media or "left" for inbound in self.kept.values()]


class Door:
    """A served webhook, with a hand that signs whatever it is given."""

    def __init__(self, webhook: Webhook, url: str, session: aiohttp.ClientSession) -> None:
        self.webhook, self.url, self.session = webhook, url, session

    async def bring(self, event: dict[str, Any], **headers: str) -> int:
        body = json.dumps({"app_id": APP_ID, **event}).encode()
        mac = sign(APP_ID, body, str(event.get("timestamp", "")), OA_SECRET)
        return await self.post(body, **{HEADER: f"mac={mac}", **headers})

    async def post(self, body: bytes, **headers: str) -> int:
        async with self.session.post(self.url, data=io.BytesIO(body), headers=headers) as answer:
            return answer.status


def text(stamp: float, words: str = "x", id: str = "m1") -> dict[str, Any]:
    ids = {"sender": {"id": USER}, "recipient": {"id": ACCOUNT}}
    message = {"text": words, "msg_id": id}
    return {**ids, "event_name": "user_send_text", "timestamp": f"{stamp:.0f}", "message": message}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def platform() -> AsyncIterator[FakeZaloOA]:
    async with FakeZaloOA(Clock(200.0)) as platform:
        yield platform


@pytest.fixture
async def door(platform: FakeZaloOA, house: House) -> AsyncIterator[Door]:
    def now() -> datetime:
        return datetime.fromtimestamp(platform.clock.now(), UTC)

    webhook = Webhook(Seal(APP_ID, OA_SECRET), now, now)
    app = web.Application(client_max_size=1024 * 1024)
    app.router.add_post(PATH, webhook.handler(house.receive))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    platform.hooks.set(f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}")
    async with aiohttp.ClientSession() as session:
        yield Door(webhook, platform.hooks.url, session)
    await runner.cleanup()
    await webhook.settle(5.0)


def ms(platform: FakeZaloOA) -> float:
    return platform.clock.now() * 1000


async def test_everything_a_person_does_is_heard_and_echoes_are_not(
    platform: FakeZaloOA, house: House, door: Door
) -> None:
    phone = Phone(platform, USER)
    for act in (phone.follow, phone.chatnow, lambda: phone.say("chào"), phone.unfollow):
        count = len(house.kept)
        act()
        await soon(lambda count=count: len(house.kept) > count)  # type: ignore[misc]
    phone.send("user_send_image", attachments=[])
    await soon(lambda: len(house.kept) == 5)
    assert house.texts == ["?", "?", "chào", "left", "photo"]
    own = {"sender": {"id": ACCOUNT}, "recipient": {"id": USER}, "timestamp": f"{ms(platform):.0f}"}
    for name in ("oa_send_text", "user_seen_message", "user_received_message", "something_new", "permission_revoked"):
        assert await door.bring({**own, "event_name": name, "message": {"text": "x", "msg_ids": ["1"]}}) == 200
    assert len(house.came) == 5
    assert door.webhook.counts["ignored"] == 5


async def test_what_is_not_signed_is_refused_and_leaves_nothing(platform: FakeZaloOA, house: House, door: Door) -> None:
    body = json.dumps({"app_id": APP_ID, **text(ms(platform))}).encode()
    stamp = str(json.loads(body)["timestamp"])
    wrong = [
        {},
        {HEADER: "mac="},
        {HEADER: "mac=" + "0" * 64},
        {HEADER: "mac=" + sign(APP_ID, body, stamp, "another")},
        {HEADER: "mac=" + sign("another", body, stamp, OA_SECRET)},
        {HEADER: "mac=" + sign(APP_ID, body + b" ", stamp, OA_SECRET)},
        {HEADER: "mac=" + sign(APP_ID, body, "1", OA_SECRET)},
        {"X-Zalo-Signature": sign(APP_ID, body, stamp, OA_SECRET)},
    ]
    assert [await door.post(body, **headers) for headers in wrong] == [403] * len(wrong)
    assert house.came == []
    assert await door.post(body, **{HEADER: f"mac = {sign(APP_ID, body, stamp, OA_SECRET).upper()}"}) == 200
    assert house.texts == ["x"]


async def test_the_formula_of_a_minority_is_counted_and_not_believed(
    platform: FakeZaloOA, house: House, door: Door
) -> None:
    body = json.dumps({"app_id": APP_ID, **text(ms(platform))}).encode()
    mac = sign(ACCOUNT, body, str(json.loads(body)["timestamp"]), OA_SECRET)
    assert await door.post(body, **{HEADER: f"mac={mac}"}) == 403
    assert (door.webhook.counts["signed by account"], house.came) == (1, [])


async def test_odd_bodies_are_refused(house: House, door: Door) -> None:
    mac = {HEADER: "mac=" + "0" * 64}
    for body in (b"", b"{", b"[" * 100_000, b"\xff", b"null", b"[1]", b'{"timestamp":' + b"9" * 5000 + b"}"):
        assert await door.post(body, **mac) == 403
    for size in (LARGEST + 1, 2 * 1024 * 1024):
        assert await door.post(b" " * size, **mac) == 413
    assert house.came == []


async def test_a_signed_body_is_heard_however_oddly_it_is_written(
    platform: FakeZaloOA, house: House, door: Door
) -> None:
    stamp = f"{ms(platform):.0f}"
    written = '{ "message" : {"msg_id":"1", "text":"\\u0110\\u1ed3ng \\u00fd"},\n\t"sender":{"id":"7"},'
    ends = f'"event_name":"user_send_text" , "extra":{{"a":[]}},"timestamp":"{stamp}","app_id":"{APP_ID}"}}'
    body = (written + ends).encode()
    assert await door.post(body, **{HEADER: "mac=" + sign(APP_ID, body, stamp, OA_SECRET)}) == 200
    assert house.texts == ["Đồng ý"]


async def test_another_apps_event_is_not_heard(platform: FakeZaloOA, house: House, door: Door) -> None:
    assert await door.bring({**text(ms(platform)), "app_id": "12"}) == 200
    assert (door.webhook.counts["strange"], house.came) == (1, [])


async def test_events_of_another_time_are_refused(platform: FakeZaloOA, house: House, door: Door) -> None:
    minute = 60_000
    for late, status in ((26 * 60 + 1, 200), (10**7, 200), (-11, 403), (-(10**9), 403)):
        assert await door.bring(text(ms(platform) - late * minute, id=f"m{late}")) == status
    assert house.came == []
    for late in (0, 2 * 60, 12 * 60, 25 * 60, -9):
        assert await door.bring(text(ms(platform) - late * minute, str(late), id=f"m{late}")) == 200
    assert house.texts == ["0", "120", "720", "1500", "-9"]
    assert door.webhook.counts["stale"] == 2


def test_old_events_are_refused_before_their_ids_are_forgotten_and_after_the_platforms_last_retry() -> None:
    assert timedelta(seconds=sum(RETRIES)) < timedelta(hours=12) < STALE
    assert STALE + AHEAD < REDELIVERED


async def test_when_it_happened_is_kept_apart_from_when_we_heard_of_it(
    platform: FakeZaloOA, house: House, door: Door
) -> None:
    await door.bring(text(ms(platform) - 3600_000))
    (heard,) = house.kept.values()
    assert heard.done is not None
    assert timedelta(hours=1) <= heard.at - heard.done < timedelta(hours=1, minutes=10)


async def test_a_slow_house_is_answered_in_time_and_the_repeat_is_dropped(
    platform: FakeZaloOA, house: House, door: Door
) -> None:
    """The writer takes 2.5 s: within 2 s the platform hears 503, brings it again, and one is kept."""
    house.slow, house.slow_times = 2.5, 1
    Phone(platform, USER).say("chậm")
    await soon(lambda: not platform.hooks.waiting, 10.0)
    assert platform.hooks.statuses == [503, 200]
    assert DEADLINE <= platform.hooks.slowest < 2.0
    assert len(house.came) == 2
    assert len(set(house.came)) == 1
    await soon(lambda: house.texts == ["chậm"])
    assert door.webhook.counts["slow"] == 1


async def test_many_at_once_on_a_slow_house_are_all_answered_in_time(
    platform: FakeZaloOA, house: House, door: Door
) -> None:
    house.slow = 1.4
    for n in range(100):
        Phone(platform, n).say(str(n))
    await soon(lambda: len(platform.hooks.statuses) >= 100, 10.0)
    assert platform.hooks.slowest < 2.0
    house.slow = 0.0
    await soon(lambda: not platform.hooks.waiting, 10.0)
    assert sorted(map(int, house.texts)) == list(range(100))
    assert not platform.hooks.given_up


async def test_a_crowd_is_bounded(platform: FakeZaloOA, house: House, door: Door) -> None:
    house.slow, door.webhook.at_once = 0.5, 5
    statuses = await asyncio.gather(*(door.bring(text(ms(platform), id=str(n))) for n in range(20)))
    assert len(house.came) == 5
    assert sorted(statuses) == [200] * 5 + [503] * 15
    assert door.webhook.counts["crowded"] == 15


async def test_nothing_is_lost_while_the_database_is_down(platform: FakeZaloOA, house: House, door: Door) -> None:
    house.down = 2
    Phone(platform, USER).say("một")
    await soon(lambda: house.texts == ["một"], 10.0)
    await soon(lambda: not platform.hooks.waiting)
    assert platform.hooks.statuses == [503, 503, 200]


async def test_a_bug_beyond_receive_is_not_brought_for_ever(platform: FakeZaloOA, house: House, door: Door) -> None:
    house.breaks = True
    assert await door.bring(text(ms(platform))) == 200
    assert door.webhook.counts["failed"] == 1


async def test_a_slow_writer_of_the_body_does_not_hold_the_door(platform: FakeZaloOA, door: Door) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.3)

    async with door.session.post(door.url, data=dripping(), headers={HEADER: "mac=" + "0" * 64}) as answer:
        assert answer.status == 408


def test_no_webhook_without_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        Webhook(Seal(APP_ID, ""), datetime.now, datetime.now).handler(House().receive)
