"""What the Bot API refuses, in its own wording. Sources: the Bot API reference and the source of its open server.

The real server ignores parameters it does not know; this one refuses them, since they are always our mistake.
"""

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

MAX_TEXT, MAX_CAPTION, MAX_BUTTONS, MAX_ROW = 4096, 1024, 100, 8
DATA_BYTES = 64
ALL_KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post", "poll", "poll_answer")
TAGS = frozenset(("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a", "tg-emoji"))
TAGS |= {"code", "pre", "blockquote", "tg-time"}
_SENDING = "chat_id parse_mode reply_markup disable_notification protect_content reply_parameters message_effect_id"
METHODS: dict[str, tuple[str, str]] = {  # name: (required, optional)
    "getMe": ("", ""),
    "getUpdates": ("", "offset limit timeout allowed_updates"),
    "setWebhook": ("url", "certificate ip_address max_connections allowed_updates drop_pending_updates secret_token"),
    "deleteWebhook": ("", "drop_pending_updates"),
    "getWebhookInfo": ("", ""),
    "sendMessage": ("chat_id text", f"{_SENDING} entities link_preview_options message_thread_id"),
    "sendPhoto": ("chat_id photo", f"{_SENDING} caption caption_entities show_caption_above_media has_spoiler"),
    "sendDocument": ("chat_id document", f"{_SENDING} caption caption_entities thumbnail"),
    "getFile": ("file_id", ""),
    "editMessageText": ("text", "chat_id message_id parse_mode entities link_preview_options reply_markup"),
    "editMessageReplyMarkup": ("", "chat_id message_id reply_markup"),
    "deleteMessage": ("chat_id message_id", ""),
    "deleteMessages": ("chat_id message_ids", ""),
    "answerCallbackQuery": ("callback_query_id", "text show_alert url cache_time"),
    "sendChatAction": ("chat_id action", "message_thread_id"),
    "setMyCommands": ("commands", "scope language_code"),
    "deleteMyCommands": ("", "scope language_code"),
    "getMyCommands": ("", "scope language_code"),
    "setMyDescription": ("", "description language_code"),
    "setMyShortDescription": ("", "short_description language_code"),
}
NAMES = {name.lower(): name for name in METHODS}


class Refusal(Exception):
    """An answer that is not `ok`."""

    def __init__(self, code: int, description: str, retry_after: int = 0, migrate_to_chat_id: int = 0) -> None:
        super().__init__(code, description)
        self.code, self.description = code, description
        given = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to_chat_id}
        self.parameters = {name: value for name, value in given.items() if value}

    def body(self) -> bytes:
        told: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            told["parameters"] = self.parameters
        return json.dumps(told).encode()


def bad(reason: str) -> Refusal:
    return Refusal(400, f"Bad Request: {reason}")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def named(method: str, parameters: dict[str, Any]) -> str:
    """Give the method's proper name (case does not matter), or refuse it or its parameters."""
    name = NAMES.get(method.lower())
    if name is None:
        raise Refusal(404, "Not Found: method not found")
    required, optional = (names.split() for names in METHODS[name])
    for wanted in required:
        if wanted not in parameters and wanted != "text":
            raise bad("chat_id is empty" if wanted == "chat_id" else f'parameter "{wanted}" is required')
    for given, value in parameters.items():
        if given not in required and given not in optional and not isinstance(value, bytes):
            raise bad(f'unknown parameter "{given}" in {name}')
    return name


def nested(value: Any) -> Any:
    """Read a value that may be JSON text (forms) or JSON already."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad("can't parse JSON object") from None


def shown(text: object, mode: str, limit: int) -> tuple[str, tuple[Any, ...]]:
    """Give what a person sees of a text and its entities; refuse what is empty, too long or badly marked."""
    if mode not in ("", "HTML"):
        raise bad("unsupported parse_mode")
    visible, entities = Markup().read(str(text or "")) if mode else (str(text or ""), ())
    visible = visible.strip()
    if not visible and limit == MAX_TEXT:
        raise bad("message text is empty")
    if utf16(visible) > limit:
        raise bad("message is too long" if limit == MAX_TEXT else "message caption is too long")
    return visible, entities


def keyboard(value: Any) -> list[list[dict[str, Any]]]:
    """Check an inline keyboard and give its rows."""
    markup = nested(value) if value else {}
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS or any(len(row) > MAX_ROW for row in rows):
        raise bad("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return [row for row in rows if row]


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    unknown = button.keys() - {"text", "callback_data", "url", "style", "icon_custom_emoji_id", "copy_text"}
    if unknown:
        raise bad(f"unknown button field {sorted(unknown)}")
    if button.get("style", "primary") not in ("primary", "success", "danger"):
        raise bad("invalid button style specified")
    if "callback_data" in button:
        if not 1 <= len(str(button["callback_data"]).encode()) <= DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    elif "url" not in button and "copy_text" not in button:
        raise bad("can't parse inline keyboard button: Text buttons are not allowed in the inline keyboard")
    url = str(button.get("url", "https://a.b"))
    if not re.match(r"(https?://[^/?#]*\.[^/?#]+|tg://)", url):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


class Markup(HTMLParser):
    """Telegram's HTML: named tags only, all closed in order; only four named entities are known."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._text = ""
        self._open: list[tuple[str, int]] = []
        self._entities: list[tuple[str, int, int]] = []

    def read(self, html: str) -> tuple[str, tuple[Any, ...]]:
        if stray := re.search(r"<(?![a-zA-Z/])[^>]*>?", html):
            raise bad(f'can\'t parse entities: Unsupported start tag "{stray[0][1:20]}" at byte offset {stray.start()}')
        if html.count("<") > len(re.findall(r"<[^<>]*>", html)):
            raise bad("can't parse entities: Unclosed start tag at byte offset 0")
        self.feed(html)
        self.close()
        if self._open:
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{self._open[-1][0]}\"")
        return self._text, tuple(self._entities)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}')
        self._open.append((tag, len(self._text)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise bad(f'can\'t parse entities: Unmatched end tag at byte offset {self.getpos()[1]}, found "</{tag}>"')
        name, began = self._open.pop()
        self._entities.append((name, began, len(self._text) - began))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_entityref(self, name: str) -> None:
        self._text += unescape(f"&{name};") if name in ("lt", "gt", "amp", "quot") else f"&{name};"

    def handle_charref(self, name: str) -> None:
        self._text += unescape(f"&#{name};")
