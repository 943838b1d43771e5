"""The web chat's HTTP: what our page would never send is refused, and nobody touches what is another's."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from bot.channels.page import Page
from bot.channels.visitors import HEADER, Pace, Visitors
from bot.channels.web import language_of, parse, render
from bot.channels.web_chat import WebChat
from locales import phrases
from models.messages import Address, Button, Inbound, Outbound, Picture
from tests.browser.echo import Room, welcome

AT = datetime(2020, 1, 6, 1, 0, tzinfo=UTC)
LAN = Address("web", "lan")
ID = "0123456789abcdef"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\0\xb4"


class Browser:
    """Somebody's browser: a cookie of its own and the headers that our page would send."""

    def __init__(self, server: TestServer) -> None:
        self.session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self._server = server

    async def open(self, path: str = "/", **given: Any) -> ClientResponse:
        """Get something."""
        return await self.session.get(self._server.make_url(path), **given)

    async def post(self, path: str, content: object, headers: dict[str, str] | None = None) -> ClientResponse:
        """Post as our page posts."""
        sent = {HEADER: "1", "Content-Type": "application/json"} if headers is None else headers
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return await self.session.post(self._server.make_url(path), data=body, headers=sent)

    async def say(self, **content: object) -> int:
        """Say something and tell how it was taken."""
        return (await self.post("/chat/say", {"id": ID, **content})).status

    async def waiting(self, *seen: object) -> list[dict[str, Any]]:
        """Acknowledge, and ask what is left."""
        answer = await self.post("/chat/seen", {"seen": list(seen), "ask": True})
        messages: list[dict[str, Any]] = (await answer.json())["messages"]
        return messages


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
async def server(room: Room) -> AsyncIterator[TestServer]:
    page = Page(phrases.load(), "Liên đoàn <Lao động>")
    chat = WebChat(room, room, page, Visitors(pace=Pace(burst=60)), lambda: AT)
    app = web.Application()
    app.add_routes(chat.routes())
    app.on_shutdown.append(lambda _: chat.close())
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def lan(server: TestServer) -> AsyncIterator[Browser]:
    """A worker whose page is open."""
    browser = Browser(server)
    await browser.open()
    yield browser
    await browser.session.close()


@pytest.fixture
async def eve(server: TestServer) -> AsyncIterator[Browser]:
    """Somebody with bad intentions, whose page is open too."""
    browser = Browser(server)
    await browser.open()
    yield browser
    await browser.session.close()


# ---- the page


async def test_the_page_is_fenced_in(lan: Browser) -> None:
    page = await lan.open("/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Liên đoàn &lt;Lao động&gt;" in await page.text()


@pytest.mark.parametrize("path", ["join", "go"])
async def test_looking_at_a_link_uses_nothing_up(lan: Browser, room: Room, path: str) -> None:
    page = await lan.open(f"/{path}/Abc-123_x")
    assert 'data-start="Abc-123_x"' in await page.text()
    assert room.heard == []


@pytest.mark.parametrize("token", ["x" * 65, "%22%3E%3Cscript%3E", "a%20b", "á"])
async def test_what_is_no_token_leads_home_and_is_not_echoed(lan: Browser, token: str) -> None:
    page = await lan.open(f"/join/{token}", allow_redirects=False)
    assert (page.status, page.headers["Location"]) == (302, "/")


async def test_static_files_are_kept_by_browsers_and_named_by_content(lan: Browser, server: TestServer) -> None:
    version = Page(phrases.load(), "").version
    script = await lan.open(f"/static/{version}/chat.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["Cache-Control"]
    assert script.headers["X-Content-Type-Options"] == "nosniff"
    old = await lan.open("/static/000000000000/chat.js")
    assert old.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/index.html",
        "/static/x/..%2fweb.py",
        "/static/x/%2e%2e%2f%2e%2e%2fsettings.py",
        "/static/x/..%5cweb.py",
        "/static/x/%2fetc%2fpasswd",
        "/static/x/chat.js%00.css",
        "/static/../web.py",
        "/static/x/",
    ],
)
async def test_no_path_leads_out_of_the_static_files(server: TestServer, path: str) -> None:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.split()[1] in {b"404", b"400"}
    assert b"import" not in answer


