"""Every failure of Telegram has its outcome; sends through the strict fake."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.channels.session import open_session
from bot.channels.telegram import Access, Menu, Telegram
from bot.outcomes import Gone, Refused, Sent, Throttled, Unknown
from bot.redact import Redact
from models.messages import Address, Button, Outbound, Picture
from tests.platforms.telegram import RESTART_429, RESTART_500, FakeTelegram, Fault, Phone
from tests.platforms.telegram_methods import Pace

ME = 5550001234
TO = Address("telegram", str(ME))
ROWS = ((Button("Có", "1.o:co", 1),), (Button("Không", "1.o:khong", 2),), (Button("Dừng", "1.stop"),))
SCREEN = Outbound(TO, "Câu 1/3", "Đời sống", ROWS)
PNG = b"\x89PNG picture"


@pytest.fixture
async def platform() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as platform:
        yield platform


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
async def telegram(platform: FakeTelegram, session: aiohttp.ClientSession) -> AsyncIterator[Telegram]:
    channel = Telegram(Access("1:fake", platform.base_url), session, lambda: datetime.now(UTC))
    yield channel
    await channel.close()


@pytest.fixture
async def phone(platform: FakeTelegram) -> Phone:
    phone = Phone(platform, ME)
    await phone.start()
    return phone


def refused(code: int, description: str, **parameters: int) -> Fault:
    told = {"ok": False, "error_code": code, "description": description}
    return Fault(status=code, body=json.dumps(told | ({"parameters": parameters} if parameters else {})).encode())


async def test_a_screen_is_sent_and_edited_in_place(telegram: Telegram, phone: Phone) -> None:
    sent = await telegram.send(SCREEN)
    assert sent == Sent(str(phone.screen.id))
    assert (phone.screen.text, phone.screen.labels) == ("Đời sống\n\nCâu 1/3", ["Có", "Không", "Dừng"])
    assert isinstance(sent, Sent)
    assert await telegram.send(Outbound(TO, "Câu 2/3", edits=sent.screen)) == sent
    assert (phone.screen.text, phone.screen.labels, phone.screen.edits) == ("Câu 2/3", [], 1)


async def test_what_is_shown_in_place_is_never_a_new_message(telegram: Telegram, phone: Phone) -> None:
    sent, picture = await telegram.send(SCREEN), await telegram.send(replace(SCREEN, picture=Picture(PNG, "hình")))
    assert isinstance(sent, Sent)
    assert isinstance(picture, Sent)
    moved = replace(SCREEN, text="Đã gửi: 7", in_place=True)
    assert await telegram.send(replace(moved, edits=sent.screen)) == sent
    assert await telegram.send(replace(moved, edits=sent.screen)) == sent
    for gone in ("987", picture.screen, ""):
        assert isinstance(await telegram.send(replace(moved, edits=gone)), Sent)
    long = replace(moved, edits=sent.screen, text="Đã gửi. " * 700)
    assert isinstance(await telegram.send(long), Sent)
    assert len(phone.chat.history) == 3  # two that were sent, one that was changed


async def test_the_same_screen_again_is_success(telegram: Telegram, phone: Phone) -> None:
    sent = await telegram.send(SCREEN)
    assert isinstance(sent, Sent)
    assert await telegram.send(replace(SCREEN, edits=sent.screen)) == sent
    assert len(phone.chat.history) == 1


async def test_a_screen_that_vanished_or_is_a_picture_is_sent_anew(telegram: Telegram, phone: Phone) -> None:
    assert await telegram.send(replace(SCREEN, edits="987")) == Sent(str(phone.screen.id))
    picture = await telegram.send(Outbound(TO, "Kết quả", picture=Picture(PNG, "alt")))
    assert phone.screen.photo == PNG
    assert isinstance(picture, Sent)
    assert await telegram.send(replace(SCREEN, edits=picture.screen)) == Sent(str(phone.screen.id))
    assert phone.screen.text.endswith("Câu 1/3")


async def test_a_refused_picture_comes_as_words(telegram: Telegram, phone: Phone) -> None:
    await telegram.send(Outbound(TO, "Kết quả", buttons=ROWS, picture=Picture(b"not a picture", "Tán thành 60%")))
    assert phone.screen.text == "Kết quả\n\nTán thành 60%"
    assert phone.screen.labels == ["Có", "Không", "Dừng"]


async def test_a_picture_too_large_for_a_proxy_comes_as_words(
    telegram: Telegram, phone: Phone, platform: FakeTelegram
) -> None:
    platform.fail(Fault("sendPhoto", 413, b"<html>413 Request Entity Too Large</html>"))
    await telegram.send(Outbound(TO, "Kết quả", picture=Picture(PNG, "Tán thành 60%")))
    assert phone.screen.text == "Kết quả\n\nTán thành 60%"


async def test_refused_markup_comes_plain(telegram: Telegram, phone: Phone, platform: FakeTelegram) -> None:
    platform.fail(refused(400, "Bad Request: can't parse entities: Unsupported start tag"))
    assert isinstance(await telegram.send(Outbound(TO, "1 < 2", "Tiêu đề")), Sent)
    assert (phone.screen.text, phone.screen.entities) == ("Tiêu đề\n\n1 < 2", ())


async def test_a_long_text_comes_in_parts_with_the_keyboard_last(telegram: Telegram, phone: Phone) -> None:
    assert isinstance(await telegram.send(Outbound(TO, "Một đoạn văn.\n\n" * 600, buttons=ROWS)), Sent)
    assert len(phone.chat.history) == 3
    assert phone.screen.labels == ["Có", "Không", "Dừng"]


GONE = ["Forbidden: bot was blocked by the user", "Forbidden: user is deactivated"]
GONE += ["Forbidden: bot was kicked from the supergroup chat", "Forbidden: bot is not a member of the channel chat"]
GONE += ["Forbidden: the group chat was deleted", "Forbidden: bot can't initiate conversation with a user"]
REFUSED = ["not enough rights to send text messages to the chat", "need administrator rights in the channel chat"]
REFUSED += ["BUTTON_DATA_INVALID", "message is too long"]
GATEWAY = b"<html><body>502 Bad Gateway</body></html>"


@pytest.mark.parametrize("description", GONE)
async def test_forbidden_is_gone(telegram: Telegram, platform: FakeTelegram, description: str) -> None:
    platform.fail(refused(403, description))
    assert await telegram.send(SCREEN) == Gone()


@pytest.mark.parametrize("description", REFUSED)
async def test_bad_requests_are_refused_once(telegram: Telegram, platform: FakeTelegram, description: str) -> None:
    platform.fail(refused(400, f"Bad Request: {description}"))
    outcome = await telegram.send(SCREEN)
    assert isinstance(outcome, Refused)
    assert outcome.reason.lower() == description.lower()
    assert len(platform.asked) == 1


async def test_an_unknown_chat_is_gone(telegram: Telegram) -> None:
    assert await telegram.send(SCREEN) == Gone()  # nobody with this number ever pressed Start


async def test_a_blocked_person_is_gone(telegram: Telegram, phone: Phone) -> None:
    phone.block()
    assert await telegram.send(SCREEN) == Gone()


async def test_a_group_that_moved_is_no_private_chat(telegram: Telegram, platform: FakeTelegram) -> None:
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    platform.fail(refused(400, moved, migrate_to_chat_id=-1001))
    assert await telegram.send(SCREEN) == Gone()


async def test_retry_after_is_obeyed(telegram: Telegram, platform: FakeTelegram) -> None:
    platform.fail(refused(429, "Too Many Requests: retry after 35", retry_after=35))
    assert await telegram.send(SCREEN) == Throttled(35.0)


async def test_the_pace_of_a_chat_ends_in_429(telegram: Telegram, phone: Phone, platform: FakeTelegram) -> None:
    platform.methods.keep_pace(Pace(chat=0.1, chat_burst=2))
    outcomes = [await telegram.send(replace(SCREEN, text=f"Câu {n}")) for n in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Sent, Sent, Throttled]
    assert outcomes[2] == Throttled(10.0)


TRANSIENT = [Fault(status=429, body=RESTART_429), Fault(status=500, body=RESTART_500), Fault(status=502, body=GATEWAY)]
TRANSIENT += [
    Fault(status=413, body=GATEWAY),
    Fault(status=200, body=b"<html>login</html>"),
    Fault(status=200, body=b"{"),
]
TRANSIENT += [Fault(status=404, body=b"<html>not found</html>"), Fault(status=200, body=b'{"a":1}')]
TRANSIENT += [Fault(status=200, body=b'{"description":"?"}'), Fault(status=302), refused(409, "Conflict: x")]


@pytest.mark.parametrize("fault", TRANSIENT, ids=str)
async def test_transient_failures_rest_the_channel(
    telegram: Telegram, phone: Phone, platform: FakeTelegram, fault: Fault
) -> None:
    platform.fail(replace(fault))
    outcome = await telegram.send(SCREEN)
    assert isinstance(outcome, Throttled)
    assert 0 < outcome.after <= 2
    assert isinstance(await telegram.send(SCREEN), Sent)
    assert telegram.trouble == ""


async def test_rests_grow_while_telegram_is_down(telegram: Telegram, platform: FakeTelegram) -> None:
    platform.fail(Fault(status=502, body=GATEWAY, times=9))
    outcomes = [await telegram.send(SCREEN) for _ in range(9)]
    rests = [outcome.after for outcome in outcomes if isinstance(outcome, Throttled)]
    assert rests[0] < 3 < rests[5] <= 60
    assert max(rests) <= 60


async def test_a_lost_answer_is_unknown(telegram: Telegram, phone: Phone, platform: FakeTelegram) -> None:
    platform.fail(Fault(lost=True))
    assert await telegram.send(SCREEN) == Unknown()
    assert len(phone.chat.history) == 1  # it was delivered, and nobody can know


async def test_nobody_at_the_door_is_not_sent(session: aiohttp.ClientSession) -> None:
    channel = Telegram(Access("1:fake", "http://127.0.0.1:9/bot"), session, lambda: datetime.now(UTC))
    assert isinstance(await channel.send(SCREEN), Throttled)


class Nowhere(AbstractResolver):
    """Names are asked for, and nobody ever answers."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        """Hang."""
        self.asked += 1
        await asyncio.sleep(3600)
        return []

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_name_that_nobody_resolves_holds_one_lookup_and_every_message_for_seconds() -> None:
    names = Nowhere()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=names)) as session:
        channel = Telegram(Access("1:fake", "http://telegram.invalid/bot"), session, lambda: datetime.now(UTC))
        outcomes = await asyncio.gather(*(channel.send(SCREEN) for _ in range(20)))
    assert all(isinstance(outcome, Throttled) and outcome.after <= 2 for outcome in outcomes)
    assert names.asked == 1, "a thread at most is kept waiting"


@pytest.mark.parametrize("token", ["1:revoked", "nonsense"])
async def test_a_bad_token_closes_the_channel(
    platform: FakeTelegram, session: aiohttp.ClientSession, token: str
) -> None:
    channel = Telegram(Access(token, platform.base_url), session, lambda: datetime.now(UTC))
    assert isinstance(await channel.send(SCREEN), Throttled)
    assert isinstance(await channel.send(SCREEN), Throttled)
    assert channel.trouble == "token refused"
    assert len(platform.asked) == 1


async def test_taps_are_answered_and_old_ones_are_no_matter(
    telegram: Telegram, phone: Phone, platform: FakeTelegram
) -> None:
    await telegram.send(SCREEN)
    name = await phone.tap("Có")
    for _ in range(2):
        telegram.answer_tap(name)
        await telegram.close()
    assert platform.chats.spinning() == 0
    assert [asked.status for asked in platform.calls("answerCallbackQuery")] == [200, 400]
    assert platform.complaints == []
    assert telegram.counts["taps unanswered"] == 1


async def test_menus_are_set_for_all_and_for_an_officer(
    telegram: Telegram, phone: Phone, platform: FakeTelegram
) -> None:
    menus = [Menu("", (("start", "Bắt đầu"),), "Công đoàn lắng nghe", "Lắng nghe"), Menu("en", (("start", "Start"),))]
    platform.fail(Fault(status=500, body=RESTART_500))
    await telegram.introduce(menus)
    assert telegram.username == "LangNgheThuBot"
    assert set(platform.methods.commands) == {("all_private_chats", ""), ("all_private_chats", "en")}
    assert platform.methods.descriptions["short_description", ""] == "Lắng nghe"
    await telegram.officer_commands(str(ME), menus, True)
    assert (f"chat{ME}", "en") in platform.methods.commands
    await telegram.officer_commands(str(ME), menus, False)
    assert len(platform.methods.commands) == 2
    phone.block()
    await telegram.officer_commands(str(ME), menus, True)  # and it comes to an end
    assert len(platform.methods.commands) == 2


async def test_a_refused_menu_does_not_hold_up_the_rest(telegram: Telegram, platform: FakeTelegram) -> None:
    await telegram.introduce([Menu("", (("Start!", "x"),)), Menu("en", (("start", "Start"),))])
    assert set(platform.methods.commands) == {("all_private_chats", "en")}


async def test_the_token_is_in_no_log(session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(Redact(["1:canary-token"]))
    async with FakeTelegram("1:canary-token") as platform:
        channel = Telegram(Access("1:canary-token", platform.base_url), session, lambda: datetime.now(UTC))
        for fault in (*TRANSIENT, Fault(lost=True), refused(401, "Unauthorized")):
            platform.fail(replace(fault))
            await channel.send(SCREEN)
    await channel.send(SCREEN)
    try:
        await Telegram(Access("1:canary-token", "http://["), session, lambda: datetime.now(UTC)).call("getMe", {})
    except Exception:
        logging.exception("what an invalid address raises")
    assert caplog.text
    assert "canary" not in caplog.text
    assert "canary" not in repr(Access("1:canary-token"))


async def test_messages_of_both_are_taken_away_and_twice_does_no_harm(telegram: Telegram, phone: Phone) -> None:
    sent = await telegram.send(SCREEN)
    assert isinstance(sent, Sent)
    own = phone.say("Lương thấp")
    wish = Outbound(TO, "", deletes=(sent.screen, str(own.id), "999"))
    assert [await telegram.send(wish), await telegram.send(wish)] == [Sent(), Sent()]
    assert phone.chat.seen == "/start"


async def test_what_is_too_old_stays_and_keeps_nothing_younger(
    telegram: Telegram, phone: Phone, platform: FakeTelegram
) -> None:
    old = [phone.say(f"cũ {number}") for number in range(30)]
    platform.clock.skip(48 * 3600)
    young = [phone.say(f"mới {number}") for number in range(9)]
    ids = tuple(str(message.id) for message in (*old, *young))
    assert await telegram.send(Outbound(TO, "Đã xóa", deletes=ids)) == Sent(str(phone.screen.id))
    assert phone.chat.seen.split("\n") == ["/start", *(message.text for message in old), "Đã xóa"]
    assert len(platform.calls("deleteMessages")) < 12


async def test_a_pause_in_between_repeats_what_was_taken_away_and_says_the_rest_once(
    telegram: Telegram, phone: Phone, platform: FakeTelegram
) -> None:
    wish = Outbound(TO, "Đã xóa", deletes=(str(phone.say("Lương thấp").id),))
    platform.fail(refused(429, "Too Many Requests: retry after 7", retry_after=7))
    assert await telegram.send(wish) == Throttled(7.0)
    assert isinstance(await telegram.send(wish), Sent)
    assert phone.chat.seen == "/start\nĐã xóa"


async def test_nobody_is_left_to_take_away_from(telegram: Telegram, phone: Phone) -> None:
    phone.block()
    assert await telegram.send(Outbound(TO, "", deletes=("1",))) == Gone()


async def test_every_part_of_a_long_message_has_its_name(telegram: Telegram, phone: Phone) -> None:
    sent = await telegram.send(Outbound(TO, "Một đoạn văn.\n\n" * 600, buttons=ROWS))
    shown = [str(message.id) for message in phone.chat.messages.values() if message.mine]
    assert isinstance(sent, Sent)
    assert [*sent.above, sent.screen] == shown
