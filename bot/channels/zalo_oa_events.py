"""What an Official Account brings: one event (a dict of its JSON) becomes one Inbound, or nothing.

Read field by field, since events differ in where they name the person. Not heard: echoes of what the account or its
administrators said (`oa_send_*`), what was seen or received, what a form collected (`user_submit_info`: names, phone
numbers), tags, groups, calls, and everything that is not known here.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.invited import invitation
from models.messages import TAP_BYTES, Address, Inbound

NAME = "zalo-oa"
SHOW = "?"  # no screen offers this tap, so the desk shows the current screen, or to a guest the consent
TAP = "/tap "  # a button's payload comes back as typed text, so it says what it is; typing it does what tapping does
MEDIA = {
    "user_send_image": "photo",
    "user_send_gif": "animation",
    "user_send_sticker": "sticker",
    "user_send_audio": "audio",
    "user_send_video": "video",
    "user_send_file": "document",
    "user_send_link": "link",
    "user_send_location": "location",
    "user_send_business_card": "contact",
}
TEXT, FOLLOW, UNFOLLOW, CHATNOW = "user_send_text", "follow", "unfollow", "user_click_chatnow"
USER = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
DIGITS = re.compile(r"[0-9]{1,16}", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(event: object, at: datetime, age: timedelta) -> Inbound | None:
    """Read one event that arrived `at` (aware UTC), some time after it happened. None for what we do not hear.

    Never raises, whatever comes.
    """
    told = _dict(event)
    name, stamp = _text(told.get("event_name")), timestamp(event)
    user = _user(told, name)
    if not user or not stamp:
        return None
    sender, done = Address(NAME, user), at - age
    once = _once(told, name, stamp, user)
    if name in (FOLLOW, CHATNOW):
        return Inbound(once, sender, at, tap=SHOW, done=done)
    if name == UNFOLLOW:
        return Inbound(once, sender, at, left=True, done=done)
    if name == TEXT:
        return _typed(Inbound(once, sender, at, done=done), _text(_dict(told.get("message")).get("text")))
    return Inbound(once, sender, at, media=MEDIA[name], done=done)


def timestamp(event: object) -> str:
    """Give the event's own timestamp (milliseconds) as it stands in the body; "" where there is none."""
    given = _dict(event).get("timestamp")
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else _text(given)
    return text if DIGITS.fullmatch(text) else ""


def moment(stamp: str) -> datetime:
    """Read a timestamp; one that no calendar has is the end of time."""
    try:
        return EPOCH + timedelta(milliseconds=int(stamp))
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def account(event: object) -> str:
    """Name the account that an event is about, "" where it does not say."""
    told = _dict(event)
    return _id(told.get("oa_id")) or _id(_dict(told.get("recipient")).get("id"))


def _user(told: dict[str, Any], name: str) -> str:
    """Name the person who did it; "" for events not heard, and where the account itself is named as the person."""
    if name in (FOLLOW, UNFOLLOW):
        user = _id(_dict(told.get("follower")).get("id"))
    elif name == CHATNOW:
        user = _id(told.get("user_id"))
    elif name == TEXT or name in MEDIA:
        user = _id(_dict(told.get("sender")).get("id"))
    else:
        return ""
    return user if user not in (_id(told.get("oa_id")), _id(_dict(told.get("recipient")).get("id"))) else ""


def _once(told: dict[str, Any], name: str, stamp: str, user: str) -> str:
    """Name the event so that a repeat is known: by its message, else by what, when and whose. Keeps nobody's id."""
    message = _id(_dict(told.get("message")).get("msg_id"))
    text = f"message {message}" if message else f"{name} {stamp} {user}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _typed(inbound: Inbound, text: str) -> Inbound | None:
    if not text:
        return None
    values = {name: getattr(inbound, name) for name in ("id", "sender", "at", "done")}
    if text.startswith(TAP):
        tap = text.removeprefix(TAP).strip()
        fits = tap.isascii() and tap.isprintable() and 0 < len(tap) <= TAP_BYTES
        return Inbound(**values, tap=tap if fits else SHOW)
    token = invitation(text)
    return Inbound(**values, start=token) if token else Inbound(**values, text=text)


def _text(value: object) -> str:
    """Take the text as it came, without what no database or wire can hold (lone surrogates, NUL)."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _id(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return text if isinstance(text, str) and USER.fullmatch(text) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
