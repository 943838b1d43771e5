"""What anybody may read, made once and given to many: compressed, with a mark by which a reader sees that it has it.

Follows RFC 9110: 13.1.2 (a mark goes before a date), 15.4.5 (what an answer 304 says), 8.8.1 (weak marks: the plain and
the compressed bytes are the same text).
"""

import asyncio
import gzip
import hashlib
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.outcomes import Unavailable

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
LASTS = 5.0  # seconds
MOST = 64  # prints that are kept
AWAY = {"Retry-After": "5", "Cache-Control": "no-store"}
SHORT = "public, max-age=60"


@dataclass(frozen=True, slots=True)
class Print:
    """A text as it is sent: `kind` is its content type, `changed` when what it tells of changed last."""

    kind: str
    plain: bytes
    zipped: bytes
    mark: str
    changed: datetime | None = None


def printed(kind: str, text: str, changed: datetime | None = None) -> Print:
    """Make a print of a text."""
    return pressed(f"{kind}; charset=utf-8", text.encode(), changed)


def pressed(kind: str, plain: bytes, changed: datetime | None = None) -> Print:
    """Make a print of bytes that compress well."""
    return Print(kind, plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:20], changed)


def handed(request: web.Request, its: Print, headers: Mapping[str, str]) -> web.Response:
    """Give a print, or say that the reader has it already."""
    about = {"Cache-Control": SHORT, "Vary": "Accept-Encoding", "ETag": f'W/"{its.mark}"', **headers}
    had = _has(request, its)
    response = web.Response(status=304 if had else 200, headers=about)
    response.last_modified = its.changed
    if had:
        return response
    response.headers["Content-Type"] = its.kind
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response.body = its.zipped if zipped else its.plain
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _has(request: web.Request, its: Print) -> bool:
    if (marks := request.if_none_match) is not None:
        return any(mark.value in (its.mark, "*") for mark in marks)
    since = request.if_modified_since
    return since is not None and its.changed is not None and its.changed.replace(microsecond=0) <= since


class Shelf:
    """Keeps prints for some seconds: however many ask, one at a time is read anew.

    While the database is away, what was read last is given; Unavailable only for what was never read.
    """

    def __init__(self, lasts: float = LASTS) -> None:
        self._lasts = lasts
        self._kept: dict[Hashable, tuple[float, Print | None]] = {}
        self._turn = asyncio.Lock()

    async def take(self, key: Hashable, make: Callable[[], Awaitable[Print | None]]) -> Print | None:
        """Give the print of a key; None is kept too, so that asking for what is not there costs as little."""
        if (known := self._fresh(key)) is not None:
            return known[1]
        async with self._turn:
            if (known := self._fresh(key)) is not None:
                return known[1]
            try:
                made = await make()
            except Unavailable:
                if key not in self._kept:
                    raise
                made = self._kept[key][1]
            self._kept.pop(key, None)
            self._kept[key] = time.monotonic(), made
            while len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]
        return made

    @property
    def size(self) -> int:
        """How many prints are kept."""
        return len(self._kept)

    def _fresh(self, key: Hashable) -> tuple[float, Print | None] | None:
        known = self._kept.get(key)
        return known if known and time.monotonic() - known[0] < self._lasts else None


def away(answer: Answer) -> Answer:
    """Ask readers to come back while the database is away."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await answer(request)
        except Unavailable:
            return web.Response(status=503, headers=AWAY)

    return answered
