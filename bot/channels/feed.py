"""The public web of the campaign: GET /feed.xml, /feed.json and the pictures and files that belong to what they tell.

Everybody may read it and nobody is known here: no cookie is set or read. Decides nothing: what is public is
`handlers.published`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from urllib.parse import quote
from weakref import WeakValueDictionary

from aiohttp import web

from bot.channels import feed_atom, feed_json
from bot.channels.feed_words import masthead
from bot.channels.prints import Print, Shelf, away, handed, printed
from bot.writer import Writer
from handlers import published
from handlers.house import House
from handlers.published import Leaf, Wanted, position

NAME = "feed"
KINDS = frozenset({"image/png", "image/jpeg", "application/pdf"})
MOST = 24  # different files that are being sent at once: each stands in memory meanwhile
PIECE = 64 * 1024
FENCE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
GUARD = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Security-Policy": FENCE}
OPEN = {**GUARD, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
FILE = {"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin", **GUARD}
# Older browsers hang their own reader of PDFs under the file's rules, as an object with a style of its own
# (crbug.com/271452). The file itself may still load nothing and run nothing.
READER = {"Content-Security-Policy": f"{FENCE}; object-src 'self'; style-src 'unsafe-inline'"}


class _Held:
    """A file in memory for as long as somebody is being sent it."""

    def __init__(self, kind: str, name: str, data: bytes) -> None:
        self.kind, self.name, self.data = kind, name, data


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    """Give a file piece by piece: what a slow reader has not taken yet is not copied for them."""
    for at in range(0, len(data), PIECE):
        yield data[at : at + PIECE]


HELD = web.RequestKey("held", _Held)  # a request lives as long as its answer is being sent


class Feed:
    """The feeds and their files. `shelf` keeps what was printed."""

    def __init__(self, house: House, writer: Writer, shelf: Shelf) -> None:
        self._house = house
        self._writer = writer
        self._shelf = shelf
        self._files: WeakValueDictionary[str, _Held] = WeakValueDictionary()
        self._turn = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """All that a feed reader asks for."""
        return [
            web.get("/feed.xml", away(partial(self._feed, self._atom))),
            web.get("/feed.json", away(partial(self._feed, self._json))),
            web.get("/media/{digest:[0-9a-f]{64}}", away(self._file)),
        ]

    async def _feed(self, form: Callable[[Wanted, Leaf], Print], request: web.Request) -> web.StreamResponse:
        lang = masthead(self._house, request.query.get("lang", "")).lang
        asked = request.query.get("before")
        before = position(asked) if asked is not None else None
        if asked is not None and before is None:
            raise web.HTTPNotFound(headers=OPEN)
        wanted = Wanted(lang, before)

        async def make() -> Print:
            return form(wanted, await self._writer.write(lambda conn: published.leaf(conn, self._house, wanted), NAME))

        made = await self._shelf.take((form.__name__, lang, before), make)
        assert made is not None  # a page without entries is a page
        return handed(request, made, OPEN)

    def _atom(self, wanted: Wanted, leaf: Leaf) -> Print:
        mast, say = masthead(self._house, wanted.lang), self._house.phrases.voice(wanted.lang)
        return printed(feed_atom.KIND, feed_atom.atom(mast, leaf, wanted.before, say), leaf.changed)

    def _json(self, wanted: Wanted, leaf: Leaf) -> Print:
        mast, say = masthead(self._house, wanted.lang), self._house.phrases.voice(wanted.lang)
        return printed(feed_json.KIND, feed_json.feed(mast, leaf, say), leaf.changed)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        digest = request.match_info["digest"]
        mark = f'"{digest[:20]}"'
        async with self._turn:  # whoever asks for the same meanwhile is given the same
            held = self._files.get(digest)
            if held is None and len(self._files) >= MOST:
                return web.Response(status=503, headers={"Retry-After": "2", **GUARD})
            held = held or await self._fetched(digest)
            if held is None:
                raise web.HTTPNotFound(headers={"Cache-Control": "no-store", **GUARD})
            request[HELD] = self._files[digest] = held
        name = f"inline; filename*=UTF-8''{quote(held.name, safe='')}"
        headers = {**FILE, "ETag": mark, "Content-Disposition": name, "Content-Type": held.kind}
        headers |= READER if held.kind == "application/pdf" else {}
        if any(f'"{tag.value}"' == mark for tag in request.if_none_match or ()):
            return web.Response(status=304, headers={**FILE, "ETag": mark})
        return web.Response(body=_pieces(held.data), headers={**headers, "Content-Length": str(len(held.data))})

    async def _fetched(self, digest: str) -> _Held | None:
        found = await self._writer.write(lambda conn: published.media(conn, digest), NAME)
        return _Held(found.kind, found.name, found.data) if found and found.kind in KINDS else None
