"""A Bot API for measuring: it believes what it is sent, shows it to people, and echoes messages as Telegram does."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from tests.crowd.wire import Door

Screen = dict[str, Any]
SHOWS = ("sendmessage", "editmessagetext")
ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
DAY = 1578297600  # 2020-01-06, the day of the rehearsal


class Platform:
    """Knows the last screen of every chat; `watch` a chat to be called when a new one arrives."""

    def __init__(self) -> None:
        self.watchers: dict[int, Callable[[Screen], None]] = {}
        self.calls = 0
        self._messages = 0
        self._updates = 0

    async def open(self, port: int) -> int:
        """Listen on loopback; 0 takes any free port. Gives the port."""
        server = await asyncio.get_running_loop().create_server(lambda: Door(self.answer), "127.0.0.1", port)
        return int(server.sockets[0].getsockname()[1])

    def answer(self, path: str, kind: str, body: bytes) -> bytes:
        """Carry out one method."""
        self.calls += 1
        method = path.rpartition("/")[2].lower()
        if method == "getme":
            return json.dumps({"ok": True, "result": ME}).encode()
        if method not in SHOWS:
            return b'{"ok":true,"result":true}'
        asked = json.loads(body) if "json" in kind else dict(parse_qsl(body.decode()))
        screen = self.shown(asked)
        if watcher := self.watchers.get(screen["chat"]["id"]):
            watcher(screen)
        return json.dumps({"ok": True, "result": screen}).encode()

    def shown(self, asked: dict[str, Any]) -> Screen:
        """The message as it stands after the call."""
        chat = int(asked["chat_id"])
        number = int(asked.get("message_id", 0))
        if not number:
            self._messages += 1
            number = self._messages
        screen = {"message_id": number, "date": DAY, "chat": private(chat), "from": ME, "text": asked["text"]}
        if markup := asked.get("reply_markup"):
            screen["reply_markup"] = json.loads(markup) if isinstance(markup, str) else markup
        return screen

    def typed(self, chat: int, text: str) -> bytes:
        """The update of somebody who typed."""
        self._messages += 1
        message = {"message_id": self._messages, "date": DAY, "chat": private(chat), "from": person(chat), "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(" ", maxsplit=1)[0])}]
        return self.update({"message": message})

    def tapped(self, chat: int, screen: Screen, tap: str) -> bytes:
        """The update of somebody who tapped a button of a screen, which Telegram sends along."""
        callback = {"id": str(self._updates), "from": person(chat), "chat_instance": "1", "message": screen}
        return self.update({"callback_query": {**callback, "data": tap}})

    def update(self, content: dict[str, Any]) -> bytes:
        """Number one update."""
        self._updates += 1
        return json.dumps({"update_id": self._updates, **content}).encode()


def private(chat: int) -> dict[str, Any]:
    """A private chat."""
    return {"id": chat, "type": "private", "first_name": "Người"}


def person(chat: int) -> dict[str, Any]:
    """The person of a private chat."""
    return {"id": chat, "is_bot": False, "first_name": "Người", "language_code": "vi"}
