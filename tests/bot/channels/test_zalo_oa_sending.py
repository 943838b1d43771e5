"""Every failure of an Official Account has its outcome; sends through the strict fake."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.channels.session import open_session
from bot.channels.tokens import Shut
from bot.channels.zalo_oa import CS, ZaloOA, can, size
from bot.channels.zalo_oa_calls import Calls
from bot.channels.zalo_oa_failures import CLOSED_SECONDS, MEANINGS, Refusal, outcome_of, until_morning
from bot.channels.zalo_oa_signature import Seal
from bot.channels.zalo_oa_webhook import Webhook
from bot.outcomes import Closed, Gone, Outcome, Refused, Sent, Throttled, Unavailable, Unknown
from models.messages import Address, Button, Outbound
from tests.platforms.zalo_oa import FakeZaloOA, Fault, Phone

ME = "246845883529197922"
TO = Address("zalo-oa", ME)
ROWS = ((Button("Có", "1.o:co", 1),), (Button("Không", "1.o:khong", 2),), (Button("Dừng", "1.stop"),))
SCREEN = Outbound(TO, "Câu 1/3", "Đời sống", ROWS)
PLAIN = "Đời sống\n\nCâu 1/3\n\n  1. Có\n  2. Không\n\n[Dừng]"


class Purse:
    """Tokens as the channel sees them: what is refused is bought anew, once."""

    def __init__(self, server: FakeZaloOA) -> None:
        self.server = server
        self.token = server.oauth.explorer()[0]
        self.asked = 0
        self.shut: Exception | None = None

    async def access(self, but_not: str = "") -> str:
        if but_not:
            self.asked += 1
            if self.shut:
                raise self.shut
            self.token = self.server.oauth.explorer()[0]
        return self.token


@pytest.fixture
async def platform() -> AsyncIterator[FakeZaloOA]:
    async with FakeZaloOA() as platform:
        yield platform
        assert platform.complaints == []


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
def purse(platform: FakeZaloOA) -> Purse:
    return Purse(platform)


def account(platform: FakeZaloOA, session: aiohttp.ClientSession, purse: Purse, *, buttons: bool = False) -> ZaloOA:
    def now() -> datetime:
        return datetime.fromtimestamp(platform.clock.now(), UTC)

    return ZaloOA(Calls(session, platform.base_url, purse), Webhook(Seal("1", "x"), now, now), now, buttons=buttons)


@pytest.fixture
def zalo(platform: FakeZaloOA, session: aiohttp.ClientSession, purse: Purse) -> ZaloOA:
    return account(platform, session, purse)


@pytest.fixture
def phone(platform: FakeZaloOA) -> Phone:
    phone = Phone(platform, ME)
    phone.follow()
    return phone


async def test_a_screen_is_plain_text_with_numbers(zalo: ZaloOA, phone: Phone) -> None:
    sent = await zalo.send(SCREEN)
    assert sent == Sent(phone.screen.id)
    assert (phone.screen.text, phone.screen.labels) == (PLAIN, [])


async def test_buttons_are_shown_where_the_operator_dared(
    platform: FakeZaloOA, session: aiohttp.ClientSession, purse: Purse, phone: Phone
) -> None:
    zalo = account(platform, session, purse, buttons=True)
    await zalo.send(SCREEN)
    assert (phone.screen.text, phone.screen.labels) == (PLAIN, ["1. Có", "2. Không", "Dừng"])
    assert (can(buttons=True).buttons, can(buttons=False).buttons) == (True, False)


async def test_refused_buttons_are_never_tried_again(
    platform: FakeZaloOA, session: aiohttp.ClientSession, purse: Purse, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    zalo = account(platform, session, purse, buttons=True)
    platform.api.takes_buttons = False
    assert isinstance(await zalo.send(SCREEN), Sent)
    assert isinstance(await zalo.send(SCREEN), Sent)
    assert phone.person.history == [PLAIN, PLAIN]
    assert [asked.code for asked in platform.calls(CS)] == [-233, 0, 0]
    assert caplog.text.count("no buttons") == 1


async def test_a_long_text_is_split_and_counted(zalo: ZaloOA, phone: Phone) -> None:
    for text, count in (("a" * 2000, 1), ("a" * 2001, 2), ("😀" * 1000, 1), ("😀" * 1001, 2)):
        phone.person.messages.clear()
        outcome = await zalo.send(Outbound(TO, text))
        assert isinstance(outcome, Sent)
        assert len(outcome.above) + 1 == len(phone.person.history) == size(Outbound(TO, text)) == count
        assert "".join(phone.person.history) == text


async def test_a_message_that_only_deletes_is_nothing_here(zalo: ZaloOA, platform: FakeZaloOA) -> None:
    assert await zalo.send(Outbound(TO, "", deletes=("1",))) == Sent("")
    assert not platform.calls(CS)


WAITS = (-32, -211, -234, -204, -205, -209, -212, -219, -221, -223, -224, -235, -240, -242, -320, -321)
CASES: dict[int, Outcome | None] = {
    **dict.fromkeys(WAITS),
    -213: Gone(),
    -230: Closed(),
    -232: Closed(),
    -305: Closed(),
    -311: Closed(),
    **{code: Refused(f"error {code}") for code in (-100, -200, -210, -217, -218, -227, -233, -244, -248, -249, -9999)},
}


@pytest.mark.parametrize("code", CASES)
async def test_every_refusal_has_its_outcome(zalo: ZaloOA, platform: FakeZaloOA, phone: Phone, code: int) -> None:
    platform.fail(Fault(CS, code))
    outcome = await zalo.send(SCREEN)
    if code in WAITS:
        assert isinstance(outcome, Throttled)
        assert outcome.after > 0
    else:
        assert outcome == CASES[code]
    assert phone.person.history == []


def test_the_table_of_refusals_is_the_tested_one() -> None:
    assert {*MEANINGS, -9999} == {*CASES, -201, -216, -220}


async def test_of_an_invalid_field_only_the_name_is_told(zalo: ZaloOA, platform: FakeZaloOA) -> None:
    assert await zalo.send(Outbound(Address("zalo-oa", "12345"), "x")) == Refused("error -201 user_id")
    said = {"error": -201, "message": "Lương thấp quá is invalid!"}
    platform.fail(Fault(CS, status=200, body=json.dumps(said).encode()))
    assert await zalo.send(SCREEN) == Refused("error -201")


@pytest.mark.parametrize("code", [-213, -217, -218, -227, -244])
async def test_one_person_who_cannot_be_reached_closes_nothing(
    zalo: ZaloOA, platform: FakeZaloOA, phone: Phone, code: int
) -> None:
    other = Phone(platform, 5)
    other.follow()
    phone.person.refuses = code
    assert isinstance(await zalo.send(SCREEN), Gone | Refused)
    assert isinstance(await zalo.send(Outbound(Address("zalo-oa", "5"), "Chào")), Sent)
    assert zalo.trouble == ""


async def test_a_limit_of_calls_passes(zalo: ZaloOA, platform: FakeZaloOA, phone: Phone) -> None:
    platform.fail(Fault(CS, -32))
    first = await zalo.send(SCREEN)
    assert isinstance(first, Throttled)
    assert 0 < first.after <= 60
    assert isinstance(await zalo.send(SCREEN), Sent)
    assert phone.person.history == [PLAIN]


async def test_a_disabled_account_closes_the_channel_with_one_line(
    zalo: ZaloOA, platform: FakeZaloOA, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    platform.fail(Fault(CS, -204, times=5))
    for _ in range(5):
        assert isinstance(await zalo.send(SCREEN), Throttled)
    assert len(platform.calls(CS)) == 1, "a closed channel asks nobody"
    assert zalo.trouble == "error -204"
    assert caplog.text.count("the channel is closed") == 1


@pytest.mark.parametrize("code", [-216, -220])
async def test_a_refused_token_is_renewed_once(
    zalo: ZaloOA, platform: FakeZaloOA, phone: Phone, purse: Purse, code: int
) -> None:
    if code == -216:
        platform.oauth.revoke()
    else:
        platform.clock.skip(25 * 3600 + 1)
        phone.follow()
    assert isinstance(await zalo.send(SCREEN), Sent)
    assert [asked.code for asked in platform.calls(CS)] == [code, 0]
    assert (purse.asked, phone.person.history) == (1, [PLAIN])


async def test_a_token_refused_twice_closes_the_channel(zalo: ZaloOA, platform: FakeZaloOA, phone: Phone) -> None:
    platform.fail(Fault(CS, -216, times=2))
    assert await zalo.send(SCREEN) == Throttled(CLOSED_SECONDS)
    assert len(platform.calls(CS)) == 2
    assert zalo.trouble == "error -216"


async def test_without_a_token_or_a_database_messages_wait(
    zalo: ZaloOA, platform: FakeZaloOA, purse: Purse, phone: Phone
) -> None:
    purse.shut = Unavailable()
    platform.fail(Fault(CS, -216))
    assert await zalo.send(SCREEN) == Throttled(1.0)
    purse.shut = Shut()
    platform.fail(Fault(CS, -216))
    assert await zalo.send(SCREEN) == Throttled(CLOSED_SECONDS)
    assert zalo.trouble == "no token"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(CS, status=502, body=b"<html>Bad Gateway</html>"),
        Fault(CS, status=200, body=b"<html>log in</html>"),
        Fault(CS, status=500, body=b'{"message":"internal"}'),
        Fault(CS, status=200, body=b'{"data":{}}'),
        Fault(CS, status=200, body=b'{"error":"none"}'),
        Fault(CS, status=429, body=b"slow down"),
        Fault(CS, status=302, body=b""),
    ],
)
async def test_a_strangers_answer_makes_the_channel_rest(
    zalo: ZaloOA, platform: FakeZaloOA, phone: Phone, fault: Fault
) -> None:
    platform.fail(fault)
    assert isinstance(await zalo.send(SCREEN), Throttled)
    assert isinstance(await zalo.send(SCREEN), Sent)


async def test_a_lost_answer_may_have_arrived(zalo: ZaloOA, platform: FakeZaloOA, phone: Phone) -> None:
    platform.fail(Fault(CS, lost=True))
    assert await zalo.send(SCREEN) == Unknown()
    assert phone.person.history == [PLAIN]


async def test_nobody_listening_was_not_sent(session: aiohttp.ClientSession, purse: Purse) -> None:
    away = FakeZaloOA()
    away.port = 9
    assert isinstance(await account(away, session, purse).send(SCREEN), Throttled)


async def test_nothing_secret_and_nobodys_words_reach_the_log(
    zalo: ZaloOA, platform: FakeZaloOA, phone: Phone, purse: Purse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes: list[Outcome] = []
    for fault in (Fault(CS, -233), Fault(CS, -201), Fault(CS, status=500), Fault(CS, lost=True), Fault(CS, -204)):
        platform.fail(fault)
        outcomes.append(await zalo.send(Outbound(TO, "Lương thấp quá")))
        await asyncio.sleep(0)
    told = caplog.text + repr(outcomes)
    for secret in (purse.token, ME, "Lương"):
        assert secret not in told


def test_the_night_ends_five_minutes_after_six() -> None:
    late = datetime.fromisoformat("2020-01-06T22:00:00+07:00")
    assert until_morning(late) == timedelta(hours=8, minutes=5).total_seconds()
    assert until_morning(late + timedelta(hours=7, minutes=59)) == 6 * 60
    assert outcome_of(Refusal(-234), 1, late) == Throttled(until_morning(late))
