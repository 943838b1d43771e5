"""What goes wrong on the fake Telegram, and the driving side for another process, over HTTP in JSON."""

import json
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from tests.platforms.telegram_chats import Chats
from tests.platforms.telegram_phone import Phone


@dataclass
class Fault:
    """Something that goes wrong for the next `times` calls of `method` ("" is any).

    `status` and `body` answer instead; `lost` carries the call out and drops the connection, but never of the same call
    twice: a message whose answer is lost again is given up; `slow` waits that many real seconds first.
    """

    method: str = ""
    status: int = 0
    body: bytes = b""
    times: int = 1
    lost: bool = False
    slow: float = 0.0


class Platform(Protocol):
    """What can be driven."""

    chats: Chats

    def fail(self, fault: Fault) -> None: ...


async def simulate(platform: Platform, request: web.BaseRequest) -> web.Response:
    """Let a person say, tap, block or unblock; answer with the person's screen."""
    asked = dict(request.query) if request.method == "GET" else json.loads(await request.read())
    act = request.path.removeprefix("/sim/")
    if act == "fault":
        platform.fail(Fault(**{**asked, "body": str(asked.get("body", "")).encode()}))
        return web.json_response({})
    phone = Phone(platform, int(asked["user"]))
    try:
        await _do(phone, act, str(asked.get("text", "")))
    except LookupError as missing:
        return web.json_response({"error": str(missing)}, status=404)
    screen = phone.chat.screen
    seen = {"version": phone.chat.version, "text": screen.text if screen else ""}
    return web.json_response(seen | {"keyboard": screen.keyboard if screen else []})


async def _do(phone: Phone, act: str, text: str) -> None:
    if act == "say":
        await phone.send(text)
    elif act == "tap":
        await phone.tap(text)
    elif act == "block":
        phone.block()
    elif act == "unblock":
        phone.unblock()
