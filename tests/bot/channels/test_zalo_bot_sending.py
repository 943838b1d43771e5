"""Every failure of a Zalo Bot has its outcome; sends through the strict fake."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.channels.replies import Lost, NotSent, Stranger
from bot.channels.session import open_session
from bot.channels.zalo_bot import NAME, Access, ZaloBot
from bot.channels.zalo_bot_failures import CLOSED_SECONDS, SPENT_SECONDS, SPENT_TRIES, Denied, outcome_of, rest_after
from bot.outcomes import Refused, Sent, Throttled, Unknown
from models.messages import Address, Button, Outbound, Picture
from tests.platforms.zalo_bot import TOKEN, FakeZaloBot, Fault, Phone

ROWS = ((Button("Có", "1.o:co", 1),), (Button("Không", "1.o:khong", 2),), (Button("Dừng", "1.stop"),))
HTML = b"<html><body>502 Bad Gateway</body></html>"


@pytest.fixture
async def platform() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot() as platform:
        yield platform


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
def zalo(platform: FakeZaloBot, session: aiohttp.ClientSession) -> ZaloBot:
    return ZaloBot(Access(TOKEN, platform.base_url), session, lambda: datetime.now(UTC))


@pytest.fixture
def phone(platform: FakeZaloBot) -> Phone:
    phone = Phone(platform, "mai")
    phone.say("chào")
    return phone


def screen(phone: Phone, text: str = "Câu 1/3") -> Outbound:
    return Outbound(Address(NAME, phone.chat.user), text, "Đời sống", ROWS)


def refused(code: int, status: int = 200) -> Fault:
    told = {"ok": False, "error_code": code, "description": 'the text "lương của tôi" is not welcome'}
    return Fault("sendMessage", status, json.dumps(told).encode())


async def test_a_screen_is_numbered_words_without_markup(zalo: ZaloBot, phone: Phone, platform: FakeZaloBot) -> None:
    sent = await zalo.send(screen(phone))
    assert sent == Sent(phone.chat.history[-1].id)
    assert phone.text == "Đời sống\n\nCâu 1/3\n\n  1. Có\n  2. Không\n\n[Dừng]"
    assert list(phone.choices.values()) == ["Dừng", "1", "2"]
    assert platform.asked[-1].parameters.keys() == {"chat_id", "text"}


async def test_what_looks_like_markup_stays_as_it_was_typed(zalo: ZaloBot, phone: Phone) -> None:
    await zalo.send(Outbound(Address(NAME, phone.chat.user), "**Lương** <b>thấp</b> _quá_"))
    assert phone.text == "**Lương** <b>thấp</b> _quá_"


async def test_a_chart_comes_as_words(zalo: ZaloBot, phone: Phone, platform: FakeZaloBot) -> None:
    await zalo.send(replace(screen(phone), picture=Picture(b"png", "Tán thành khoảng 60 %")))
    assert "Tán thành khoảng 60 %" in phone.text
    assert not platform.calls("sendPhoto")


@pytest.mark.parametrize(("length", "messages"), [(1, 1), (2000, 1), (2001, 2), (5000, 3)])
async def test_b7_a_long_text_comes_in_parts(zalo: ZaloBot, phone: Phone, length: int, messages: int) -> None:
    sent = await zalo.send(Outbound(Address(NAME, phone.chat.user), "x" * length))
    assert isinstance(sent, Sent)
    assert [*sent.above, sent.screen] == [message.id for message in phone.chat.history]
    assert len(phone.chat.history) == messages


async def test_b7_nothing_is_sent_where_nothing_is_said(zalo: ZaloBot, phone: Phone, platform: FakeZaloBot) -> None:
    assert await zalo.send(Outbound(Address(NAME, phone.chat.user), "", deletes=("1",))) == Sent()
    assert not platform.asked


async def test_b8_a_success_without_a_result_is_a_success(zalo: ZaloBot, phone: Phone, platform: FakeZaloBot) -> None:
    platform.fail(Fault("sendMessage", 200, b'{"ok":true}'))
    assert await zalo.send(screen(phone)) == Sent()


@pytest.mark.parametrize("status", [200, 429])
async def test_b9_a_quota_rests_the_channel(zalo: ZaloBot, phone: Phone, platform: FakeZaloBot, status: int) -> None:
    platform.refusal_status, platform.sending.monthly = status, 0
    outcomes = await asyncio.gather(*(zalo.send(screen(phone)) for _ in range(12)))
    assert all(isinstance(outcome, Throttled) and 0 < outcome.after <= 2 for outcome in outcomes)
    asked = len(platform.asked)
    assert isinstance(await zalo.send(screen(phone)), Throttled)
    assert len(platform.asked) == asked  # it is not even tried
    assert zalo.trouble == "quota exceeded"
    platform.sending.monthly = 5
    await asyncio.sleep(2.1)
    assert isinstance(await zalo.send(screen(phone)), Sent)
    assert zalo.trouble == ""


def test_b9_rests_for_a_quota_grow_and_a_run_of_them_closes_for_long() -> None:
    rests = [rest_after(Denied(429), tries) for tries in range(1, SPENT_TRIES + 1)]
    assert rests[0] <= 2
    assert all(rest <= 60 for rest in rests[:-1])
    assert rests[-1] == SPENT_SECONDS


@pytest.mark.parametrize("status", [200, 400])
async def test_a_refusal_is_for_good_and_repeats_no_words(
    zalo: ZaloBot, phone: Phone, platform: FakeZaloBot, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    platform.fail(refused(400, status))
    assert await zalo.send(screen(phone)) == Refused("code 400")
    assert "lương" not in caplog.text


async def test_a_stranger_is_refused(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    assert await zalo.send(Outbound(Address(NAME, "nobody"), "chào")) == Refused("code 400")


TRANSIENT = [Fault("sendMessage", 502, HTML), Fault("sendMessage", 200, HTML), Fault("sendMessage", 404, HTML)]
TRANSIENT += [refused(500), refused(503, 503), Fault("sendMessage", 302, b""), Fault("sendMessage", 200, b"[]")]
TRANSIENT += [Fault("sendMessage", 200, b'"ok"'), Fault("sendMessage", 200, b'{"ok":true'), Fault("", 500, b"\xff")]


@pytest.mark.parametrize("fault", TRANSIENT)
async def test_b16_what_is_not_zalos_own_answer_is_tried_again(
    zalo: ZaloBot, phone: Phone, platform: FakeZaloBot, fault: Fault
) -> None:
    platform.fail(replace(fault))
    assert isinstance(await zalo.send(screen(phone)), Throttled)
    assert isinstance(await zalo.send(screen(phone)), Sent)


async def test_an_envelope_that_does_not_say_ok_is_no_success(
    zalo: ZaloBot, phone: Phone, platform: FakeZaloBot
) -> None:
    for body in (b"{}", b'{"ok":"true"}', b'{"ok":1,"result":{"message_id":"a"}}', b'{"result":{"message_id":"a"}}'):
        platform.fail(Fault("sendMessage", 200, body))
        assert not isinstance(await zalo.send(screen(phone)), Sent)


async def test_a_lost_answer_is_unknown(zalo: ZaloBot, phone: Phone, platform: FakeZaloBot) -> None:
    platform.fail(Fault("sendMessage", lost=True))
    assert await zalo.send(screen(phone)) == Unknown()
    assert len(phone.chat.history) == 1  # it was delivered, and nobody can know
    platform.fail(refused(408))
    assert await zalo.send(screen(phone)) == Unknown()


async def test_nobody_at_the_door_is_not_sent(session: aiohttp.ClientSession) -> None:
    channel = ZaloBot(Access(TOKEN, "http://127.0.0.1:9/bot"), session, lambda: datetime.now(UTC))
    assert isinstance(await channel.send(Outbound(Address(NAME, "a"), "chào")), Throttled)


def test_the_table_of_failures() -> None:
    assert outcome_of(Lost("x")) == Unknown()
    assert outcome_of(Denied(401)) == Throttled(CLOSED_SECONDS)
    for failure in (NotSent("x"), Stranger("x", 403), Stranger("x"), Denied(599)):
        outcome = outcome_of(failure, 3)
        assert isinstance(outcome, Throttled)
        assert outcome.after <= 8
    assert outcome_of(Stranger("x", 408)) == Unknown()


async def test_b1_a_bad_token_closes_the_channel(platform: FakeZaloBot, session: aiohttp.ClientSession) -> None:
    channel = ZaloBot(Access("7:revoked", platform.base_url), session, lambda: datetime.now(UTC))
    for _ in range(2):
        outcome = await channel.send(Outbound(Address(NAME, "a"), "chào"))
        assert isinstance(outcome, Throttled)
        assert outcome.after > CLOSED_SECONDS - 5
    assert channel.trouble == "token refused"
    assert len(platform.asked) == 1


async def test_b1_a_good_token_makes_the_bot_known(zalo: ZaloBot, platform: FakeZaloBot) -> None:
    platform.fail(Fault("getMe", 502, HTML))
    assert not zalo.well
    await zalo.introduce()
    assert zalo.well
    assert len(platform.calls("getMe")) == 2


async def test_to_be_forbidden_to_write_to_one_person_silences_nobody_else(
    zalo: ZaloBot, phone: Phone, platform: FakeZaloBot
) -> None:
    platform.fail(refused(403))
    assert await zalo.send(screen(phone)) == Refused("code 403")
    assert isinstance(await zalo.send(screen(phone)), Sent)


async def test_to_be_forbidden_everything_closes_the_channel(
    zalo: ZaloBot, phone: Phone, platform: FakeZaloBot
) -> None:
    platform.fail(replace(refused(403), method="", times=2))
    assert await zalo.send(screen(phone)) == Throttled(CLOSED_SECONDS)
    assert zalo.trouble == "token refused"
    assert isinstance(await zalo.send(screen(phone)), Throttled)
    await zalo.introduce()  # whoever is let in again opens it
    assert isinstance(await zalo.send(screen(phone)), Sent)


async def test_b18_the_token_is_in_no_log_and_no_exception(
    session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)  # and nothing blackens the log here
    async with FakeZaloBot() as platform:
        phone = Phone(platform, "mai")
        phone.say("chào")
        for fault in (*TRANSIENT, Fault(lost=True), refused(401), refused(429), refused(403)):
            channel = ZaloBot(Access(TOKEN, platform.base_url), session, lambda: datetime.now(UTC))
            platform.fail(replace(fault))
            await channel.send(screen(phone))
        url = platform.base_url
    for base in (url, "http://[", "http://nowhere.invalid/bot", "nonsense"):
        channel = ZaloBot(Access(TOKEN, base), session, lambda: datetime.now(UTC))
        await channel.send(screen(phone))
        try:
            await channel.call("getMe", {})
        except Exception:
            logging.exception("what fails")
    assert "what fails" in caplog.text
    assert "canary" not in caplog.text
    assert "canary" not in repr(Access(TOKEN, secret="canary-secret"))
