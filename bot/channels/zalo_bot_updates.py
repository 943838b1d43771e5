"""What a Zalo Bot hears: one event (a dict of its JSON) becomes one Inbound, or nothing.

The body comes wrapped in `{"ok", "result"}`, as it is documented, or flat, as it was observed: both are read. Only
private chats are heard: opinions are never collected where others listen.
"""

from datetime import datetime
from typing import Any

from bot.channels.invited import invitation
from models.messages import Address, Inbound

NAME = "zalo-bot"
TEXT = "message.text.received"
MEDIA = {  # reactions are left out: whoever answers a thumb with a screen writes for nothing
    "message.image.received": "photo",
    "message.sticker.received": "sticker",
    "message.voice.received": "voice",
    "message.link.received": "link",
    "message.unsupported.received": "unsupported",
}
LONGEST_ID, LONGEST_EVENT = 80, 32  # characters, as wide as the tables are


def parse(payload: object, at: datetime) -> Inbound | None:
    """Read one event that arrived `at` (aware UTC). None for what we do not hear; never raises, whatever comes."""
    event = event_of(payload)
    message = _dict(event.get("message"))
    name = _name(event, message)
    sender, own = _private(message), _id(message.get("message_id"))
    if sender is None or not own or (name != TEXT and name not in MEDIA):
        return None
    id = f"{name}:{own}"
    text = _words(message.get("text")) if name == TEXT else ""
    if text:
        token = invitation(text)
        return Inbound(id, sender, at, text="" if token else text, start=token)
    return Inbound(id, sender, at, media=MEDIA[name]) if name in MEDIA else None


def event_of(payload: object) -> dict[str, Any]:
    """Take the event out of its envelope, if it has one; an empty dict for what is no event."""
    body = _dict(payload)
    return _dict(body["result"]) if "result" in body else body


def _name(event: dict[str, Any], message: dict[str, Any]) -> str:
    """Name the event. A sample of polling shows none: there, a text tells what it is."""
    name = event.get("event_name")
    if isinstance(name, str) and name:
        return name[:LONGEST_EVENT]
    return TEXT if message.get("text") else ""


def _private(message: dict[str, Any]) -> Address | None:
    chat, sender = _dict(message.get("chat")), _dict(message.get("from"))
    user = _id(chat.get("id"))
    kind = chat.get("chat_type")
    alone = kind == "PRIVATE" or (kind is None and user == _id(sender.get("id")))
    return Address(NAME, user) if user and alone and sender.get("is_bot") is not True else None


def _words(text: object) -> str:
    """Take the text as it came, without what no database or wire can hold (lone surrogates, NUL)."""
    if not isinstance(text, str):
        return ""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _id(value: object) -> str:
    """Read an opaque name; a number is taken as its digits."""
    told = str(value) if type(value) is int and abs(value) < 10**40 else value
    return told if isinstance(told, str) and told.isprintable() and len(told) <= LONGEST_ID else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