# ---- who is there


async def test_the_database_never_hears_the_cookie(lan: Browser, room: Room) -> None:
    assert await lan.say(text="chào") == 204
    cookie = next(iter(lan.session.cookie_jar))
    assert cookie.key == "langnghe"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    user = room.heard[0].sender.user
    assert len(user) == 32
    assert cookie.value not in repr(room.heard)


async def test_over_https_the_cookie_is_for_this_host_alone(room: Room) -> None:
    visitors = Visitors("https://langnghe.example")
    chat = WebChat(room, room, Page(phrases.load(), ""), visitors, lambda: AT)
    app = web.Application()
    app.add_routes(chat.routes())
    async with TestServer(app) as server, ClientSession() as session:
        answer = await session.get(server.make_url("/"))
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-langnghe=")
    assert "; Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("cookie", ["", "short", "a" * 42, "a" * 44, "a" * 42 + "/", "á" * 43])
async def test_a_made_up_cookie_is_nobody(server: TestServer, room: Room, cookie: str) -> None:
    headers = {HEADER: "1", "Content-Type": "application/json", "Cookie": f"langnghe={cookie}"}
    async with ClientSession() as session:
        for path in ("/chat/say", "/chat/seen"):
            answer = await session.post(server.make_url(path), json={"id": ID, "text": "chào"}, headers=headers)
            assert answer.status == 401
        assert (await session.get(server.make_url("/chat/events"), headers=headers)).status == 401
    assert room.heard == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {HEADER: "1", "Content-Type": "application/json", "Origin": "https://evil.example"},
        {HEADER: "1", "Content-Type": "application/json", "Origin": "null"},
        {HEADER: "1", "Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"},
        {HEADER: "1", "Content-Type": "application/json", "Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_page_cannot_speak_for_its_visitor(lan: Browser, room: Room, headers: dict[str, str]) -> None:
    for path in ("/chat/say", "/chat/seen"):
        answer = await lan.post(path, {"id": ID, "text": "đồng ý"}, headers)
        assert answer.status == 403
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert room.heard == []


async def test_another_page_cannot_listen(lan: Browser) -> None:
    answer = await lan.open("/chat/events", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403


async def test_a_plain_form_is_not_taken(lan: Browser, room: Room) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        answer = await lan.post("/chat/say", {"id": ID, "text": "x"}, {HEADER: "1", "Content-Type": kind})
        assert answer.status == 415
    assert room.heard == []


# ---- what is said


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 30000, b"NaN", b"[]", b'"x"', b"1" * 5000, b'{"id":"0123456789","text":"x"', b"{}"],
)
async def test_what_is_no_message_is_refused(lan: Browser, room: Room, body: bytes) -> None:
    assert (await lan.post("/chat/say", body)).status == 400
    assert room.heard == []


@pytest.mark.parametrize(
    "content",
    [
        {"text": 5},
        {"text": None},
        {"text": ["x"]},
        {"text": "   "},
        {"tap": ""},
        {"tap": "đ"},
        {"tap": "x" * 65},
        {"start": "a b"},
        {"start": "x" * 65},
        {"start": 7},
        {"text": "a", "tap": "1.b"},
        {"text": "a", "screen": "1.b"},
        {"text": "a", "screen": 5},
        {"text": "a", "id": "short"},
        {"text": "a", "id": "0123456789/../"},
        {"text": "a", "id": 123456789},
        {"text": "a", "id": ["0123456789"]},
        {},
    ],
)
async def test_wrong_types_are_refused(lan: Browser, room: Room, content: dict[str, object]) -> None:
    assert await lan.say(**content) == 400
    assert room.heard == []


