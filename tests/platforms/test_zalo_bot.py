"""The fake Zalo refuses what the reference says the real one does, and a client that nobody here wrote can use it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import zalo_bot  # type: ignore[import-untyped]
from aiohttp import web

from tests.platforms.clock import Clock, soon
from tests.platforms.zalo_bot import TOKEN, FakeZaloBot, Fault, Phone
from tests.platforms.zalo_bot_rules import MAX_TEXT


@pytest.fixture
async def server() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot(clock=Clock(50.0)) as server:
        yield server


@pytest.fixture
async def client(server: FakeZaloBot) -> AsyncIterator[Any]:
    bot = zalo_bot.Bot(TOKEN, server.base_url.removesuffix("/bot"))
    await bot.initialize()
    yield bot
    await bot.shutdown()


async def ask(server: FakeZaloBot, method: str, token: str = TOKEN, **parameters: Any) -> tuple[int, Any]:
    url = f"{server.base_url}{token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=parameters) as answer:
        return answer.status, await answer.json()


async def code(server: FakeZaloBot, method: str, **parameters: Any) -> int:
    """The code of the envelope; 0 for what is taken."""
    _, told = await ask(server, method, **parameters)
    return 0 if told["ok"] else int(told["error_code"])


async def test_an_independent_client_finds_out_who_the_bot_is(client: Any, server: FakeZaloBot) -> None:
    me = await client.get_me()
    assert me.id == "1459232241454765289"
    assert server.calls("getMe")


async def test_an_independent_client_hears_and_answers(client: Any, server: FakeZaloBot) -> None:
    phone = Phone(server, "mai")
    phone.say("chào")
    update = await client.get_update(timeout=30)
    assert (update.message.text, update.message.chat.id) == ("chào", phone.chat.user)
    assert update.effective_user.id == phone.chat.user
    sent = await client.send_message(update.message.chat.id, "Chào anh/chị")
    assert phone.text == "Chào anh/chị"
    assert sent.message_id == phone.chat.history[-1].id
    await client.send_chat_action(phone.chat.user, "typing")
    await client.send_photo(phone.chat.user, "một tấm ảnh", "https://example.vn/a.png")
    assert phone.text == "Chào anh/chị\nmột tấm ảnh"
    assert server.complaints == []


async def test_an_independent_client_takes_an_empty_poll_for_nothing(client: Any, server: FakeZaloBot) -> None:
    assert await client.get_update(timeout=5) is None
    server.empty_status = 408
    with pytest.raises(zalo_bot.error.NetworkError):
        await client.get_update(timeout=5)


async def test_an_independent_client_sets_a_webhook(server: FakeZaloBot) -> None:
    took: list[Any] = []

    async def hook(request: web.Request) -> web.Response:
        took.append((request.headers["X-Bot-Api-Secret-Token"], await request.json()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    bot = zalo_bot.Bot(TOKEN, server.base_url.removesuffix("/bot"))
    assert await asyncio.to_thread(bot.set_webhook, url, "a-secret-of-eight")
    for number in range(6):
        Phone(server, "mai").say(f"tin {number}")
    await soon(lambda: len(took) == 6)
    events = [body.get("result", body) for _, body in took]
    assert [event["message"]["text"] for event in events] == [f"tin {number}" for number in range(6)]
    assert {given for given, _ in took} == {"a-secret-of-eight"}
    await runner.cleanup()


async def test_b1_get_me_knows_its_token_alone(server: FakeZaloBot) -> None:
    status, told = await ask(server, "getMe")
    assert (status, told["result"]["account_type"]) == (200, "BASIC")
    status, told = await ask(server, "getMe", token="7:another")
    assert (status, told["ok"], told["error_code"]) == (200, False, 401)


async def test_b2_a_poll_gives_one_event_and_never_again(server: FakeZaloBot) -> None:
    for words in ("một", "hai"):
        Phone(server, "mai").say(words)
    for words in ("một", "hai"):
        _, told = await ask(server, "getUpdates", timeout="30")
        assert told["result"]["message"]["text"] == words
    assert await code(server, "getUpdates", timeout=5) == 408


@pytest.mark.parametrize("status", [200, 408])
async def test_b3_an_empty_poll_ends_with_408(server: FakeZaloBot, status: int) -> None:
    server.empty_status = status
    assert await ask(server, "getUpdates", timeout=5) == (
        status,
        {"ok": False, "error_code": 408, "description": "Request timeout"},
    )


async def test_b4_a_webhook_ends_polling(server: FakeZaloBot) -> None:
    assert await code(server, "setWebhook", url="https://example.vn/hook", secret_token="12345678") == 0
    assert await code(server, "getUpdates", timeout=5) == 400
    assert await code(server, "deleteWebhook") == 0
    assert await code(server, "getUpdates", timeout=5) == 408


@pytest.mark.parametrize(("length", "wanted"), [(7, 400), (8, 0), (256, 0), (257, 400)])
async def test_b5_secrets_have_a_length(server: FakeZaloBot, length: int, wanted: int) -> None:
    assert await code(server, "setWebhook", url="https://example.vn/hook", secret_token="x" * length) == wanted


PRIVATE = ["http://example.vn/hook", "https://localhost/hook", "https://10.0.0.7/hook", "https://127.0.0.1/hook"]


@pytest.mark.parametrize("url", [*PRIVATE, "https://house/hook", "ftp://example.vn", ""])
async def test_b6_a_webhook_is_public_and_https(server: FakeZaloBot, url: str) -> None:
    assert await code(server, "setWebhook", url=url, secret_token="12345678") == 400


@pytest.mark.parametrize(
    ("text", "wanted"), [("", 400), ("x", 0), ("x" * MAX_TEXT, 0), ("x" * (MAX_TEXT + 1), 400), ("🌾" * 1001, 400)]
)
async def test_b7_texts_have_a_length(server: FakeZaloBot, text: str, wanted: int) -> None:
    phone = Phone(server, "mai")
    phone.say("chào")
    assert await code(server, "sendMessage", chat_id=phone.chat.user, text=text) == wanted


async def test_b8_an_action_has_no_result(server: FakeZaloBot) -> None:
    phone = Phone(server, "mai")
    phone.say("chào")
    assert await ask(server, "sendChatAction", chat_id=phone.chat.user, action="typing") == (200, {"ok": True})
    assert await code(server, "sendChatAction", chat_id=phone.chat.user, action="upload_photo") == 400


async def test_b9_a_quota_ends_in_http_200(server: FakeZaloBot) -> None:
    phone = Phone(server, "mai")
    phone.say("chào")
    server.sending.monthly = 1
    assert await code(server, "sendMessage", chat_id=phone.chat.user, text="một") == 0
    assert await ask(server, "sendMessage", chat_id=phone.chat.user, text="hai") == (
        200,
        {"ok": False, "error_code": 429, "description": "Quota exceeded"},
    )


async def test_b16_somebody_else_can_answer(server: FakeZaloBot) -> None:
    server.fail(Fault("getMe", 502, b"<html>502 Bad Gateway</html>"))
    url = f"{server.base_url}{TOKEN}/getMe"
    async with aiohttp.ClientSession() as session, session.post(url) as answer:
        assert (answer.status, await answer.text()) == (502, "<html>502 Bad Gateway</html>")


async def test_b17_forms_queries_and_json_are_the_same(server: FakeZaloBot) -> None:
    phone = Phone(server, "mai")
    phone.say("chào")
    asked = {"chat_id": phone.chat.user, "text": "Chào anh/chị"}
    url = f"{server.base_url}{TOKEN}/sendMessage"
    async with aiohttp.ClientSession() as session:
        for way in ({"data": asked}, {"json": asked}, {"params": asked}):
            async with session.post(url, **way) as answer:  # type: ignore[arg-type]
                assert (await answer.json())["ok"]
    assert phone.text == "\n".join(["Chào anh/chị"] * 3)


@pytest.mark.parametrize("method", ["testWebhook", "editMessageText", "sendTemplate", "sendmessage"])
async def test_what_is_not_documented_is_refused(server: FakeZaloBot, method: str) -> None:
    assert await code(server, method) == 404


async def test_unknown_parameters_and_strangers_are_refused(server: FakeZaloBot) -> None:
    phone = Phone(server, "mai")
    assert await code(server, "sendMessage", chat_id=phone.chat.user, text="chào") == 400  # never wrote to us
    phone.say("chào")
    assert await code(server, "sendMessage", chat_id=phone.chat.user, text="x", reply_markup={}) == 400
    assert await code(server, "getUpdates", timeout=5, offset=3) == 400
    assert len(server.complaints) == 3
