"""The private chats between people and the bot: what stands on each phone."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.clock import Clock
from tests.platforms.telegram_rules import Refusal, bad
from tests.platforms.telegram_updates import Updates

BOT = {"id": 1, "is_bot": True, "first_name": "Lắng Nghe", "username": "LangNgheThuBot"}


@dataclass
class Shown:
    """One message as a phone shows it."""

    id: int
    mine: bool  # the bot's
    text: str
    at: int
    entities: tuple[Any, ...] = ()
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    photo: bytes = b""
    document: bytes = b""
    edits: int = 0

    @property
    def labels(self) -> list[str]:
        """Give the buttons' faces, row after row."""
        return [button["text"] for row in self.keyboard for button in row]


class Chat:
    """One person's chat. `version` grows with whatever the bot changes in it, and `watch` is told what it shows."""

    def __init__(self, user: int, language: str = "vi") -> None:
        self.user, self.language = user, language
        self.started = self.blocked = self.deactivated = False
        self.messages: dict[int, Shown] = {}
        self.screen: Shown | None = None
        self.history: list[str] = []  # every text the bot sent or edited in, in order
        self.version = 0
        self.watch: Callable[[Shown], None] | None = None
        self._changed = asyncio.Event()

    @property
    def person(self) -> dict[str, Any]:
        """The person as a User object."""
        return {"id": self.user, "is_bot": False, "first_name": "Người thử", "language_code": self.language}

    @property
    def place(self) -> dict[str, Any]:
        """The chat as a Chat object."""
        return {"id": self.user, "type": "private", "first_name": "Người thử"}

    def check(self) -> None:
        """Let the bot write here, or refuse as Telegram does."""
        if self.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if not self.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")

    def show(self, message: Shown) -> None:
        """Let the bot's new or changed message be the screen."""
        self.messages[message.id] = message
        self.screen = message
        self.history.append(message.text)
        self.version += 1
        if self.watch is not None:
            self.watch(message)
        self._changed.set()
        self._changed = asyncio.Event()

    def hide(self, message: Shown) -> None:
        """Take a message away; the bot's last one that is left is the screen then."""
        del self.messages[message.id]
        if message is self.screen:
            self.screen = next((left for left in reversed(self.messages.values()) if left.mine), None)

    @property
    def seen(self) -> str:
        """All that can be read on the phone now, with the buttons."""
        return "\n".join("\n".join((message.text, *message.labels)) for message in self.messages.values())

    async def changed(self, seen: int, seconds: float) -> bool:
        """Wait until the bot changed something after version `seen`; False when time ran out."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self.version <= seen and loop.time() < until:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), until - loop.time())
        return self.version > seen

    def told(self, message: Shown) -> dict[str, Any]:
        """A message as a Message object."""
        sender = BOT if message.mine else self.person
        told: dict[str, Any] = {"message_id": message.id, "from": sender, "chat": self.place, "date": message.at}
        if message.document:
            told["document"] = {"file_id": f"d{message.id}", "file_unique_id": f"e{message.id}"}
        elif message.photo:
            sizes = [{"file_id": f"p{message.id}", "file_unique_id": f"u{message.id}", "width": 90, "height": 90}]
            told |= {"photo": sizes, "caption": message.text} if message.text else {"photo": sizes}
        else:
            told["text"] = message.text
        return told | ({"reply_markup": {"inline_keyboard": message.keyboard}} if message.keyboard else {})


class Chats:
    """All chats, and the taps that wait for an answer."""

    def __init__(self, clock: Clock, updates: Updates) -> None:
        self.clock, self.updates = clock, updates
        self.files: dict[str, bytes] = {}  # what was uploaded, by the id that may be given instead of it again
        self._chats: dict[int, Chat] = {}
        self._taps: dict[str, float] = {}
        self._last_message, self._last_tap = 0, 0

    def place(self, id: int) -> Chat | None:
        """Give a channel or group that was opened."""
        return self._chats.get(id)

    def add(self, chat: Chat) -> None:
        """Let a channel or group be one of the chats."""
        self._chats[chat.user] = chat

    def known(self, user: int, language: str = "vi") -> Chat:
        """Give a person's chat, opening it for somebody new."""
        return self._chats.setdefault(user, Chat(user, language))

    def reachable(self, chat_id: object) -> Chat:
        """Find the chat the bot may write to, or refuse as Telegram does."""
        if not str(chat_id or "").strip():
            raise bad("chat_id is empty")
        chat = self._chats.get(int(str(chat_id))) if str(chat_id).lstrip("-").isdigit() else None
        if chat is None:
            raise bad("chat not found")
        chat.check()
        return chat

    def jump(self, number: int) -> None:
        """Go on with another number, as with a bot that many write to."""
        self._last_message = number

    def next_message(self) -> int:
        """Message numbers are the bot's, not the chat's."""
        self._last_message += 1
        return self._last_message

    def say(self, chat: Chat, content: dict[str, Any], kind: str = "message") -> Shown:
        """The person sends something: `content` is the part of the Message that tells what."""
        message = Shown(self.next_message(), False, str(content.get("text", "")), int(self.clock.now()))
        chat.started = True
        chat.messages[message.id] = message
        told = {"message_id": message.id, "from": chat.person, "chat": chat.place, "date": message.at, **content}
        self.updates.add(kind, f"m{chat.user}", told)
        return message

    def tap(self, chat: Chat, message: Shown, data: str) -> str:
        """The person taps a button."""
        self._last_tap += 1
        name = str(4_000_000_000_000_000_000 + self._last_tap)
        self._taps[name] = self.clock.now() + 150
        told = {"id": name, "from": chat.person, "chat_instance": str(-chat.user), "data": data}
        self.updates.add("callback_query", f"c{chat.user}", told | {"message": chat.told(message)})
        return name

    def answer(self, name: str) -> None:
        """Stop the spinner of a tap; once, and in time."""
        if self._taps.pop(name, 0.0) <= self.clock.now():
            raise bad("query is too old and response timeout expired or query ID is invalid")

    def spinning(self) -> int:
        """Count taps that nobody answered."""
        return len(self._taps)

    def membership(self, chat: Chat, blocked: bool) -> None:
        """The person blocks the bot, or takes it back."""
        was, chat.blocked = chat.blocked, blocked
        states = {True: "kicked", False: "member"}
        old, new = ({"user": BOT, "status": states[state]} for state in (was, blocked))
        told = {"chat": chat.place, "from": chat.person, "date": int(self.clock.now())}
        self.updates.add("my_chat_member", f"b{chat.user}", told | {"old_chat_member": old, "new_chat_member": new})
