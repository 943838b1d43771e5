"""What a Zalo Bot can do to a chat, as its reference tells it."""

import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.platforms.zalo_bot_chats import BOT_NAME, Chats, Shown
from tests.platforms.zalo_bot_rules import Refusal, bad, words

NOTHING = object()  # a success without a result
Method = Callable[[dict[str, Any]], Awaitable[Any]]


class Sending:
    """The methods that send. `monthly` is how many messages are left this month (None: no end)."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self.monthly: int | None = None

    @property
    def methods(self) -> Mapping[str, Method]:
        """Each by its name."""
        return {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendSticker": self._send_sticker,
            "sendVoice": self._send_voice,
            "sendChatAction": self._send_action,
        }

    async def _get_me(self, _: dict[str, Any]) -> Any:
        account = {"account_name": "bot.VDKyGxQvc", "account_type": "BASIC", "can_join_groups": False}
        return {"id": "1459232241454765289", "display_name": BOT_NAME, **account}

    async def _send_message(self, asked: dict[str, Any]) -> Any:
        if asked.get("parse_mode", "html") not in ("markdown", "html"):
            raise bad("parse_mode is invalid")
        return self._shown(asked, words(asked["text"]))

    async def _send_photo(self, asked: dict[str, Any]) -> Any:
        if not re.match(r"https?://[^/\s]+\.", str(asked["photo"])):
            raise bad("photo must be a url")
        return self._shown(asked, words(asked["caption"], "caption") if "caption" in asked else "(photo)")

    async def _send_sticker(self, asked: dict[str, Any]) -> Any:
        return self._shown(asked, f"(sticker {words(asked['sticker'], 'sticker')})")

    async def _send_voice(self, asked: dict[str, Any]) -> Any:
        if not str(asked["voice_url"]).endswith(".aac"):
            raise bad("voice_url must end with .aac")
        if self._chats.reachable(asked["chat_id"]).group:  # it looks well and never arrives
            return {"message_id": uuid.uuid4().hex[:20], "date": int(self._chats.clock.now() * 1000)}
        return self._shown(asked, "(voice)")

    async def _send_action(self, asked: dict[str, Any]) -> Any:
        self._chats.reachable(asked["chat_id"])
        if asked["action"] != "typing":
            raise bad("action is not supported")
        return NOTHING

    def _shown(self, asked: dict[str, Any], text: str) -> Any:
        chat = self._chats.reachable(asked["chat_id"])
        if self.monthly is not None:
            if self.monthly <= 0:
                raise Refusal(429, "Quota exceeded")
            self.monthly -= 1
        message = Shown(uuid.uuid4().hex[:20], True, text, self._chats.clock.now())
        chat.show(message)
        return {"message_id": message.id, "date": int(message.at * 1000)}
