"""Who is at the other end of a browser: a random cookie, requests of our own page only, a bearable pace and size."""

import hashlib
import json
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web

HEADER = "X-Lang-Nghe"  # no foreign page can send it: browsers ask our leave first, and we never give it
COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")
YEAR = 365 * 24 * 3600
REMEMBERED = 50_000
BODY = 64 * 1024


@dataclass(slots=True)
class Pace:
    """At most `burst` acts within `seconds`, kept in memory for the most recent visitors only."""

    burst: int = 30
    seconds: float = 10.0
    clock: Callable[[], float] = time.monotonic
    _spent: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, key: str) -> float:
        """Count one act and return 0.0, or refuse it and return the seconds after which the next one is welcome."""
        now = self.clock()
        level, at = self._spent.pop(key, (0.0, now))
        level = max(0.0, level - (now - at) * self.burst / self.seconds)
        late = level + 1 > self.burst
        self._spent[key] = (level if late else level + 1, now)
        if len(self._spent) > REMEMBERED:
            self._spent.popitem(last=False)
        return (level + 1 - self.burst) * self.seconds / self.burst if late else 0.0


@dataclass(frozen=True, slots=True)
class Visitors:
    """Tells browsers apart by a random 256-bit cookie. Only its hash goes any further, so no store can replay it."""

    public_url: str = ""
    pace: Pace = field(default_factory=Pace)

    @property
    def secure(self) -> bool:
        """Tell whether people reach us over HTTPS only."""
        return self.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The cookie's name; the prefix keeps other hosts of the same domain from planting one."""
        return "__Host-langnghe" if self.secure else "langnghe"

    def welcome(self, request: web.Request, response: web.StreamResponse) -> None:
        """Give a cookie to a browser without a usable one, and lengthen the life of one that it has."""
        kept = self._cookie(request) or secrets.token_urlsafe(32)
        response.set_cookie(
            self.cookie, kept, max_age=YEAR, path="/", httponly=True, samesite="Lax", secure=self.secure
        )

    def user(self, request: web.Request) -> str:
        """Return the visitor's name within the channel. Refuses foreign pages (403), no cookie (401), haste (429)."""
        if not self._from_us(request):
            raise web.HTTPForbidden
        cookie = self._cookie(request)
        if cookie is None:
            raise web.HTTPUnauthorized
        user = hashlib.sha256(cookie.encode()).hexdigest()[:32]
        if wait := self.pace.wait(user):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(int(wait) + 1)})
        return user

    def _cookie(self, request: web.Request) -> str | None:
        cookie = request.cookies.get(self.cookie, "")
        return cookie if COOKIE.fullmatch(cookie) else None

    def _from_us(self, request: web.Request) -> bool:
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return False
        origin = request.headers.get("Origin", f"//{request.host}")
        ours = {request.host, urlsplit(self.public_url).netloc} - {""}
        if urlsplit(origin).netloc not in ours:  # "null", which sandboxed pages send, has none
            return False
        return request.method != "POST" or HEADER in request.headers


async def content(request: web.Request) -> object:
    """Read a JSON body. Refuses other types (415), more than 64 kB (413) and what is not JSON (400)."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    body = await bounded(request, BODY)
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest from None
    return parsed


async def bounded(request: web.Request, most: int) -> bytes:
    """Read a body of at most so many bytes, and never more of a larger one (413)."""
    if (request.content_length or 0) > most:
        raise web.HTTPRequestEntityTooLarge(most, request.content_length or 0)
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            raise web.HTTPRequestEntityTooLarge(most, len(body))
    return bytes(body)
