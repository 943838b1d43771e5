"""`POST /hook/telegram`: Telegram brings one update, and hears 200 only after it is kept. A tap is answered first."""

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
from bot.channels.telegram_updates import callback_id, parse, update_number
from bot.outcomes import Unavailable

PATH = "/hook/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
LARGEST = 1024 * 1024  # bytes; an update is some kilobytes
RETRY_AFTER = {"Retry-After": "5"}

Handler = Callable[[web.Request], Awaitable[web.Response]]


def fault(secret: str, public_url: str, base_url: str) -> str:
    """Say in one line why a webhook cannot be opened with these settings; "" when it can.

    Telegram brings updates only over HTTPS; plain HTTP is for a Bot API server on this machine.
    """
    if not SECRET.fullmatch(secret):
        return "TELEGRAM_WEBHOOK_SECRET must be 1-256 letters, digits, _ or - for a webhook"
    here = urlsplit(base_url).hostname in ("127.0.0.1", "localhost", "::1")
    if urlsplit(public_url).scheme != "https" and not (here and public_url):
        return "PUBLIC_URL must begin with https:// for a Telegram webhook"
    return ""


@dataclass
class Webhook:
    """The door for one bot. Without the secret nobody gets in, not even to have a body read."""

    secret: str
    answer_tap: Callable[[str], None]
    now: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)

    def handler(self, receive: Receive) -> Handler:
        """Make the aiohttp handler of `POST /hook/telegram`; raises ValueError where no secret is set."""
        if not self.secret:
            raise ValueError("a webhook without a secret would believe anybody")

        async def hook(request: web.Request) -> web.Response:
            given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
            if not hmac.compare_digest(given, self.secret.encode()):
                self.counts["intruders"] += 1
                return web.Response(status=403)
            return await self._hear(await _read(request), receive)

        return hook

    async def _hear(self, update: object, receive: Receive) -> web.Response:
        """Keep one update. Malformed ones are acknowledged too: Telegram would bring them again for a day."""
        if update_number(update) < 0:
            self.counts["malformed"] += 1
            return web.Response()
        if waiting := callback_id(update):
            self.answer_tap(waiting)
        inbound = parse(update, self.now())
        try:
            await hand_over([inbound] if inbound else [], receive, self.counts)
        except Unavailable:
            self.counts["unavailable"] += 1
            return web.Response(status=503, headers=RETRY_AFTER)
        return web.Response()


async def _read(request: web.Request) -> object:
    if (request.content_length or 0) > LARGEST:
        return None
    try:
        update: object = json.loads(await request.read())
    except (ValueError, RecursionError, web.HTTPRequestEntityTooLarge):
        return None
    return update
