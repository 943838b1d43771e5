"""GET /card/<slogan>-<size>[-template].png and GET /poster/<join token>/<slogan>-<paper>[-template].pdf.

Draws only the slogans of the campaign in the sizes and templates that there are; everything else is 404. Drawn in a
thread, one at a time, and the last ones are kept: whoever asks for many makes nobody wait for a chat.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from hashlib import sha256

from aiohttp import web

from bot.channels.prints import away
from bot.writer import Writer
from handlers.house import House
from handlers.rendering.card import SIZES
from handlers.rendering.poster import PAPERS
from handlers.slogan_cards import Asked, asked, card_png, poster_of, poster_pdf
from locales.formats import local_day

LANE = "posters"
CARD = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
POSTER = {**CARD, "Cache-Control": "private, max-age=600", "Referrer-Policy": "no-referrer"}
NAME = r"{name:[a-z0-9][a-z0-9.-]{0,79}}"


class Posters:
    """The pictures and posters of a house."""

    def __init__(self, house: House, writer: Writer, now: Callable[[], datetime]) -> None:
        self._house, self._writer, self._now = house, writer, now
        self._one = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        """The two kinds of addresses."""
        return [
            web.get(f"/card/{NAME}.png", self._card),
            web.get(f"/poster/{{token:[A-Za-z0-9_-]{{1,64}}}}/{NAME}.pdf", away(self._poster)),
        ]

    async def _card(self, request: web.Request) -> web.StreamResponse:
        its = self._asked(request, SIZES)
        async with self._one:
            png = await asyncio.to_thread(card_png, self._house, its.slogan, its.size, its.template)
        return _given(request, png, "image/png", CARD)

    async def _poster(self, request: web.Request) -> web.StreamResponse:
        its = self._asked(request, PAPERS)
        token, today = request.match_info["token"], local_day(self._now())
        make = partial(poster_of, house=self._house, token=token, slogan=its.slogan, on=today)
        poster = await self._writer.write(make, LANE)
        if poster is None:
            raise web.HTTPNotFound(headers={"Cache-Control": "no-store"})
        async with self._one:
            pdf = await asyncio.to_thread(poster_pdf, poster, its.size, its.template)
        return _given(request, pdf, "application/pdf", POSTER)

    def _asked(self, request: web.Request, sizes: Iterable[str]) -> Asked:
        its = asked(self._house, request.match_info["name"], sizes)
        if its is None:
            raise web.HTTPNotFound(headers={"Cache-Control": "no-store"})
        return its


def _given(request: web.Request, data: bytes, kind: str, headers: dict[str, str]) -> web.Response:
    mark = sha256(data).hexdigest()[:20]
    about = {**headers, "ETag": f'"{mark}"'}
    if any(tag.value == mark for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=about)
    return web.Response(body=data, content_type=kind, headers=about)
