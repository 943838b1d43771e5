"""The fake Official Account refuses what the reference says the real one refuses."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.platforms.clock import Clock, soon
from tests.platforms.zalo_oa import APP_ID, APP_SECRET, OA_SECRET, TOKEN, FakeZaloOA, Fault, Phone
from tests.platforms.zalo_oa_api import DEAD
from tests.platforms.zalo_oa_hooks import RETRIES, sign
from tests.platforms.zalo_oa_oauth import challenge_of

CS = "/v3.0/oa/message/cs"
HOUR, DAY = 3600.0, 86400.0
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


class Client:
    """Asks the fake as the reference writes it, without any code of the product."""

    def __init__(self, server: FakeZaloOA, session: aiohttp.ClientSession) -> None:
        self.server, self.session = server, session
        self.token, self.refresh = server.oauth.explorer()
        self.headers: dict[str, str] = {}

    async def post(self, path: str, body: Any, **headers: str) -> Any:
        given = headers or {"access_token": self.token}
        async with self.session.post(self.server.base_url + path, json=body, headers=given) as answer:
            assert answer.status == 200
            self.headers = dict(answer.headers)
            return await answer.json()

    async def get(self, path: str, data: dict[str, Any]) -> Any:
        given = {"access_token": self.token}
        params = {"data": json.dumps(data)}
        async with self.session.get(self.server.base_url + path, params=params, headers=given) as answer:
            return await answer.json()

    async def say(self, user: str, text: str = "x", **message: Any) -> Any:
        return await self.post(CS, {"recipient": {"user_id": user}, "message": {"text": text, **message}})

    async def buy(self, secret: str = APP_SECRET, **form: str) -> Any:
        given = {"app_id": APP_ID, **form}
        asked = self.session.post(self.server.base_url + TOKEN, data=given, headers={"secret_key": secret})
        async with asked as answer:
            return await answer.json(content_type=None)


@pytest.fixture
async def server() -> AsyncIterator[FakeZaloOA]:
    async with FakeZaloOA(Clock(2000.0)) as server:
        server.clock.speed = 1.0
        yield server


@pytest.fixture
async def client(server: FakeZaloOA) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(server, session)


@pytest.fixture
def phone(server: FakeZaloOA) -> Phone:
    phone = Phone(server, "71")
    phone.follow()
    return phone


async def test_a_code_is_good_once_for_ten_minutes_and_for_its_verifier(server: FakeZaloOA, client: Client) -> None:
    def code() -> dict[str, str]:
        given = server.oauth.consent(challenge_of(VERIFIER))
        return {"code": given, "grant_type": "authorization_code", "code_verifier": VERIFIER}

    first = code()
    sold = await client.buy(**first)
    assert (sold.keys(), sold["expires_in"]) == ({"access_token", "refresh_token", "expires_in"}, "90000")
    late, wrong = code(), {**code(), "code_verifier": "x" * 43}
    assert "access_token" not in await client.buy(**first)
    assert "access_token" not in await client.buy(**wrong)
    assert "access_token" not in await client.buy("another secret", **code())
    server.clock.skip(601)
    assert "access_token" not in await client.buy(**late)


async def test_a_refresh_token_works_once_and_for_three_months(server: FakeZaloOA, client: Client) -> None:
    sold = await client.buy(refresh_token=client.refresh, grant_type="refresh_token")
    assert "access_token" not in await client.buy(refresh_token=client.refresh, grant_type="refresh_token")
    server.clock.skip(91 * DAY)
    assert "access_token" not in await client.buy(refresh_token=sold["refresh_token"], grant_type="refresh_token")
    assert (server.oauth.bought, server.oauth.refused) == (1, 2)


async def test_an_access_token_lives_for_25_hours_and_in_its_header(
    server: FakeZaloOA, client: Client, phone: Phone
) -> None:
    assert (await client.say("71"))["error"] == 0
    body = {"recipient": {"user_id": "71"}, "message": {"text": "x"}}
    assert (await client.post(CS, body, Authorization=f"Bearer {client.token}"))["error"] == -216
    assert (await client.post(CS, body, access_token="x"))["error"] == -216
    assert server.complaints
    server.clock.skip(25 * HOUR)
    assert (await client.say("71"))["error"] == -220


@pytest.mark.parametrize(("text", "error"), [("", -201), ("a" * 2000, 0), ("a" * 2001, -210), ("😀" * 1001, -210)])
async def test_texts_have_limits(client: Client, phone: Phone, text: str, error: int) -> None:
    told = await client.say("71", text)
    assert told["error"] == error
    assert ("data" in told) == (error == 0)


WINDOWS = [(47.98, 0, 0), (48.02, 0, 1), (167, 0, 1), (168.02, -230, 0), (46 * 24, -227, 0)]


@pytest.mark.parametrize(("hours", "error", "billed"), WINDOWS)
async def test_windows(server: FakeZaloOA, client: Client, hours: float, error: int, billed: int) -> None:
    Phone(server, "71").follow()
    server.clock.skip(hours * HOUR)
    client.token = server.oauth.explorer()[0]
    assert (await client.say("71"))["error"] == error
    assert server.people.billed == billed


async def test_who_never_did_anything_or_left_cannot_be_written_to(
    server: FakeZaloOA, client: Client, phone: Phone
) -> None:
    Phone(server, "72")
    assert (await client.say("72"))["error"] == -232
    assert (await client.say("unknown"))["error"] == -201
    phone.unfollow()
    assert (await client.say("71"))["error"] == -213
    for code in (-213, -218, -227, -244):
        phone.person.refuses = code
        assert (await client.say("71"))["error"] == code


async def test_calls_a_minute_and_messages_are_limited(server: FakeZaloOA, client: Client, phone: Phone) -> None:
    await client.say("71")
    assert (client.headers["X-RateLimit-Limit"], client.headers["X-RateLimit-Remain"]) == ("4000", "3999")
    server._calls = 4000
    assert (await client.say("71"))["error"] == -32
    server.clock.skip(60)
    server.api.quota = 1
    assert [(await client.say("71"))["error"] for _ in range(2)] == [0, -211]


async def test_buttons_are_taken_or_not(server: FakeZaloOA, client: Client, phone: Phone) -> None:
    def under(*buttons: dict[str, Any]) -> dict[str, Any]:
        return {"attachment": {"type": "template", "payload": {"buttons": list(buttons)}}}

    button = {"type": "oa.query.hide", "title": "Có", "payload": "/tap 1.o:co"}
    assert (await client.say("71", **under(button)))["error"] == 0
    assert phone.screen.labels == ["Có"]
    assert (await client.say("71", **under(*[button] * 6)))["error"] == -201
    assert (await client.say("71", **under({**button, "payload": "x" * 1001})))["error"] == -201
    assert (await client.say("71", **under({**button, "type": "oa.open.url"})))["error"] == -201
    server.api.takes_buttons = False
    assert (await client.say("71", **under(button)))["error"] == -233


async def test_people_are_listed_in_pages_and_asked_by_one_parameter(server: FakeZaloOA, client: Client) -> None:
    for n in range(120):
        Phone(server, 1000 + n).follow()
    pages = [(await client.get("/v3.0/oa/user/getlist", {"offset": n, "count": 50}))["data"] for n in (0, 50, 100)]
    assert [len(page["users"]) for page in pages] == [50, 50, 20]
    assert pages[0]["total"] == 120
    for offset, count in ((9952, 50), (0, 51), (-1, 5)):
        assert (await client.get("/v3.0/oa/user/getlist", {"offset": offset, "count": count}))["error"] != 0
    detail = (await client.get("/v3.0/oa/user/detail", {"user_id": "1005"}))["data"]
    assert detail == {"user_id": "1005", "user_is_follower": True}
    assert (await client.get("/v3.0/oa/user/detail", {"user_id": "nobody"}))["error"] == -201


async def test_assets_last_for_seven_days(server: FakeZaloOA, client: Client, phone: Phone) -> None:
    uploaded = (await client.post("/v2.0/oa/upload/image", {}))["data"]["attachment_id"]
    element = {"media_type": "image", "attachment_id": uploaded}
    attachment = {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
    assert (await client.say("71", attachment=attachment))["error"] == 0
    server.clock.skip(7 * DAY + 1)
    client.token = server.oauth.explorer()[0]
    phone.follow()
    assert (await client.say("71", attachment=attachment))["error"] == -100


@pytest.mark.parametrize("path", DEAD)
async def test_dead_paths_are_a_complaint(server: FakeZaloOA, client: Client, path: str) -> None:
    assert (await client.post(path, {}))["error"] == -240
    assert server.complaints == [f"{path} is dead since 2026-03-01"]


async def test_a_broadcast_by_age_or_gender_is_a_complaint(server: FakeZaloOA, client: Client) -> None:
    body = {"recipient": {"target": {"gender": "1"}}, "message": {}}
    assert (await client.post("/v2.0/oa/message", body))["error"] == -201
    assert server.complaints == ["a broadcast is aimed at an age or a gender"]


async def test_trouble_can_be_had(server: FakeZaloOA, client: Client, phone: Phone) -> None:
    server.fail(Fault(CS, -32))
    assert [(await client.say("71"))["error"] for _ in range(2)] == [-32, 0]
    server.fail(Fault(CS, lost=True))
    with pytest.raises(aiohttp.ClientError):
        await client.say("71")
    assert len(phone.person.history) == 2


class Hooked:
    """Somebody who listens, and answers what it is told to."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.came: list[tuple[dict[str, str], bytes]] = []

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        self.came.append((dict(request.headers), await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hooked(server: FakeZaloOA) -> AsyncIterator[Hooked]:
    listener = Hooked()
    runner = web.ServerRunner(web.Server(listener), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.hooks.set(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    yield listener
    await runner.cleanup()


async def test_events_are_signed_over_their_raw_bytes(server: FakeZaloOA, hooked: Hooked) -> None:
    Phone(server, "71").say("Đồng ý")
    await soon(lambda: hooked.came)
    headers, body = hooked.came[0]
    stamp = json.loads(body)["timestamp"]
    assert headers["X-ZEvent-Signature"] == f"mac={sign(APP_ID, body, stamp, OA_SECRET)}"
    assert "Đồng ý".encode() in body
    assert isinstance(stamp, str)


async def test_what_is_not_taken_comes_again_until_the_webhook_is_switched_off(
    server: FakeZaloOA, hooked: Hooked
) -> None:
    hooked.statuses = [500, 503]
    server.clock.speed = 2000.0
    Phone(server, "71").say("một")
    await soon(lambda: len(hooked.came) == 3)
    assert [headers.get("num_retry") for headers, _ in hooked.came] == [None, "1", "2"]
    hooked.statuses = [500] * (len(RETRIES) + 1)
    Phone(server, "71").say("hai")
    await soon(lambda: server.hooks.disabled, 10.0)
    Phone(server, "71").say("ba")
    assert len(server.hooks.given_up) == 1


async def test_a_tap_comes_back_as_text(server: FakeZaloOA, hooked: Hooked, client: Client) -> None:
    phone = Phone(server, "71")
    phone.follow()
    button = {"type": "oa.query.hide", "title": "Có", "payload": "/tap 1.o:co"}
    await client.say("71", attachment={"type": "template", "payload": {"buttons": [button]}})
    phone.tap("Có")
    await soon(lambda: len(hooked.came) == 2)
    told = json.loads(hooked.came[1][1])
    assert (told["event_name"], told["message"]["text"]) == ("user_send_text", "/tap 1.o:co")


async def test_what_was_seen_can_be_brought(server: FakeZaloOA, hooked: Hooked, client: Client) -> None:
    phone = Phone(server, "71")
    phone.follow()
    await client.say("71")
    phone.seen()
    await soon(lambda: len(hooked.came) == 2)
    assert json.loads(hooked.came[1][1])["message"] == {"msg_ids": [phone.screen.id]}


def test_only_https_is_taken_elsewhere(server: FakeZaloOA) -> None:
    with pytest.raises(ValueError, match="HTTPS"):
        server.hooks.set("http://langnghe.example.vn/hook/zalo-oa")
