"""The Bot API's methods over the chats: each does what Telegram does, or refuses."""

import math
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.platforms.clock import Bucket, Clock
from tests.platforms.telegram_chats import BOT, Chat, Chats, Shown
from tests.platforms.telegram_rules import MAX_CAPTION, MAX_TEXT, Refusal, bad, keyboard, named, nested, shown

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
TOO_OLD = "message can't be deleted for everyone"
MAX_PHOTO, MAX_DOCUMENT = 10 * 1024 * 1024, 50 * 1024 * 1024
MAX_FETCHED = 20 * 1024 * 1024
MAX_DELETED = 100
TWO_DAYS = 48 * 3600
Method = Callable[[dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Pace:
    """How much is let through: messages a second over all chats, and to one chat (with what may come at once)."""

    overall: float = 30.0
    chat: float = 1.0
    chat_burst: float = 3.0
    place: float = 20 / 60
    place_burst: float = 20.0


class Methods:
    """Answers by name; `others` are the methods that concern updates and the webhook."""

    def __init__(self, chats: Chats, clock: Clock, others: Mapping[str, Method]) -> None:
        self.chats, self.clock = chats, clock
        self.commands: dict[tuple[str, str], list[Any]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self._pace: Pace | None = None
        self._all: Bucket | None = None
        self._each: dict[int, Bucket] = {}
        self._places: dict[int, Bucket] = {}
        self._answers: dict[str, Method] = {
            **others,
            "getMe": self._get_me,
            "getFile": self._get_file,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_keyboard,
            "deleteMessage": self._delete,
            "deleteMessages": self._delete_several,
            "answerCallbackQuery": self._answer,
            "sendChatAction": self._action,
            "setMyCommands": self._set_commands,
            "deleteMyCommands": self._delete_commands,
            "getMyCommands": self._get_commands,
            "setMyDescription": self._describe,
            "setMyShortDescription": self._describe,
        }

    def keep_pace(self, pace: Pace | None) -> None:
        """Refuse with 429 from now on what comes faster (None: let everything through)."""
        self._pace = pace
        self._all = Bucket(self.clock, pace.overall, pace.overall) if pace else None
        self._each = defaultdict(lambda: Bucket(self.clock, pace.chat, pace.chat_burst)) if pace else {}
        self._places = defaultdict(lambda: Bucket(self.clock, pace.place, pace.place_burst)) if pace else {}

    async def __call__(self, method: str, parameters: dict[str, Any]) -> Any:
        """Carry out one call, or raise Refusal."""
        return await self._answers[named(method, parameters)](parameters)

    async def _get_me(self, _: dict[str, Any]) -> Any:
        return BOT | {"can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _send_message(self, asked: dict[str, Any]) -> Any:
        chat = self.chats.reachable(asked.get("chat_id"))
        text, entities = shown(asked.get("text"), str(asked.get("parse_mode", "")), MAX_TEXT)
        return self._put(chat, Shown(0, True, text, 0, entities, keyboard(asked.get("reply_markup"))))

    async def _send_photo(self, asked: dict[str, Any]) -> Any:
        chat = self.chats.reachable(asked.get("chat_id"))
        caption, entities = shown(asked.get("caption"), str(asked.get("parse_mode", "")), MAX_CAPTION)
        photo = self._file(asked, "photo")
        if not photo.startswith((b"\x89PNG", b"\xff\xd8")) or len(photo) > MAX_PHOTO:
            raise bad("IMAGE_PROCESS_FAILED")
        return self._put(chat, Shown(0, True, caption, 0, entities, keyboard(asked.get("reply_markup")), photo))

    async def _send_document(self, asked: dict[str, Any]) -> Any:
        chat = self.chats.reachable(asked.get("chat_id"))
        caption, entities = shown(asked.get("caption"), str(asked.get("parse_mode", "")), MAX_CAPTION)
        document = self._file(asked, "document")
        if len(document) > MAX_DOCUMENT:
            raise Refusal(413, "Request Entity Too Large")
        keys = keyboard(asked.get("reply_markup"))
        return self._put(chat, Shown(0, True, caption, 0, entities, keys, document=document))

    async def _edit_text(self, asked: dict[str, Any]) -> Any:
        chat, message = self._mine(asked)
        text, entities = shown(asked.get("text"), str(asked.get("parse_mode", "")), MAX_TEXT)
        if message.photo:
            raise bad("there is no text in the message to edit")
        return self._change(chat, message, (text, entities, keyboard(asked.get("reply_markup"))))

    async def _edit_keyboard(self, asked: dict[str, Any]) -> Any:
        chat, message = self._mine(asked)
        return self._change(chat, message, (message.text, message.entities, keyboard(asked.get("reply_markup"))))

    async def _delete(self, asked: dict[str, Any]) -> Any:
        chat = self.chats.reachable(asked["chat_id"])
        if int(asked["message_id"]) not in chat.messages:
            raise bad("message to delete not found")
        return self._deleted(chat, [int(asked["message_id"])])

    async def _delete_several(self, asked: dict[str, Any]) -> Any:
        chat, ids = self.chats.reachable(asked["chat_id"]), nested(asked["message_ids"])
        if not isinstance(ids, list) or not all(type(id) is int and id > 0 for id in ids):
            raise bad("invalid message identifiers specified")
        if not 1 <= len(ids) <= MAX_DELETED:
            raise bad("message identifiers are not specified" if not ids else "too many message identifiers specified")
        return self._deleted(chat, ids)

    def _deleted(self, chat: Chat, ids: list[int]) -> bool:
        """Take away what is there; one that is too old has all of them refused, and who it is from does not matter."""
        found = [chat.messages[id] for id in dict.fromkeys(ids) if id in chat.messages]
        if any(self.clock.now() - message.at >= TWO_DAYS for message in found):
            raise bad(TOO_OLD)
        for message in found:
            chat.hide(message)
        return True

    async def _answer(self, asked: dict[str, Any]) -> Any:
        if len(str(asked.get("text", ""))) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.chats.answer(str(asked["callback_query_id"]))
        return True

    async def _action(self, asked: dict[str, Any]) -> Any:
        self.chats.reachable(asked["chat_id"])
        return True

    async def _set_commands(self, asked: dict[str, Any]) -> Any:
        commands = nested(asked["commands"])
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad("too many bot commands")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[self._scope(asked)] = commands
        return True

    async def _delete_commands(self, asked: dict[str, Any]) -> Any:
        self.commands.pop(self._scope(asked), None)
        return True

    async def _get_commands(self, asked: dict[str, Any]) -> Any:
        return self.commands.get(self._scope(asked), [])

    async def _describe(self, asked: dict[str, Any]) -> Any:
        for name, limit in (("description", 512), ("short_description", 120)):
            if len(asked.get(name, "")) > limit:
                raise bad(f"{name} is too long")
            if name in asked:
                self.descriptions[name, asked.get("language_code", "")] = asked[name]
        return True

    def _scope(self, asked: dict[str, Any]) -> tuple[str, str]:
        scope = nested(asked.get("scope")) or {"type": "default"}
        if scope["type"] == "chat":
            self.chats.reachable(scope.get("chat_id"))
        language = str(asked.get("language_code", ""))
        if not re.fullmatch(r"([a-z]{2})?", language):
            raise bad("invalid language code specified")
        return scope["type"] + str(scope.get("chat_id", "")), language

    async def _get_file(self, asked: dict[str, Any]) -> Any:
        id = str(asked.get("file_id", ""))
        if id not in self.chats.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(self.chats.files[id]) > MAX_FETCHED:
            raise bad("file is too big")
        its = {"file_id": id, "file_unique_id": f"u{id}", "file_size": len(self.chats.files[id])}
        return its | {"file_path": f"documents/{id}"}

    def _file(self, asked: dict[str, Any], name: str) -> bytes:
        given = asked.get(name)
        if isinstance(given, str) and given in self.chats.files:
            return self.chats.files[given]
        if isinstance(given, str) and not given.startswith("attach://"):
            raise bad("wrong file identifier/HTTP URL specified")
        if isinstance(given, str) and given.startswith("attach://"):
            given = asked.get(given.removeprefix("attach://"))
        if not isinstance(given, bytes) or not given:
            raise bad("file must be non-empty")
        return given

    def _mine(self, asked: dict[str, Any]) -> tuple[Chat, Shown]:
        chat = self.chats.reachable(asked.get("chat_id"))
        number = str(asked.get("message_id", ""))
        message = chat.messages.get(int(number)) if number.isdigit() else None
        if message is None:
            raise bad("message to edit not found")
        if not message.mine:
            raise bad("message can't be edited")
        return chat, message

    def _put(self, chat: Chat, message: Shown) -> Any:
        self._throttle(chat)
        message.id, message.at = self.chats.next_message(), int(self.clock.now())
        self.chats.files |= {f"p{message.id}": message.photo} if message.photo else {}
        self.chats.files |= {f"d{message.id}": message.document} if message.document else {}
        chat.show(message)
        return chat.told(message)

    def _change(self, chat: Chat, message: Shown, becomes: tuple[str, tuple[Any, ...], list[list[Any]]]) -> Any:
        if (message.text, message.entities, message.keyboard) == becomes:
            raise bad(NOT_MODIFIED)
        self._throttle(chat)
        message.text, message.entities, message.keyboard = becomes
        message.edits += 1
        chat.show(message)
        return chat.told(message)

    def _throttle(self, chat: Chat) -> None:
        if self._all is None:
            return
        own = self._places if chat.user < 0 else self._each
        wait = math.ceil(max(own[chat.user].short_of(), self._all.short_of()))
        if wait:
            raise Refusal(429, f"Too Many Requests: retry after {wait}", wait)
