"""A strict Telegram on this machine: refuses what the real one refuses, throttles, blocks, brings again and goes down.

In a test: `async with FakeTelegram() as server`, people are `Phone(server, user)`. As a process of its own:
`python -m tests.platforms.telegram --port 9000`, driven over HTTP (`POST /sim/say`, `/sim/tap`, `/sim/block`,
`/sim/fault`, `GET /sim/screen?user=`), all in JSON. The base URL for a bot is `http://127.0.0.1:PORT/bot`.
"""

import argparse
import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.platforms.clock import Clock
from tests.platforms.serving import Serving
from tests.platforms.telegram_chats import Chats
from tests.platforms.telegram_delivery import Delivery, Hook
from tests.platforms.telegram_methods import Method, Methods
from tests.platforms.telegram_phone import Phone
from tests.platforms.telegram_rules import NAMES, Refusal, bad
from tests.platforms.telegram_sim import Fault, simulate
from tests.platforms.telegram_updates import Updates
from tests.platforms.uploads import large_request

__all__ = ["FakeTelegram", "Fault", "Phone"]
TOKEN = "1:fake"
HARMLESS = ("message is not modified", "query is too old", "can't be deleted")  # double taps, late ones, late wishes
RESTART_429 = json.dumps({"ok": False, "error_code": 429, "description": "Too Many Requests: restart"}).encode()
RESTART_500 = json.dumps({"ok": False, "error_code": 500, "description": "Internal Server Error: restart"}).encode()


@dataclass(frozen=True)
class Asked:
    """One call that came, and how it was answered."""

    method: str
    parameters: dict[str, Any]
    status: int
    description: str = ""


