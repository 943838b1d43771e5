"""The web chat's routes: a page, posts one way and server-sent events the other. Decides nothing about the talk.

A message stays in the outbox until the page says that it has it: a closed lid, a lost connection or a second tab loses
nothing, and the page drops by its id what comes twice.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from bot.channels.page import NEVER, Page
from bot.channels.visitors import Visitors, bounded, content
from bot.channels.web import NAME, TOKEN, attached, parse, render, seen
from bot.outcomes import Unavailable
from handlers.broadcast_file import MOST
from models.messages import Address, Inbound, Outbound

ATTACHED = ("image/png", "image/jpeg", "application/pdf")
FILES_AT_ONCE = 2
BEAT = 15.0
AWAY = 5
STREAMS = 4  # browsers open at most six connections to one host; two are left for posts
EVENTS = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no", **NEVER}
BUSY = {"Retry-After": str(AWAY), **NEVER}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Road(Protocol):
    """The way in: returns when what came in is kept; raises Unavailable when it cannot be."""

    async def receive(self, inbound: Inbound, /) -> object: ...


class Mailbox(Protocol):
    """What waits for one address. `wait` returns when something was put for it, or after `timeout` seconds.

    `settle` drops rows of this address only, whatever ids it is given. It takes ids and not "all up to": with several
    writers a smaller id may become visible later than a greater one. All three raise Unavailable.
    """

    async def waiting(self, address: Address, /) -> Sequence[tuple[int, Outbound]]: ...

    async def settle(self, address: Address, ids: Sequence[int], /) -> None: ...

    async def wait(self, address: Address, timeout: float, /) -> None: ...  # noqa: ASYNC109 - a wait is its whole work


class WebChat:
    """The chat for browsers: `routes()` for the application, `close()` for its end."""

    def __init__(
        self, road: Road, mailbox: Mailbox, page: Page, visitors: Visitors, now: Callable[[], datetime]
    ) -> None:
        self._road = road
        self._mailbox = mailbox
        self._page = page
        self._visitors = visitors
        self._now = now
        self._attaching = asyncio.Semaphore(FILES_AT_ONCE)
        self._streams: dict[str, list[asyncio.Task[Any]]] = {}

    def routes(self) -> list[web.RouteDef]:
        """All that the browser asks for."""
        return [
            web.get("/", guarded(self._look)),
            web.get("/join/{token}", guarded(self._look)),
            web.get("/go/{token}", guarded(self._look)),
            web.get("/static/{version}/{name}", self._page.part),
            web.get("/chat/events", guarded(self._events), allow_head=False),
            web.post("/chat/say", guarded(self._say)),
            web.post("/chat/seen", guarded(self._seen)),
            web.post("/chat/file/{id}", guarded(self._file)),
        ]

    async def close(self) -> None:
        """End every stream; the pages open them again by themselves, wherever we come back."""
        for task in [task for tasks in self._streams.values() for task in tasks]:
            task.cancel()

    async def _look(self, request: web.Request) -> web.Response:
        token = request.match_info.get("token", "")
        if token and not TOKEN.fullmatch(token):
            raise web.HTTPFound("/")
        response = web.Response(text=self._page.html(token), content_type="text/html", headers=NEVER)
        self._visitors.welcome(request, response)
        return response

    async def _say(self, request: web.Request) -> web.Response:
        address = Address(NAME, self._visitors.user(request))
        payload = await content(request)
        inbound = parse(payload, address, self._now())
        if inbound is None:
            raise web.HTTPBadRequest
        await self._settle(address, seen(payload))
        await self._road.receive(inbound)
        return web.Response(status=204, headers=NEVER)

    async def _seen(self, request: web.Request) -> web.Response:
        address = Address(NAME, self._visitors.user(request))
        payload = await content(request)
        await self._settle(address, seen(payload))
        asks = isinstance(payload, dict) and payload.get("ask") is True
        waiting = await self._mailbox.waiting(address) if asks else ()
        return web.json_response({"messages": [render(id, outbound) for id, outbound in waiting]}, headers=NEVER)

    async def _file(self, request: web.Request) -> web.Response:
        """Take a file, a few at a time. Whether anybody asked for it is decided where it is looked at."""
        address = Address(NAME, self._visitors.user(request))
        if request.content_type not in ATTACHED:
            raise web.HTTPUnsupportedMediaType
        async with self._attaching:
            body = await bounded(request, MOST)
            inbound = attached(request.match_info["id"], request.content_type, body, Inbound("", address, self._now()))
            if inbound is None:
                raise web.HTTPBadRequest
            await self._road.receive(inbound)
        return web.Response(status=204, headers=NEVER)

    async def _settle(self, address: Address, ids: Sequence[int]) -> None:
        if ids:
            await self._mailbox.settle(address, ids)

    # ---- the stream

    async def _events(self, request: web.Request) -> web.StreamResponse:
        address = Address(NAME, self._visitors.user(request))
        if (last := request.headers.get("Last-Event-ID", "")).isascii() and last.isdigit():
            await self._settle(address, seen({"seen": [int(last[:20])]}))
        response = web.StreamResponse(headers=EVENTS)
        await response.prepare(request)
        self._admit(address.user)
        try:
            await self._pour(response, address)
        except (ConnectionResetError, Unavailable):
            pass  # the usual end of a stream: somebody put the phone away; the page opens another
        finally:
            self._dismiss(address.user)
        return response

    def _admit(self, user: str) -> None:
        task = asyncio.current_task()
        assert task is not None  # a request is always served by a task
        self._streams.setdefault(user, []).append(task)

    def _dismiss(self, user: str) -> None:
        mine = asyncio.current_task()
        left = [task for task in self._streams.get(user, ()) if task is not mine]
        self._streams[user] = left
        if not left:
            del self._streams[user]

    def _crowded(self, user: str) -> bool:
        return asyncio.current_task() not in self._streams[user][-STREAMS:]

    async def _pour(self, response: web.StreamResponse, address: Address) -> None:
        given: set[int] = set()
        await response.write(b"retry: 2000\n\n" + await self._news(address, given) + signal("ready"))
        beaten = time.monotonic()
        while not self._crowded(address.user):
            woken = asyncio.ensure_future(self._mailbox.wait(address, BEAT))
            await asyncio.sleep(0)  # it listens from here on, so nothing falls between the reading and the waiting
            try:
                news = await self._news(address, given)
                if not news and time.monotonic() - beaten >= BEAT - 1:
                    news = signal("beat")
                if news:
                    await response.write(news)
                    beaten = time.monotonic()
                await woken
            except Unavailable:
                await asyncio.sleep(AWAY)
            finally:
                woken.cancel()
        await response.write(signal("replaced"))

    async def _news(self, address: Address, given: set[int]) -> bytes:
        fresh = [(id, outbound) for id, outbound in await self._mailbox.waiting(address) if id not in given]
        given.update(id for id, _ in fresh)
        return b"".join(event(id, render(id, outbound)) for id, outbound in fresh)


def signal(name: str) -> bytes:
    """One event that says nothing but its name. A comment would do for proxies, but pages cannot hear comments."""
    return f"event: {name}\ndata: 1\n\n".encode()


def event(id: int, message: dict[str, Any]) -> bytes:
    """One server-sent event; its id comes back as `Last-Event-ID` when the browser connects again."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return f"id: {id}\ndata: {body}\n\n".encode()


def guarded(answer: Answer) -> Answer:
    """Put the protective headers on refusals too, and tell the page to come back while the database is away."""

    async def guard(request: web.Request) -> web.StreamResponse:
        try:
            return await answer(request)
        except Unavailable:
            return web.Response(status=503, headers=BUSY)
        except web.HTTPException as refusal:
            refusal.headers.update({name: value for name, value in NEVER.items() if name not in refusal.headers})
            raise

    return guard
