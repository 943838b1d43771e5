"""GET /board, a page for electronic panels that never loads anew, and GET /board.json, what it asks for every minute.

The page goes on by itself while the network is away. Sets no cookie and counts nobody.
"""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from html import escape
from string import Template
from typing import Any

from aiohttp import web

from bot.channels.feed import NAME
from bot.channels.feed_words import Masthead, masthead
from bot.channels.page import FOLDER
from bot.channels.prints import Print, Shelf, away, handed, pressed, printed
from bot.writer import Writer
from handlers.board import Board, Card, board
from handlers.house import House
from handlers.rendering.qr import qr_svg
from handlers.rendering.typeface import FONTS

GUARD = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LETTERS = ("BeVietnamPro-Bold.ttf", "BeVietnamPro-Medium.ttf")  # panels seldom have a font that is made for Vietnamese


class Panel:
    """The panel's page, its data and its letters. `version` names the static files."""

    def __init__(self, house: House, writer: Writer, shelf: Shelf, version: str) -> None:
        self._house = house
        self._writer = writer
        self._shelf = shelf
        self._static = f"/static/{version}"
        self._template = Template((FOLDER / "board.html").read_text(encoding="utf-8"))
        self._fonts = {name: pressed("font/ttf", (FONTS / name).read_bytes()) for name in LETTERS}

    def routes(self, now: Callable[[], datetime]) -> list[web.RouteDef]:
        """The addresses; `?lang=en` asks for the headlines in another language, slogans are never translated."""
        return [
            web.get("/board", away(partial(self._show, now, self._page))),
            web.get("/board.json", away(partial(self._show, now, self._data))),
            web.get("/fonts/{name}", self._font),
        ]

    async def _show(
        self, now: Callable[[], datetime], form: Callable[[Masthead, Board], Print], request: web.Request
    ) -> web.StreamResponse:
        mast = masthead(self._house, request.query.get("lang", ""))

        async def make() -> Print:
            its = await self._writer.write(lambda conn: board(conn, self._house, now(), mast.lang), NAME)
            return await asyncio.to_thread(form, mast, its)  # breaking new words into lines takes its time

        made = await self._shelf.take((form.__name__, mast.lang), make)
        assert made is not None  # a board without cards is a board
        return handed(request, made, GUARD)

    def _data(self, mast: Masthead, its: Board) -> Print:
        return printed("application/json", self._told(mast, its))

    def _page(self, mast: Masthead, its: Board) -> Print:
        names = {"language": mast.lang, "title": mast.title, "static": self._static, "board": self._told(mast, its)}
        slogans = "\n".join(f"<p>{escape(card.text)}</p>" for card in its.cards)
        return printed(
            "text/html",
            self._template.substitute({name: escape(text) for name, text in names.items()}, slogans=slogans),
        )

    def _told(self, mast: Masthead, its: Board) -> str:
        say = self._house.phrases.voice(mast.lang)
        none = Card("slogan", mast.lang, say("board.none"), below=mast.issuer)
        whole: dict[str, Any] = {
            "banner": mast.banner,
            "cards": [{**asdict(card), "ways": [asdict(way) for way in card.ways]} for card in its.cards or (none,)],
            "join": {"code": _code(its.join), "words": say("board.join")} if its.join else None,
        }
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))

    async def _font(self, request: web.Request) -> web.StreamResponse:
        its = self._fonts.get(request.match_info["name"])
        if its is None:
            raise web.HTTPNotFound(headers=GUARD)
        return handed(request, its, {**GUARD, "Cache-Control": "public, max-age=604800"})


def _code(address: str) -> str:
    """An address as a code that phones read, within the data: it is there still when the network is away."""
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(address)).decode()