class FakeTelegram(Serving):
    """One bot's Telegram. `asked` remembers the last calls; `clock` can be hurried; `methods.keep_pace` throttles.

    `complaints` tells what a well-behaved bot never does: calls that are refused for their form, and methods named in
    other letters than the reference names them (which the real server takes, and others may not).
    """

    def __init__(self, token: str = TOKEN, clock: Clock | None = None, port: int = 0, remembers: int = 100_000) -> None:
        super().__init__(web.Server(self._serve, access_log=None, request_factory=large_request), port)
        self.token = token
        self.clock = clock or Clock()
        self.updates = Updates(self.clock)
        self.chats = Chats(self.clock, self.updates)
        hooks: dict[str, Method] = {"getUpdates": self.updates.get, "getWebhookInfo": self._webhook_info}
        hooks |= {"setWebhook": self._set_webhook, "deleteWebhook": self._delete_webhook}
        self.methods = Methods(self.chats, self.clock, hooks)
        self.delivery: Delivery | None = None
        self.hook: Hook | None = None
        self.faults: list[Fault] = []
        self._lost: list[tuple[str, dict[str, Any]]] = []
        self.asked: deque[Asked] = deque(maxlen=remembers)
        self.complaints: list[str] = []

    @property
    def base_url(self) -> str:
        """What TELEGRAM_BASE_URL must be."""
        return f"http://127.0.0.1:{self.port}/bot"

    async def __aexit__(self, *_: object) -> None:
        self.updates.interrupt()
        if self.delivery is not None:
            await self.delivery.close()
        await super().__aexit__()

    def calls(self, method: str) -> list[Asked]:
        """The remembered calls of one method."""
        return [asked for asked in self.asked if asked.method == method]

    def fail(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        self.faults.append(fault)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/sim/"):
            return await simulate(self, request)
        if request.path.startswith("/file/"):
            return self._file(request.path)
        parameters = await _parameters(request)
        path = re.fullmatch(r"/bot([^/]*)/(\w+)", request.path)
        method = NAMES.get(path[2].lower(), path[2]) if path else ""
        if path and path[2] != method:
            self.complaints.append(f"{method} is spelt {path[2]}")
        fault = self._fault(method, parameters)
        if fault is not None and fault.slow:
            await asyncio.sleep(fault.slow)
        if fault is not None and fault.status:
            self.asked.append(Asked(method, parameters, fault.status))
            return web.Response(status=fault.status, body=fault.body)
        answer = await self._answered(path[1] if path else "", method, parameters)
        if fault is not None and fault.lost and request.transport is not None:
            request.transport.abort()
        return answer

    def _file(self, path: str) -> web.Response:
        """The bytes of a file that was sent, at the address that getFile gave."""
        held = self.methods.chats.files.get(path.removeprefix(f"/file/bot{self.token}/documents/"))
        return web.Response(body=held) if held is not None else web.Response(status=404, text="Not Found")

    async def _answered(self, token: str, method: str, parameters: dict[str, Any]) -> web.Response:
        try:
            if not re.fullmatch(r"\d+:[\w-]+", token):
                raise Refusal(404, "Not Found")
            if token != self.token:
                raise Refusal(401, "Unauthorized")
            result = await self.methods(method, parameters)
        except Refusal as refusal:
            self.asked.append(Asked(method, parameters, refusal.code, refusal.description))
            if refusal.code not in (403, 429) and not any(words in refusal.description for words in HARMLESS):
                self.complaints.append(f"{method}: {refusal.code} {refusal.description}")
            return web.Response(status=refusal.code, body=refusal.body(), content_type="application/json")
        self.asked.append(Asked(method, parameters, 200))
        body = json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode("utf-8", "replace")
        return web.Response(body=body, content_type="application/json")

    async def _quietly(self, method: str, parameters: dict[str, Any]) -> None:
        await self._answered(self.token, NAMES.get(method.lower(), method), parameters)

    def _fault(self, method: str, parameters: dict[str, Any]) -> Fault | None:
        for fault in self.faults:
            if fault.method in ("", method) and not (fault.lost and (method, parameters) in self._lost):
                if fault.lost:
                    self._lost.append((method, parameters))
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    async def _set_webhook(self, asked: dict[str, Any]) -> Any:
        url, secret = str(asked["url"]), str(asked.get("secret_token", ""))
        at_once = int(asked.get("max_connections") or 40)
        if not url.startswith(("https://", "http://127.0.0.1:")):  # plain HTTP only here, where we are both
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad("secret token contains unallowed characters")
        if not 1 <= at_once <= 100:
            raise bad("max_connections is invalid")
        if asked.get("allowed_updates") is not None:
            allowed = asked["allowed_updates"]
            self.updates.allow(json.loads(allowed) if isinstance(allowed, str) else allowed)
        if Hook(url, secret, at_once) != self.hook:
            await self._delete_webhook(asked)
            self.updates.interrupt()
            self.hook = Hook(url, secret, at_once)
            self.delivery = Delivery(self.updates, self.hook, self._quietly)
        return True

    async def _delete_webhook(self, asked: dict[str, Any]) -> Any:
        if self.delivery is not None:
            await self.delivery.close()
        if str(asked.get("drop_pending_updates", "false")).lower() == "true":
            self.updates.forget_all()
        self.delivery = self.hook = None
        return True

    async def _webhook_info(self, _: dict[str, Any]) -> Any:
        info = {"url": self.hook.url if self.hook else "", "has_custom_certificate": False}
        told = {"last_error_message": self.delivery.last_error} if self.delivery and self.delivery.last_error else {}
        return info | told | {"pending_update_count": len(self.updates.waiting())}


async def _parameters(request: web.BaseRequest) -> dict[str, Any]:
    """Read parameters however they come: query, JSON, form, multipart with files."""
    parameters: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given = json.loads(await request.read() or b"{}")
        return parameters | {name: value for name, value in given.items() if value is not None}
    for name, value in (await request.post()).items():
        parameters[name] = value.file.read() if isinstance(value, web.FileField) else value
    return parameters


async def _run(port: int) -> None:
    async with FakeTelegram(port=port, remembers=1000) as server:
        print(server.base_url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="A strict Telegram on this machine.")
    arguments.add_argument("--port", type=int, default=9000)
    asyncio.run(_run(arguments.parse_args().port))
