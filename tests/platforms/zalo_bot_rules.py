"""What the Zalo Bot Platform takes, as its reference tells it; what nobody could read is marked as INVENTED.

The real server may ignore parameters that it does not know; this one refuses them, since they are always our mistake.
"""

import ipaddress
import json
import re
from typing import Any
from urllib.parse import urlsplit

MAX_TEXT = 2000
METHODS: dict[str, tuple[str, str]] = {  # name: (required, optional)
    "getMe": ("", ""),
    "getUpdates": ("", "timeout"),
    "setWebhook": ("url secret_token", ""),
    "deleteWebhook": ("", ""),
    "getWebhookInfo": ("", ""),
    "sendMessage": ("chat_id text", "parse_mode text_styles"),
    "sendPhoto": ("chat_id photo", "caption"),
    "sendSticker": ("chat_id sticker", ""),
    "sendVoice": ("chat_id voice_url", ""),
    "sendChatAction": ("chat_id action", ""),
}


class Refusal(Exception):
    """An answer that is not `ok`. Codes: 400 and every description are INVENTED; 401, 408 and 429 were seen."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(code, description)
        self.code, self.description = code, description

    def body(self) -> bytes:
        """The envelope."""
        return json.dumps({"ok": False, "error_code": self.code, "description": self.description}).encode()


def bad(reason: str) -> Refusal:
    return Refusal(400, f"Bad Request: {reason}")


def checked(method: str, parameters: dict[str, Any]) -> None:
    """Refuse an unknown method (`testWebhook` among them: it is gone), a missing or an unknown parameter."""
    if method not in METHODS:
        raise Refusal(404, "Not Found")
    required, optional = (names.split() for names in METHODS[method])
    for wanted in required:
        if wanted not in parameters:
            raise bad(f"{wanted} is required")
    for given in parameters:
        if given not in required and given not in optional:
            raise bad(f"unknown parameter {given}")


def words(text: object, name: str = "text") -> str:
    """1 to 2,000 "characters": INVENTED to be UTF-16 units, the strictest reading."""
    if not isinstance(text, str) or not text.strip():
        raise bad(f"{name} is empty")
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        raise bad(f"{name} is too long")
    return text


def seconds(value: object) -> float:
    """A timeout: text in the reference's table, a number in its sample; 30 where nothing is said."""
    if not re.fullmatch(r"\d{1,3}", str(value)):
        raise bad("timeout is invalid")
    return float(str(value))


def public(url: object) -> str:
    """An https:// address that everybody can reach. Plain http only on 127.0.0.1, where we are both ends."""
    text = str(url)
    place = urlsplit(text)
    if re.fullmatch(r"http://127\.0\.0\.1:\d+/\S*", text):
        return text
    if place.scheme != "https" or not place.hostname:
        raise bad("url must be https")
    if place.hostname == "localhost" or _private(place.hostname):
        raise bad("url must be public")
    return text


def _private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host


def secret(value: object) -> str:
    """8 to 256 characters."""
    if not isinstance(value, str) or not 8 <= len(value) <= 256:
        raise bad("secret_token must have 8-256 characters")
    return value
