"""The fake Telegram is as strict as the list it was built from: refusals, queues, retries, expiry, pace."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.platforms.clock import Clock, soon
from tests.platforms.telegram import FakeTelegram, Phone
from tests.platforms.telegram_methods import NOT_MODIFIED, Pace

Ask = Callable[..., Awaitable[Any]]
ME = 5550001234
KEYS = {"inline_keyboard": [[{"text": "Có", "callback_data": "1.co"}]]}
PNG = b"\x89PNG"


@pytest.fixture
async def platform() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=Clock(1000.0)) as platform:
        yield platform


@pytest.fixture
async def phone(platform: FakeTelegram) -> Phone:
    phone = Phone(platform, ME)
    await phone.start()
    return phone


@pytest.fixture
async def ask(platform: FakeTelegram) -> AsyncIterator[Ask]:
    """Call a method with a JSON body; gives the result, or "code description"."""
    async with aiohttp.ClientSession() as session:

        async def asking(method: str, **parameters: Any) -> Any:
            async with session.post(f"{platform.base_url}{platform.token}/{method}", json=parameters) as answer:
                told = await answer.json()
            return told["result"] if told["ok"] else f"{answer.status} {told['description']}"

        yield asking


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"text": " "}, "400 Bad Request: message text is empty"),
    ({"text": "x" * 4097}, "400 Bad Request: message is too long"),
    ({"text": "😀" * 2049}, "400 Bad Request: message is too long"),
    ({"text": "x", "chat_id": ""}, "400 Bad Request: chat_id is empty"),
    ({"text": "x", "chat_id": 6}, "400 Bad Request: chat not found"),
    ({"text": "x", "chat_id": "@nobody"}, "400 Bad Request: chat not found"),
    ({"text": "<b>x", "parse_mode": "HTML"}, "400 Bad Request: can't parse entities"),
    ({"text": "1 < 2", "parse_mode": "HTML"}, "400 Bad Request: can't parse entities"),
    ({"text": "<p>x</p>", "parse_mode": "HTML"}, "400 Bad Request: can't parse entities"),
    ({"text": "<b><i>x</b></i>", "parse_mode": "HTML"}, "400 Bad Request: can't parse entities"),
    ({"text": "x", "colour": "red"}, '400 Bad Request: unknown parameter "colour"'),
    ({"text": "x", "reply_markup": {"inline_keyboard": {}}}, "400 Bad Request: field"),
    ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, "400 Bad Request: can't parse inline"),
    (
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "đ" * 33}]]}},
        "400 Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "http://localhost"}]]}},
        "400 Bad Request: inline keyboard button URL",
    ),
    (
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}] * 9]}},
        "400 Bad Request: reply markup is too long",
    ),
]


@pytest.mark.parametrize(("asked", "answer"), REFUSALS)
async def test_what_is_refused(ask: Ask, phone: Phone, asked: dict[str, Any], answer: str) -> None:
    assert str(await ask("sendMessage", **{"chat_id": ME, **asked})).startswith(answer)


async def test_edits(ask: Ask, phone: Phone) -> None:
    mine = (await ask("sendMessage", chat_id=ME, text="x", reply_markup=KEYS))["message_id"]
    where = {"chat_id": ME, "message_id": mine}
    assert await ask("editMessageText", **where, text="x", reply_markup=KEYS) == f"400 Bad Request: {NOT_MODIFIED}"
    assert "reply_markup" not in await ask("editMessageText", **where, text="x")
    assert phone.screen.keyboard == []
    assert (
        await ask("editMessageText", chat_id=ME, message_id=99, text="x")
        == "400 Bad Request: message to edit not found"
    )
    theirs = (await phone.send("y")).id
    assert (
        await ask("editMessageText", chat_id=ME, message_id=theirs, text="x")
        == "400 Bad Request: message can't be edited"
    )
    assert await ask("deleteMessage", chat_id=ME, message_id=99) == "400 Bad Request: message to delete not found"


async def test_tokens_and_methods(platform: FakeTelegram, ask: Ask) -> None:
    assert await ask("GETME") == await ask("getMe")
    assert platform.complaints == ["getMe is spelt GETME"]
    assert await ask("getMeNot") == "404 Not Found: method not found"
    assert platform.complaints[1:] == ["getMeNot: 404 Not Found: method not found"]
    platform.token = "1:other"
    async with aiohttp.ClientSession() as session:
        for token, status in (("1:fake", 401), ("nonsense", 404)):
            async with session.get(f"{platform.base_url}{token}/getMe") as answer:
                assert answer.status == status


async def test_forms_files_and_queries(platform: FakeTelegram, phone: Phone) -> None:
    url = f"{platform.base_url}1:fake/"
    form = aiohttp.FormData({"chat_id": str(ME), "caption": "ảnh", "reply_markup": json.dumps(KEYS)})
    form.add_field("photo", PNG, filename="a.png")
    attached = aiohttp.FormData({"chat_id": str(ME), "photo": "attach://one"})
    attached.add_field("one", PNG, filename="a.png")
    async with aiohttp.ClientSession() as session:
        for data in (form, attached):
            async with session.post(url + "sendPhoto", data=data) as answer:
                assert (await answer.json())["result"]["photo"]
        async with session.post(url + "sendMessage", data={"chat_id": str(ME), "text": "đ"}) as answer:
            assert answer.status == 200
        async with session.get(url + "sendMessage", params={"chat_id": str(ME), "text": "câu"}) as answer:
            assert answer.status == 200
    assert phone.chat.history == ["ảnh", "", "đ", "câu"]


async def test_a_tap_is_answered_once_and_in_time(platform: FakeTelegram, ask: Ask, phone: Phone) -> None:
    await ask("sendMessage", chat_id=ME, text="x", reply_markup=KEYS)
    name = await phone.tap("Có")
    late = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await ask("answerCallbackQuery", callback_query_id=name) is True
    assert await ask("answerCallbackQuery", callback_query_id=name) == late
    name = await phone.tap(0)
    platform.clock.skip(151)
    assert await ask("answerCallbackQuery", callback_query_id=name) == late


async def test_people_who_cannot_be_written_to(platform: FakeTelegram, ask: Ask, phone: Phone) -> None:
    stranger = Phone(platform, 6)
    assert (await ask("sendMessage", chat_id=6, text="x")).startswith("403 Forbidden: bot can't initiate")
    await stranger.start()
    stranger.block()
    assert await ask("sendMessage", chat_id=6, text="x") == "403 Forbidden: bot was blocked by the user"
    stranger.unblock()
    stranger.chat.deactivated = True
    assert await ask("sendMessage", chat_id=6, text="x") == "403 Forbidden: user is deactivated"
    kinds = [next(key for key in update if key != "update_id") for update in await ask("getUpdates")]
    assert kinds == ["message", "message", "my_chat_member", "my_chat_member"]


async def test_offsets_confirm(platform: FakeTelegram, ask: Ask, phone: Phone) -> None:
    for n in range(4):
        await phone.send(str(n))
    first = (await ask("getUpdates"))[0]["update_id"]
    platform.clock.skip(4)
    assert len(await ask("getUpdates", limit=2)) == 2
    assert len(await ask("getUpdates", offset=first + 2)) == 3
    assert [update["message"]["text"] for update in await ask("getUpdates", offset=-1)] == ["3"]
    assert len(platform.updates.waiting()) == 1


async def test_long_polls_and_conflicts(platform: FakeTelegram, ask: Ask, phone: Phone) -> None:
    offset = (await ask("getUpdates"))[-1]["update_id"] + 1
    assert await ask("getUpdates", offset=offset, timeout=5) == []
    platform.clock.speed = 1.0
    first = asyncio.ensure_future(ask("getUpdates", timeout=40))
    await asyncio.sleep(0.05)
    second = asyncio.ensure_future(ask("getUpdates", timeout=40))
    assert str(await first).startswith("409 Conflict: terminated by other getUpdates request")
    await phone.send("x")
    assert len(await second) == 1
    await ask("setWebhook", url="https://a.vn/x")
    assert str(await ask("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook is active")


async def test_allowed_updates_count_when_an_update_is_made(platform: FakeTelegram, ask: Ask, phone: Phone) -> None:
    await ask("getUpdates", allowed_updates=["callback_query"])
    message = await phone.send("not asked for")
    await ask("getUpdates", allowed_updates=[])
    phone.change(message, "edited")
    platform.clock.skip(4)
    assert [list(update)[1] for update in await ask("getUpdates")] == ["message", "edited_message"]


async def test_updates_grow_old(platform: FakeTelegram, ask: Ask, phone: Phone) -> None:
    await ask("sendMessage", chat_id=ME, text="x", reply_markup=KEYS)
    await phone.tap("Có")
    platform.clock.skip(151)
    assert ["message" in update for update in await ask("getUpdates")] == [True]
    platform.clock.skip(86_400)
    assert await ask("getUpdates", timeout=1) == []


async def test_pace(platform: FakeTelegram, ask: Ask, phone: Phone) -> None:
    platform.clock.speed = 1.0
    platform.methods.keep_pace(Pace(chat=0.5, chat_burst=1))
    await ask("sendMessage", chat_id=ME, text="x")
    assert await ask("sendMessage", chat_id=ME, text="x") == "429 Too Many Requests: retry after 2"
    platform.clock.skip(2)
    assert isinstance(await ask("sendMessage", chat_id=ME, text="x"), dict)


@asynccontextmanager
async def receiver(answers: Callable[[dict[str, Any]], web.Response]) -> AsyncIterator[str]:
    async def hook(request: web.BaseRequest) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s"
        return answers(await request.json())

    runner = web.ServerRunner(web.Server(hook), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def empty(platform: FakeTelegram) -> None:
    await soon(lambda: not platform.updates.waiting())


async def test_a_queue_keeps_its_order_and_does_not_hold_up_another(
    platform: FakeTelegram, ask: Ask, phone: Phone
) -> None:
    taken: list[str] = []

    def answers(update: dict[str, Any]) -> web.Response:
        text = update["message"]["text"]
        if text == "khó" and taken.count("khó!") < 3:
            taken.append("khó!")
            return web.Response(status=500)
        taken.append(text)
        return web.Response()

    async with receiver(answers) as url:
        await phone.send("khó")
        await phone.send("sau")
        await Phone(platform, 7).send("khác")
        await ask("setWebhook", url=url, secret_token="s")
        await empty(platform)
        assert (await ask("getWebhookInfo"))["last_error_message"].startswith("Wrong response from the webhook: 500")
    assert [text for text in taken if text != "khác"] == ["/start", "khó!", "khó!", "khó!", "khó", "sau"]
    assert taken.index("khác") < taken.index("khó")


async def test_retry_after_is_honoured_and_the_old_is_dropped(platform: FakeTelegram, ask: Ask, phone: Phone) -> None:
    times: list[float] = []

    def answers(update: dict[str, Any]) -> web.Response:
        times.append(platform.clock.now())
        waits = {"Retry-After": "100"} if len(times) == 1 else {"Retry-After": "99999"}
        return web.Response(status=503, headers=waits)

    async with receiver(answers) as url:
        await ask("setWebhook", url=url, secret_token="s")
        await asyncio.sleep(0.15)
        assert 100 <= times[1] - times[0] < 150
        platform.clock.skip(86_400)
        await empty(platform)
    assert platform.updates.expired == 1


async def test_lost_answers_bring_an_update_again_and_replies_may_be_calls(
    platform: FakeTelegram, ask: Ask, phone: Phone
) -> None:
    seen: list[int] = []

    def answers(update: dict[str, Any]) -> web.Response:
        seen.append(update["update_id"])
        return web.json_response({"method": "sendMessage", "chat_id": ME, "text": "đáp"})

    async with receiver(answers) as url:
        await ask("setWebhook", url=url, secret_token="s")
        assert platform.delivery is not None
        platform.delivery.again = 1.0
        await soon(lambda: len(seen) > 1)
        platform.delivery.again = 0.0
        await empty(platform)
    assert len(set(seen)) == 1
    assert phone.screen.text == "đáp"


async def test_it_can_be_driven_from_another_process(platform: FakeTelegram, ask: Ask) -> None:
    sim = platform.base_url.removesuffix("bot") + "sim/"
    async with aiohttp.ClientSession() as session:
        await session.post(sim + "say", json={"user": 9, "text": "xin chào"})
        await ask("sendMessage", chat_id=9, text="Chào", reply_markup=KEYS)
        async with session.post(sim + "tap", json={"user": 9, "text": "Có"}) as answer:
            assert (await answer.json())["version"] == 1
        async with session.post(sim + "tap", json={"user": 9, "text": "Không"}) as answer:
            assert answer.status == 404
        async with session.get(sim + "screen", params={"user": 9}) as answer:
            assert (await answer.json())["text"] == "Chào"
        await session.post(sim + "fault", json={"method": "getMe", "status": 500, "body": "{}"})
        async with session.get(f"{platform.base_url}1:fake/getMe") as answer:
            assert answer.status == 500
