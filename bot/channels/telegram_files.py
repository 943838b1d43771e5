"""Brings a file that somebody sent from Telegram: first where it lies (getFile), then its bytes, never more than asked.

Limits: Telegram gives bots files of up to 20 MB, at an address that is good for an hour (Bot API, getFile).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from telegram.error import BadRequest
from yarl import URL

from bot.channels.telegram_wire import CONNECT_SECONDS, READ_SECONDS, Lost

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Files:
    """`root` is where the Bot API's files lie, with the token; never printed."""

    call: Call
    session: aiohttp.ClientSession
    root: str
    proxy: str | None = None

    def __repr__(self) -> str:
        return "Files()"

    async def fetch(self, id: str, most: int) -> bytes | None:
        """Give a file's bytes; None for one that is too large, or that Telegram does not have any more.

        Raises TelegramError where Telegram cannot be asked just now.
        """
        try:
            told = await self.call("getFile", {"file_id": id})
        except BadRequest:
            return None
        path, size = (told.get("file_path"), told.get("file_size", 0)) if isinstance(told, dict) else ("", 0)
        if not isinstance(path, str) or not path or not isinstance(size, int) or size > most:
            return None
        return await self._read(f"{self.root}/{quote(path)}", most)

    async def _read(self, url: str, most: int) -> bytes | None:
        patience = aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
        asked = self.session.get(
            URL(url, encoded=True), timeout=patience, proxy=self.proxy or None, allow_redirects=False
        )
        content = bytearray()
        try:
            async with asked as answer:
                if answer.status != 200:
                    return None
                async for chunk in answer.content.iter_chunked(CHUNK):
                    content += chunk
                    if len(content) > most:
                        return None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Lost(type(error).__name__) from None  # an address would hold the token
        return bytes(content)


def root(base_url: str, token: str) -> str:
    """Where files lie, from where methods are called: `https://host/bot` and `https://host/file/bot`."""
    head, _, last = base_url.rstrip("/").rpartition("/")
    return f"{head}/file/{last}{token}"
