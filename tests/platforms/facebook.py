"""A strict Graph API on this machine, for one page: refuses what the real one refuses, throttles, forgets tokens.

In a test: `async with FakeFacebook() as server`; what stands on the page is `server.posts`, the newest last.

Invented, since Meta documents neither: that a page's token may read itself, that a page's token is refused for an
exchange (switch `exchanges_page_tokens`), after how many calls a limit is met, and the sizes at which text and pictures
are refused. That our client gets on with it shows that we are of one mind with ourselves.
"""

import asyncio
import hmac
import json
import re
import secrets
from collections import deque
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.platforms.clock import Clock
from tests.platforms.serving import Serving
from tests.platforms.uploads import large_request

__all__ = ["APP_ID", "APP_SECRET", "PAGE", "FakeFacebook", "Fault", "Posted"]

APP_ID, APP_SECRET, PAGE = "123456789012345", "facebook-app-secret-canary", "546349135390552"
VERSION = "/v26.0"
SHORT, LONG = 2 * 3600.0, 60 * 86400.0
MAX_TEXT, MAX_PHOTO = 63_206, 10 * 1024 * 1024
FIELDS = {"feed": {"message", "link"}, "photos": {"message", "source"}}


@dataclass
class Fault:
    """Something that goes wrong for the next `times` calls of a path that ends so ("" is any).

    `code` refuses; `status` and `body` answer instead, with `made` after the call was carried out; `lost` carries it
    out and drops the connection; `slow` waits that many real seconds first.
    """

    path: str = ""
    code: int = 0
    subcode: int = 0
    status: int = 0
    body: bytes = b""
    times: int = 1
    made: bool = False
    lost: bool = False
    slow: float = 0.0


class Refusal(Exception):
    """A refusal, as the Graph API words it."""

    def __init__(self, code: int, subcode: int = 0, transient: bool = False) -> None:
        super().__init__(code)
        error = {
            "message": f"(#{code}) No.",
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": secrets.token_hex(6),
        }
        self.told = {"error": error | ({"error_subcode": subcode} if subcode else {}) | {"is_transient": transient}}
        self.code = code


@dataclass(frozen=True)
class Posted:
    """What stands on the page."""

    id: str
    message: str
    link: str = ""
    picture: bytes = b""


@dataclass(frozen=True)
class Asked:
    """One call that came, and how it was answered (0: taken)."""

    path: str
    code: int


@dataclass
class Token:
    """What a token is good for."""

    until: float | None
    page: bool = True
    may_post: bool = True


