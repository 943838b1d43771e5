"""Brings a file in because an officer's screen asked for it: as something that the officer did, with its content.

The message that asked is settled only after the content was received, so a crash repeats the fetching and loses
nothing; the id of what comes in is that of the asking, so it is received once.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.channels.hearing import Receive
from bot.deliver import Sender
from bot.outcomes import Outcome, Sent, Throttled, Unavailable
from handlers.broadcast_file import MOST
from models.messages import LOST, File, Inbound, Outbound

AGAIN_AFTER = 1.0
Fetch = Callable[[str, int], Awaitable[bytes | Outcome | None]]


class Fetching:
    """Sends, and fetches what a message asks for instead of words. `fetch` gives the bytes, None for a lost file."""

    def __init__(self, sender: Sender, fetch: Fetch, receive: Receive, now: Callable[[], datetime]) -> None:
        self._sender = sender
        self._fetch = fetch
        self._receive = receive
        self._now = now

    async def send(self, outbound: Outbound) -> Outcome:
        """Deliver one message, or bring one file."""
        if not outbound.fetches:
            return await self._sender.send(outbound)
        asked, _, id = outbound.fetches.partition(" ")
        found = await self._fetch(id, MOST)
        if found is not None and not isinstance(found, bytes):
            return found
        content = found or b""
        brought = Inbound(
            f"file:{asked}", outbound.to, self._now(), media="file" if content else LOST, file=File(id), content=content
        )
        try:
            await self._receive(brought)
        except Unavailable:
            return Throttled(AGAIN_AFTER)
        return Sent()