async def test_too_much_is_refused_announced_or_not(lan: Browser, server: TestServer, room: Room) -> None:
    assert await lan.say(text="x" * 70_000) == 413

    async def drops() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    headers = {HEADER: "1", "Content-Type": "application/json"}
    answer = await lan.session.post(server.make_url("/chat/say"), data=drops(), headers=headers)
    assert answer.status == 413
    assert room.heard == []


async def test_four_thousand_letters_arrive_whole(lan: Browser, room: Room) -> None:
    text = "ữ" * 4000
    assert await lan.say(text=text) == 204
    assert room.heard[0].text == text


async def test_haste_is_slowed_down_and_told_until_when(server: TestServer, lan: Browser, eve: Browser) -> None:
    answers = await asyncio.gather(*(eve.post("/chat/seen", {}) for _ in range(70)))
    late = [answer for answer in answers if answer.status == 429]
    assert 5 <= len(late) <= 11
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in late)
    assert await lan.say(text="tôi vẫn nói được") == 204


def test_the_pace_recovers_with_time() -> None:
    time = [0.0]
    pace = Pace(burst=2, seconds=10.0, clock=lambda: time[0])
    assert [pace.wait("a"), pace.wait("a")] == [0.0, 0.0]
    assert pace.wait("a") == pytest.approx(5.0)
    time[0] = 5.0
    assert [pace.wait("a"), pace.wait("b")] == [0.0, 0.0]


async def test_one_id_is_one_message_and_nobody_can_use_up_anothers(lan: Browser, eve: Browser, room: Room) -> None:
    assert await eve.say(text="cướp chỗ") == 204
    assert await lan.say(text="tiếng nói của tôi") == 204
    assert await lan.say(text="tiếng nói của tôi") == 204
    assert [heard.text for heard in room.heard] == ["cướp chỗ", "tiếng nói của tôi"]


async def test_a_database_that_is_away_says_when_to_come_back(lan: Browser, room: Room) -> None:
    room.down = True
    answer = await lan.post("/chat/say", {"id": ID, "text": "chào"})
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert (await lan.post("/chat/seen", {"ask": True})).status == 503


# ---- what is heard


async def test_nobody_acknowledges_or_reads_what_is_anothers(lan: Browser, eve: Browser, room: Room) -> None:
    await lan.say(text="/start")
    await eve.say(text="x")
    mine = await lan.waiting()
    assert len(mine) == 1
    left = await eve.waiting(mine[0]["id"], 1, 2, 3)
    assert left == []
    async with await eve.open("/chat/events", headers={"Last-Event-ID": str(mine[0]["id"])}) as stream:
        assert await event(stream) == {"event": "ready", "data": "1"}
    assert await lan.waiting() == mine
    assert await lan.waiting(mine[0]["id"]) == []


@pytest.mark.parametrize("seen", [[True], ["1"], [None], [-1], [1.0], [2**70], [[1]], "1", 1, {"1": 1}])
async def test_odd_acknowledgements_acknowledge_nothing(lan: Browser, seen: object) -> None:
    await lan.say(text="/start")
    assert (await lan.post("/chat/seen", {"seen": seen})).status == 200
    assert len(await lan.waiting()) == 1


async def test_the_stream_gives_what_waits_then_what_comes(lan: Browser, room: Room) -> None:
    await lan.say(text="/start")
    async with await lan.open("/chat/events") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        first = await event(stream)
        assert first["id"] == "1"
        assert json.loads(first["data"])["title"] == "Công đoàn muốn nghe anh/chị"
        assert (await event(stream))["event"] == "ready"
        room.put(Outbound(room.heard[0].sender, "dòng một\r\n\n\u2028data: giả"))
        second = await event(stream)
    assert json.loads(second["data"])["text"] == "dòng một\r\n\n\u2028data: giả"
    assert len(await lan.waiting()) == 2