class FakeFacebook(Serving):
    """One app with one page. `complaints` tells what a well-behaved client never does; `left`: calls within a limit."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(web.Server(self._serve, access_log=None, request_factory=large_request))
        self.clock = clock or Clock()
        self.tokens: dict[str, Token] = {}
        self.posts: list[Posted] = []
        self.asked: deque[Asked] = deque(maxlen=10_000)
        self.complaints: list[str] = []
        self.faults: list[Fault] = []
        self.needs_proof = True
        self.exchanges_page_tokens = False
        self.left: int | None = None

    @property
    def base_url(self) -> str:
        """What FACEBOOK_BASE_URL must be."""
        return f"http://127.0.0.1:{self.port}{VERSION}"

    def give(self, *, page: bool = True, lasts: float | None = None, may_post: bool = True) -> str:
        """Give a token as the console does: of the page or of its administrator, for some seconds or without end."""
        token = f"EAA-{'page' if page else 'user'}-{secrets.token_hex(20)}"
        self.tokens[token] = Token(None if lasts is None else self.clock.now() + lasts, page, may_post)
        return token

    def fail(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        self.faults.append(fault)

    def calls(self, end: str) -> list[Asked]:
        """The remembered calls of paths that end so."""
        return [asked for asked in self.asked if asked.path.endswith(end)]

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        form = {
            name: value.file.read() if isinstance(value, web.FileField) else str(value)
            for name, value in (await request.post()).items()
        }
        fault = self._fault(request.path)
        if fault and fault.slow:
            await asyncio.sleep(fault.slow)
        if fault and fault.status and not fault.made:
            self.asked.append(Asked(request.path, fault.status))
            return web.Response(status=fault.status, body=fault.body)
        answer = self._answered(request, form, fault)
        if fault and fault.lost and request.transport is not None:
            request.transport.abort()
        return web.Response(status=fault.status, body=fault.body) if fault and fault.made else answer

    def _answered(self, request: web.BaseRequest, form: dict[str, Any], fault: Fault | None) -> web.Response:
        self._watch(request)
        try:
            if not request.path.startswith(f"{VERSION}/"):
                raise Refusal(2500)
            if fault and fault.code:
                raise Refusal(fault.code, fault.subcode)
            told = self._done(request, form)
        except Refusal as refusal:
            self.asked.append(Asked(request.path, refusal.code))
            return web.json_response(refusal.told, status=400)
        self.asked.append(Asked(request.path, 0))
        return web.Response(body=json.dumps(told, ensure_ascii=False).encode(), content_type="application/json")

    def _watch(self, request: web.BaseRequest) -> None:
        for secret in (*self.tokens, APP_SECRET):
            if secret in request.path_qs:
                self.complaints.append("a secret stands in an address")

    def _done(self, request: web.BaseRequest, form: dict[str, Any]) -> dict[str, Any]:
        path = request.path.removeprefix(VERSION)
        if path == "/oauth/access_token":
            return self._exchange(form)
        name = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = self._admitted(name, str({**request.query, **form}.get("appsecret_proof", "")))
        if path == f"/{PAGE}" and request.method == "GET":
            return self._page(request.query.get("fields", "").split(","), name, token)
        edge = re.fullmatch(rf"/{PAGE}/(feed|photos)", path)
        if edge and request.method == "POST":
            return self._post(edge[1], form, token)
        raise Refusal(100, 33)

    def _admitted(self, name: str, proof: str) -> Token:
        token = self.tokens.get(name)
        if token is None:
            raise Refusal(190)
        if token.until is not None and token.until <= self.clock.now():
            raise Refusal(190, 463)
        if proof != hmac.new(APP_SECRET.encode(), name.encode(), "sha256").hexdigest() and (proof or self.needs_proof):
            raise Refusal(100)
        if self.left is not None:
            if not self.left:
                raise Refusal(32)
            self.left -= 1
        return token

    def _exchange(self, form: dict[str, Any]) -> dict[str, Any]:
        if form.keys() != {"grant_type", "client_id", "client_secret", "fb_exchange_token"}:
            raise Refusal(100)
        if (form["client_id"], form["client_secret"], form["grant_type"]) != (APP_ID, APP_SECRET, "fb_exchange_token"):
            raise Refusal(101)
        old = self.tokens.get(form["fb_exchange_token"])
        if old is None or (old.until is not None and old.until <= self.clock.now()):
            raise Refusal(190, 463)
        if old.page and not self.exchanges_page_tokens:
            raise Refusal(100)
        new = self.give(page=old.page, lasts=LONG, may_post=old.may_post)
        return {"access_token": new, "token_type": "bearer", "expires_in": int(LONG)}

    def _page(self, fields: list[str], name: str, token: Token) -> dict[str, Any]:
        told = {"name": "Công đoàn tỉnh Sơn La", "id": PAGE}
        if "access_token" in fields:
            lasts = None if token.until is None or token.until - self.clock.now() > SHORT else SHORT
            told["access_token"] = name if token.page else self.give(lasts=lasts, may_post=token.may_post)
        return told

    def _post(self, edge: str, form: dict[str, Any], token: Token) -> dict[str, Any]:
        given = form.keys() - {"appsecret_proof"}
        if given - FIELDS[edge]:
            self.complaints.append(f"{edge} takes no {sorted(given - FIELDS[edge])}")
            raise Refusal(100)
        if not (token.page and token.may_post):
            raise Refusal(200)
        message, picture = str(form.get("message", "")), form.get("source", b"")
        if not message.strip() or len(message) > MAX_TEXT:
            raise Refusal(100)
        if edge == "photos" and (not picture.startswith(b"\x89PNG") or len(picture) > MAX_PHOTO):
            raise Refusal(324)
        if self.posts and self.posts[-1].message == message:
            raise Refusal(506)
        post = Posted(f"{PAGE}_{len(self.posts) + 1}", message, str(form.get("link", "")), picture)
        self.posts.append(post)
        return {"id": f"9{len(self.posts)}", "post_id": post.id} if edge == "photos" else {"id": post.id}

    def _fault(self, path: str) -> Fault | None:
        for fault in self.faults:
            if path.endswith(fault.path):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None
