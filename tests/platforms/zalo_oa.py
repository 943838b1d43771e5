"""A strict Zalo Official Account on this machine: refuses what the real one refuses, bills, turns tokens over.

In a test: `async with FakeZaloOA() as server`, people are `Phone(server, user)`. As a process of its own:
`python -m tests.platforms.zalo_oa --port 9000 --hook URL`, driven over HTTP (`POST /sim/say`, `/sim/follow`,
`/sim/unfollow`, `/sim/fault`, `GET /sim/screen?user=`), all in JSON. Both base URLs are `http://127.0.0.1:PORT`.

That our own client gets on with it shows that we are of one mind with ourselves, not that Zalo agrees: what is invented
is said in each file.
"""

import argparse
import asyncio
import json
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.platforms.clock import Clock
from tests.platforms.serving import Serving
from tests.platforms.zalo_oa_api import Api
from tests.platforms.zalo_oa_hooks import Hooks
from tests.platforms.zalo_oa_oauth import Oauth
from tests.platforms.zalo_oa_people import People
from tests.platforms.zalo_oa_phone import Phone
from tests.platforms.zalo_oa_rules import Refusal

__all__ = ["APP_ID", "APP_SECRET", "OA_SECRET", "FakeZaloOA", "Fault", "Phone"]

APP_ID, APP_SECRET, OA_SECRET = "4318657068771012646", "app-secret-canary", "oa-secret-key-canary"
ACCOUNT = "388613280878808645"
TOKEN = "/v4/oa/access_token"
A_MINUTE = 4000


@dataclass
class Fault:
    """Something that goes wrong for the next `times` calls of `path` ("" is any).

    `code` refuses under HTTP 200; `status` and `body` answer instead; `lost` carries the call out and drops the
    connection; `slow` waits that many real seconds first.
    """

    path: str = ""
    code: int = 0
    status: int = 0
    body: bytes = b""
    times: int = 1
    lost: bool = False
    slow: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One call that came, and how it was answered (0: taken)."""

    path: str
    body: dict[str, Any]
    code: int


class FakeZaloOA(Serving):
    """One app with one account. `complaints` tells what a well-behaved client never does."""

    def __init__(self, clock: Clock | None = None, port: int = 0, remembers: int = 100_000) -> None:
        super().__init__(web.Server(self._serve, access_log=None), port)
        self.clock = clock or Clock()
        self.people = People(self.clock)
        self.hooks = Hooks(self.clock, APP_ID, OA_SECRET, ACCOUNT)
        self.oauth = Oauth(self.clock, APP_ID, APP_SECRET)
        self.complaints: list[str] = []
        self.api = Api(self.clock, self.people, self.complaints)
        self.faults: list[Fault] = []
        self.asked: deque[Asked] = deque(maxlen=remembers)
        self._minute, self._calls = 0, 0

    @property
    def base_url(self) -> str:
        """What ZALO_OA_BASE_URL and ZALO_OAUTH_BASE_URL must be."""
        return f"http://127.0.0.1:{self.port}"

    async def __aexit__(self, *_: object) -> None:
        await self.hooks.close()
        await super().__aexit__()

    def calls(self, path: str) -> list[Asked]:
        """The remembered calls of one path."""
        return [asked for asked in self.asked if asked.path == path]

    def fail(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        self.faults.append(fault)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/sim/"):
            return await self._simulate(request)
        fault = self._fault(request.path)
        if fault is not None and fault.slow:
            await asyncio.sleep(fault.slow)
        if fault is not None and fault.status:
            return web.Response(status=fault.status, body=fault.body)
        answer = await self._answered(request, fault.code if fault else 0)
        if fault is not None and fault.lost and request.transport is not None:
            request.transport.abort()
        return answer

    async def _answered(self, request: web.BaseRequest, refused: int) -> web.Response:
        if request.path == TOKEN:
            form = {name: str(value) for name, value in (await request.post()).items()}
            told = self.oauth.token(dict(request.headers), form)
            self.asked.append(Asked(TOKEN, {}, int(told.get("error", 0))))
            return web.json_response(told)
        body: dict[str, Any] = {}
        try:
            body = await self._body(request)
            self._admit(request)
            if refused:
                raise Refusal(refused)
            data = self.api.method(request.path)(body)
        except Refusal as refusal:
            self.asked.append(Asked(request.path, body, refusal.code))
            return self._json(refusal.body())
        self.asked.append(Asked(request.path, body, 0))
        return self._json(json.dumps({"data": data, "error": 0, "message": "Success"}).encode())

    def _admit(self, request: web.BaseRequest) -> None:
        if "Authorization" in request.headers or "access_token" in request.query:
            self.complaints.append("the token belongs in the header access_token")
            raise Refusal(-216)
        if code := self.oauth.valid(request.headers.get("access_token", "")):
            raise Refusal(code)
        minute = int(self.clock.now() // 60)
        self._minute, self._calls = minute, (self._calls if minute == self._minute else 0) + 1
        if self._calls > A_MINUTE:
            raise Refusal(-32)

    def _json(self, body: bytes) -> web.Response:
        limits = {"X-RateLimit-Limit": str(A_MINUTE), "X-RateLimit-Remain": str(max(0, A_MINUTE - self._calls))}
        return web.Response(body=body, content_type="application/json", headers=limits)

    async def _body(self, request: web.BaseRequest) -> dict[str, Any]:
        """Read parameters: one query parameter of JSON for GET, a JSON body for POST."""
        if request.content_type == "multipart/form-data":
            return {"file": "file" in await request.post()}
        given = request.query.get("data", "") if request.method == "GET" else await request.read()
        try:
            body = json.loads(given or b"{}")
        except ValueError:
            raise Refusal(-201, "data") from None
        return body if isinstance(body, dict) else {}

    def _fault(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.path in ("", path):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    async def _simulate(self, request: web.BaseRequest) -> web.Response:
        asked = dict(request.query) if request.method == "GET" else json.loads(await request.read())
        act = request.path.removeprefix("/sim/")
        if act == "fault":
            self.fail(Fault(**{**asked, "body": str(asked.get("body", "")).encode()}))
            return web.json_response({})
        phone = Phone(self, asked["user"])
        acts = {"follow": phone.follow, "unfollow": phone.unfollow, "chatnow": phone.chatnow}
        if act == "say":
            phone.say(str(asked["text"]))
        elif act in acts:
            acts[act]()
        screen = phone.person.screen
        return web.json_response({"version": phone.person.version, "text": screen.text if screen else ""})


async def _run(port: int, hook: str) -> None:
    async with FakeZaloOA(port=port, remembers=1000) as server:
        if hook:
            server.hooks.set(hook)
        print(server.base_url, server.oauth.explorer()[1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="A strict Zalo Official Account on this machine.")
    arguments.add_argument("--port", type=int, default=9000)
    arguments.add_argument("--hook", default="")
    given = arguments.parse_args()
    asyncio.run(_run(given.port, given.hook))
