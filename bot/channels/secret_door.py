"""The door of a platform that says by a secret in a header who calls, and brings one event with each request.

What was read is acknowledged whatever it holds, since it would only be brought again; 503 is answered only where
nothing could be kept.
"""

import hmac
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.hearing import Receive, hand_over
from bot.outcomes import Unavailable
from models.messages import Inbound

LARGEST = 1024 * 1024  # bytes; an event is some kilobytes
RETRY_AFTER = {"Retry-After": "5"}

Handler = Callable[[web.Request], Awaitable[web.Response]]
Hear = Callable[[object], Inbound | None]


def reachable(public_url: str, base_url: str) -> bool:
    """Whether a platform at `base_url` could bring events to `public_url`: over HTTPS, or both are on this machine."""
    here = urlsplit(base_url).hostname in ("127.0.0.1", "localhost", "::1")
    return urlsplit(public_url).scheme == "https" or bool(here and public_url)


@dataclass(frozen=True, slots=True)
class Door:
    """One door. Without the secret nobody gets in, not even to have a body read."""

    header: str
    secret: str
    counts: Counter[str]

    def handler(self, hear: Hear, receive: Receive) -> Handler:
        """Make the aiohttp handler; raises ValueError where no secret is set.

        `hear` makes of an event (None where the body was none) what somebody did, or None for nothing.
        """
        if not self.secret:
            raise ValueError("a webhook without a secret would believe anybody")

        async def hook(request: web.Request) -> web.Response:
            given = request.headers.get(self.header, "").encode("utf-8", "replace")
            if not hmac.compare_digest(given, self.secret.encode()):
                self.counts["intruders"] += 1
                return web.Response(status=403)
            inbound = hear(await _read(request))
            return await self._kept(inbound, receive) if inbound else web.Response()

        return hook

    async def _kept(self, inbound: Inbound, receive: Receive) -> web.Response:
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
