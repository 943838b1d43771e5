"""What Telegram brings: one update (a dict of its JSON) becomes one Inbound, or nothing.

Read straight from the dict and not through `telegram.Update.de_json`: there, one missing field that we never look at
raises and would hold up everything behind it (measured with version 22.8: a poll answer without its newest field), and
building the whole tree of objects costs more than the rest of a step. Field names: Bot API, objects Update, Message,
CallbackQuery, ChatMemberUpdated. Only private chats are heard: opinions are never collected where others listen. Of
channels and groups nothing is heard but whether we may post there, and where they have moved to.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from models.messages import TAP_BYTES, Address, File, Inbound, Place

NAME = "telegram"
KINDS = ("message", "callback_query", "my_chat_member")  # what we ask for; the rest is nobody's business
BIGGEST = 2**63  # ids are BIGINT in the database
PLACES = {"channel": "channel", "group": "group", "supergroup": "group"}
LONGEST_TITLE = 128  # as Telegram limits it
MOST_OF_A_PHOTO = 10 * 1024 * 1024
LONGEST_NAME = 120
STRANGE_TAP = "?"  # no screen offers it, so the desk shows the current screen again
START = re.compile(r"/start(?:@\w+)?(?:\s+(?:([A-Za-z0-9_-]{1,64})\s*|.*))?", re.ASCII | re.DOTALL)
ADDRESSED = re.compile(r"(/\w+)@\w+", re.ASCII)
MEDIA = (  # the first that is there names it: an animation also carries a document, a venue also a location
    *("animation", "venue", "photo", "video", "video_note", "voice", "audio", "document", "sticker", "contact"),
    *("location", "live_photo", "story", "poll", "dice", "game", "checklist", "paid_media", "rich_message"),
)


def parse(payload: object, at: datetime) -> Inbound | None:
    """Read one update that arrived `at` (aware UTC). None for what we do not hear; never raises, whatever comes."""
    update = _dict(payload)
    number = _id(update.get("update_id"), least=0)
    if not number:
        return None
    if "message" in update:
        return _message(number, _dict(update["message"]), at)
    if "callback_query" in update:
        return _tap(number, _dict(update["callback_query"]), at)
    if "my_chat_member" in update:
        return _member(number, _dict(update["my_chat_member"]), at)
    return None


def callback_id(payload: object) -> str:
    """Name the tap that Telegram waits to hear answered (its spinner); "" where there is none."""
    tapped = _dict(_dict(payload).get("callback_query")).get("id")
    return tapped if isinstance(tapped, str) else ""


def update_number(payload: object) -> int:
    """Give the update's number, or -1 for something that has none."""
    number = _dict(payload).get("update_id")
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < BIGGEST else -1


def _message(number: str, message: dict[str, Any], at: datetime) -> Inbound | None:
    sender = _private(message)
    if sender is None:
        return _moved(number, message, at)
    own = _id(message.get("message_id"))
    text = _words(message.get("text"))
    if text:
        return _typed(Inbound(number, sender, at, text=text, message=own))
    media = next((kind for kind in MEDIA if message.get(kind)), "")
    file = _file(message) if media in ("photo", "document") else None
    return Inbound(number, sender, at, media=media, message=own, file=file) if media else None


def _file(message: dict[str, Any]) -> File | None:
    """What a photo or a document is called; of a photo the largest copy that a platform takes."""
    copies = message.get("photo")
    if isinstance(copies, list):
        sizes = [(_size(each), _words(each.get("file_id"))) for each in map(_dict, copies)]
        size, id = max((each for each in sizes if each[0] <= MOST_OF_A_PHOTO and each[1]), default=(0, ""))
        return File(id, kind="image/jpeg", size=size) if id else None
    document = _dict(message.get("document"))
    id = _words(document.get("file_id"))
    name, kind = _words(document.get("file_name")), _words(document.get("mime_type"))
    return File(id, name[:LONGEST_NAME], kind[:LONGEST_NAME], _size(document)) if id else None


def _size(file: dict[str, Any]) -> int:
    size = file.get("file_size")
    return size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < BIGGEST else 0


def _typed(inbound: Inbound) -> Inbound:
    """Tell an invitation from other words; `/command@ourname` is the command. A token of a wrong form is no token."""
    if not inbound.text.startswith("/"):
        return inbound
    started = START.fullmatch(inbound.text)
    if started and started[1]:
        return replace(inbound, text="", start=started[1])
    text = "/start" if started else ADDRESSED.sub(r"\1", inbound.text, count=1)
    return replace(inbound, text=text)


def _tap(number: str, query: dict[str, Any], at: datetime) -> Inbound | None:
    message = _dict(query.get("message"))  # it may be an InaccessibleMessage: chat and number only
    sender = _private(message)
    tap = query.get("data")
    if sender is None or not isinstance(tap, str):
        return None
    fits = tap.isascii() and tap.isprintable() and 0 < len(tap) <= TAP_BYTES  # a patched client can send anything
    screen = _id(message.get("message_id"), least=0)
    return Inbound(number, sender, at, tap=tap if fits else STRANGE_TAP, screen=screen)


def _member(number: str, change: dict[str, Any], at: datetime) -> Inbound | None:
    sender = _private(change)
    if sender is None:
        return _let(number, change, at)
    if _dict(change.get("new_chat_member")).get("status") != "kicked":
        return None  # an unblocking is no wish to be written to
    return Inbound(number, sender, at, left=True)


def _let(number: str, change: dict[str, Any], at: datetime) -> Inbound | None:
    """Somebody let us into a channel or a group, changed what we may do there, or took us out."""
    chat, ours, who = _dict(change.get("chat")), _dict(change.get("new_chat_member")), _id(_from(change).get("id"))
    kind, place = PLACES.get(str(chat.get("type")), ""), _place_id(chat.get("id"))
    if not (kind and place and who):
        return None
    status = ours.get("status")
    group = kind == "group" and (status == "member" or (status == "restricted" and ours.get("can_send_messages")))
    may = group or (status == "administrator" and (kind == "group" or ours.get("can_post_messages") is True))
    title = " ".join(_words(chat.get("title")).split())[:LONGEST_TITLE]
    return Inbound(number, Address(NAME, who), at, place=Place(place, title or place, kind, bool(may)))


def _moved(number: str, message: dict[str, Any], at: datetime) -> Inbound | None:
    """A group has become a supergroup, with a new id; who did so, or that it was the group itself, does not matter."""
    chat, new = _dict(message.get("chat")), _place_id(message.get("migrate_to_chat_id"))
    old = _place_id(chat.get("id"))
    if chat.get("type") != "group" or not (old and new):
        return None
    who = Address(NAME, _id(_from(message).get("id")) or old)
    return Inbound(number, who, at, place=Place(old, old, "group", True, moved_to=new))


def _from(told: dict[str, Any]) -> dict[str, Any]:
    return _dict(told.get("from"))


def _place_id(value: object) -> str:
    """The id of a channel or group: below zero, unlike a person's."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole and isinstance(value, int) and -BIGGEST < value < 0 else ""


def _private(message: dict[str, Any]) -> Address | None:
    chat = _dict(message.get("chat"))
    user = _id(chat.get("id"))
    return Address(NAME, user) if user and chat.get("type") == "private" else None


def _words(text: object) -> str:
    """Take the text as it came, without what no database or wire can hold (lone surrogates, NUL)."""
    if not isinstance(text, str):
        return ""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _id(value: object, least: int = 1) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole and isinstance(value, int) and least <= value < BIGGEST else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
