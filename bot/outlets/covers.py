"""Pictures at addresses of ours, for a platform that fetches them: a post's own, or a card with its title.

Only such pictures are served here (GET /cover/<digest>); those of posts are served with what was published.
"""

import asyncio
from functools import partial

from aiohttp import web

from bot.outcomes import Unavailable
from bot.writer import Writer
from handlers.rendering.card import TEMPLATES, Card, drawn
from handlers.rendering.press import picture as painted
from models import posts
from models.database import Connection
from models.messages import Picture
from models.posts import Media

NAME = posts.COVER
SIZE = (1280, 720)
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
PATH = "/cover/{digest:[0-9a-f]{64}}"


class Covers:
    """The covers of a house at `address`; `issuer` stands on the cards."""

    def __init__(self, writer: Writer, address: str, issuer: str) -> None:
        self._writer, self._address, self._issuer = writer, address, issuer

    async def __call__(self, picture: Picture | None, title: str) -> str:
        """Give the address of a picture, or of a card with the title; "" where our address is not https.

        Raises Unavailable.
        """
        if not self._address.startswith("https://"):
            return ""
        png = picture.png if picture else await asyncio.to_thread(_card, title or self._issuer, self._issuer)
        kept = await self._writer.write(partial(_kept, Media("image/png", NAME, png)), "outlets")
        return f"{self._address}/{'cover' if kept.name == NAME else 'media'}/{kept.digest}"

    def route(self) -> web.RouteDef:
        """Where they are fetched."""
        return web.get(PATH, self._served)

    async def _served(self, request: web.Request) -> web.Response:
        digest = request.match_info["digest"]
        try:
            kept = await self._writer.write(lambda conn: posts.media_of(conn, digest), "outlets")
        except Unavailable:
            return web.Response(status=503, headers={"Retry-After": "2"})
        if kept is None or kept.name != NAME:
            return web.Response(status=404)
        return web.Response(body=kept.data, content_type=kept.kind, headers=HEADERS)


async def _kept(cover: Media, conn: Connection) -> Media:
    """Keep a cover, and give it as it was kept first: a post's own picture has another name."""
    await posts.keep_media(conn, cover)
    return await posts.media_of(conn, cover.digest) or cover


def _card(title: str, issuer: str) -> bytes:
    return painted(drawn(Card(title, issuer if title != issuer else ""), SIZE, TEMPLATES["red"]), SIZE)
