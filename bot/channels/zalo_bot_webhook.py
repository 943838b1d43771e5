"""`POST /hook/zalo-bot`: Zalo brings one event, and hears 200 only after it is kept.

The secret says who calls; it does not sign the body. Nobody knows whether and how often Zalo comes again, so whatever
was read is acknowledged, and 503 is answered only where nothing could be kept.
"""

import hmac
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.hearing import Receive, hand_over
from bot.channels.zalo_bot_updates import parse
from bot.outcomes import Unavailable

PATH = "/hook/zalo-bot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"
SECRET = re.compile(r"[!-~]{8,256}")  # the length is documented; of the letters, those that a header can hold
LARGEST = 1024 * 1024  # bytes; an event is some kilobytes
RETRY_AFTER = {"Retry-After": "5"}

Handler = Callable[[web.Request], Awaitable[web.Response]]


def fault(secret: str, public_url: str, base_url: str) -> str:
    """Say in one line why a webhook cannot be opened with these settings; "" when it can.

    Zalo brings events only over HTTPS to public addresses; plain HTTP is for a Zalo on this machine.
    """
    if not SECRET.fullmatch(secret):
        return "ZALO_BOT_WEBHOOK_SECRET must be 8-256 visible ASCII characters for a webhook"
    here = urlsplit(base_url).hostname in ("127.0.0.1", "localhost", "::1")
    if urlsplit(public_url).scheme != "https" and not (here and public_url):
        return "PUBLIC_URL must begin with https:// for a Zalo Bot webhook"
    return ""


@dataclass
class Webhook:
    """The door for one bot. Without the secret nobody gets in, not even to have a body read."""

    secret: str
    now: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)

    def handler(self, receive: Receive) -> Handler:
        """Make the aiohttp handler of `POST /hook/zalo-bot`; raises ValueError where no secret is set."""
        if not self.secret:
            raise ValueError("a webhook without a secret would believe anybody")

        async def hook(request: web.Request) -> web.Response:
            given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
            if not hmac.compare_digest(given, self.secret.encode()):
                self.counts["intruders"] += 1
                return web.Response(status=403)
            return await self._hear(await _read(request), receive)

        return hook

    async def _hear(self, event: object, receive: Receive) -> web.Response:
        inbound = parse(event, self.now())
        if inbound is None:
            self.counts["unheard"] += 1
            return web.Response()
        try:
            await hand_over([inbound], receive, self.counts)
        except Unavailable:
            self.counts["unavailable"] += 1
            return web.Response(status=503, headers=RETRY_AFTER)
        return web.Response()


async def _read(request: web.Request) -> object:
    if (request.content_length or 0) > LARGEST:
        return None
    try:
        event: object = json.loads(await request.read())
    except (ValueError, RecursionError, web.HTTPRequestEntityTooLarge):
        return None
    return event