async def test_a_stream_opened_again_acknowledges_its_last_event(lan: Browser) -> None:
    await lan.say(text="/start")
    async with await lan.open("/chat/events", headers={"Last-Event-ID": "1"}) as stream:
        assert (await event(stream))["event"] == "ready"
    for odd in ("x", "-1", "9" * 400, "²"):
        async with await lan.open("/chat/events", headers={"Last-Event-ID": odd}) as stream:
            assert stream.status == 200


async def test_a_fifth_stream_takes_the_place_of_the_oldest(lan: Browser, room: Room) -> None:
    await lan.say(text="/start")
    streams = [await lan.open("/chat/events") for _ in range(5)]
    for stream in streams:
        assert [(await event(stream)).get("event") for _ in range(2)] == [None, "ready"]
    room.put(Outbound(room.heard[0].sender, "mới"))
    last = await event(streams[0])
    while "id" in last:  # whether the news comes before its end is a matter of moments
        last = await event(streams[0])
    assert last["event"] == "replaced"
    for stream in streams[1:]:
        assert "mới" in (await event(stream))["data"]
    for stream in streams:
        stream.close()


async def event(stream: ClientResponse) -> dict[str, str]:
    """Read one event."""
    lines: dict[str, str] = {}
    async with asyncio.timeout(5):
        while line := (await stream.content.readline()).decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            lines[name] = value
    return await event(stream) if set(lines) == {"retry"} else lines


# ---- translation


def test_an_empty_start_is_a_first_look() -> None:
    inbound = parse({"id": ID, "start": ""}, LAN, AT)
    assert inbound == Inbound(id=inbound.id if inbound else "", sender=LAN, at=AT, text="/start")


def test_half_an_emoji_and_nul_are_no_text() -> None:
    inbound = parse({"id": ID, "text": "a\ud83d\x00b"}, LAN, AT)
    assert inbound is not None
    assert inbound.text == "a?b"


def test_what_is_empty_is_not_sent() -> None:
    assert render(7, Outbound(LAN, "Chào anh/chị")) == {"id": 7, "text": "Chào anh/chị", "lang": "vi"}


def test_a_picture_travels_with_its_words_and_size() -> None:
    message = render(7, Outbound(LAN, "", picture=Picture(PNG, "Biểu đồ")))
    assert message["picture"]["alt"] == "Biểu đồ"
    assert (message["picture"]["width"], message["picture"]["height"]) == (640, 180)
    assert message["picture"]["src"].startswith("data:image/png;base64,")


def test_only_pages_are_linked_to() -> None:
    rows = tuple(
        (Button("x", "", url=url),) for url in ("https://a.example", "/desk", "javascript:alert(1)", "//b.example")
    )
    message = render(7, Outbound(LAN, "", buttons=rows))
    assert [[button["url"] for button in row] for row in message["buttons"]] == [
        ["https://a.example"],
        ["/desk"],
        [],
        [],
    ]


def test_a_tick_that_is_off_is_told_too() -> None:
    message = render(7, Outbound(LAN, "", buttons=((Button("x", "1.x", 1, chosen=False),),)))
    assert message["buttons"] == [[{"label": "x", "tap": "1.x", "number": 1, "chosen": False}]]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_long_phrase_of_ours_is_known_by_its_language(language: str) -> None:
    texts = [text for text in phrases.load().texts[language].values() if len(text.split()) > 12]
    assert texts
    assert [text for text in texts if language_of(text) != language] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (welcome(LAN).text, "vi"),
        ("", "vi"),
        ("12 / 40", "vi"),
        ("Your unit: Công đoàn cơ sở Chiềng Sinh. What you say is counted with others of the unit only.", "en"),
        ("Thank you.", "en"),
    ],
)
def test_a_screen_reader_is_told_the_language(text: str, language: str) -> None:
    assert language_of(text) == language
