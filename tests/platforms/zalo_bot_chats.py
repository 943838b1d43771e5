"""The chats between people and a Zalo Bot: what stands on each phone, and the events that wait for the bot."""

import asyncio
import contextlib
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tests.platforms.clock import Clock
from tests.platforms.zalo_bot_rules import bad

BOT_NAME = "Bot Lắng Nghe"


@dataclass(frozen=True)
class Shown:
    """One message as a phone shows it."""

    id: str
    mine: bool  # the bot's
    text: str
    at: float


class Chat:
    """One person's chat. `version` grows with each message of the bot, and `watch` is told what it shows."""

    def __init__(self, user: str, group: bool = False) -> None:
        self.user, self.group = user, group
        self.messages: list[Shown] = []
        self.version = 0
        self.watch: Callable[[Shown], None] | None = None
        self._changed = asyncio.Event()

    @property
    def place(self) -> dict[str, Any]:
        """The chat as its object."""
        return {"id": self.user, "chat_type": "GROUP" if self.group else "PRIVATE"}

    @property
    def person(self) -> dict[str, Any]:
        """The person as its object; in a group not the chat's id."""
        return {"id": named("member") if self.group else self.user, "display_name": "Người thử", "is_bot": False}

    @property
    def history(self) -> list[Shown]:
        """All messages of the bot."""
        return [message for message in self.messages if message.mine]

    def show(self, message: Shown) -> None:
        """Let a message of the bot arrive."""
        self.messages.append(message)
        self.version += 1
        if self.watch is not None:
            self.watch(message)
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, seen: int, seconds: float) -> bool:
        """Wait until the bot wrote something after version `seen`; False when time ran out."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self.version <= seen and loop.time() < until:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), until - loop.time())
        return self.version > seen


class Chats:
    """All chats, and the queue of events. `added` is told of each event; a webhook hangs there."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.waiting: deque[tuple[str, dict[str, Any]]] = deque()  # with the chat that each belongs to
        self.added: Callable[[], None] | None = None
        self._chats: dict[str, Chat] = {}
        self._news = asyncio.Event()

    def known(self, user: object, group: bool = False) -> Chat:
        """Give a person's chat, by any name of ours; the platform's own name for the person is opaque."""
        id = named(user)
        return self._chats.setdefault(id, Chat(id, group))

    def reachable(self, chat_id: object) -> Chat:
        """Find the chat the bot may write to: somebody there has written first. INVENTED: the refusal."""
        chat = self._chats.get(str(chat_id))
        if chat is None or not any(not message.mine for message in chat.messages):
            raise bad("chat not found")
        return chat

    def say(self, chat: Chat, event: str, content: dict[str, Any]) -> Shown:
        """The person sends something: `content` is the part of the message that tells what."""
        message = Shown(uuid.uuid4().hex[:20], False, str(content.get("text", "")), self.clock.now())
        chat.messages.append(message)
        told = {"message_id": message.id, "date": int(message.at * 1000), "chat": chat.place, "from": chat.person}
        self.put({"event_name": event, "message": {**told, **content}}, chat.user)
        return message

    def put(self, event: dict[str, Any], user: str = "") -> None:
        """Queue any event at all (malformed ones as well)."""
        self.waiting.append((user, event))
        self._news.set()
        if self.added is not None:
            self.added()

    def interrupt(self) -> None:
        """Wake whoever waits for an event."""
        self._news.set()

    async def next(self, seconds: float) -> dict[str, Any] | None:
        """Give the oldest event, and forget it: nobody will confirm it. None when time ran out."""
        until = self.clock.now() + seconds
        while not self.waiting:
            self._news.clear()
            waits = [asyncio.ensure_future(each) for each in (self._news.wait(), self.clock.sleep(seconds))]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            if self.clock.now() >= until or (self._news.is_set() and not self.waiting):
                return None
        return self.waiting.popleft()[1]


def named(user: object) -> str:
    """The platform's opaque name for somebody."""
    return sha256(f"zalo {user}".encode()).hexdigest()[:20]
