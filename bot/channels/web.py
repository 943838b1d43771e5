"""The channel "web": what the chat page posts, and what it is sent. Pure translation; the routes are `web_chat`."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.can import Can
from models.messages import TAP_BYTES, Address, Button, Document, File, Inbound, Outbound, Picture

NAME = "web"
can = Can(buttons=True, edit=True, max_text=4000, photo=True, document=True, erase="page")

PNG = b"\x89PNG"
SEEN = 100
ID = re.compile(r"[A-Za-z0-9-]{8,40}")
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
SCREEN = re.compile(r"[0-9]{0,19}")
WORDS = re.compile(r"[^\W\d_]+")
OUR_LINK = re.compile(r"https?://|/(?!/)")


def parse(payload: object, sender: Address, at: datetime) -> Inbound | None:
    """Read a post of the page; None for anything that our page would not have sent.

    The id is hashed with the sender, so that nobody can use up the ids of others. An empty `start` is a newcomer's
    first look.
    """
    if not isinstance(payload, dict) or not _matches(ID, id := payload.get("id")):
        return None
    said = [(kind, payload[kind]) for kind in ("text", "tap", "start") if kind in payload]
    screen = payload.get("screen", "")
    if len(said) != 1 or not _matches(SCREEN, screen) or not _sound(*said[0]):
        return None
    kind, value = said[0]
    if (kind, value) == ("start", ""):
        kind, value = "text", "/start"
    own_id = hashlib.sha256(f"{sender.user}:{id}".encode()).hexdigest()[:32]
    words = {kind: value.replace("\x00", "").encode(errors="replace").decode()}  # half an emoji is no text
    return Inbound(id=own_id, sender=sender, at=at, screen=screen, **words)


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _sound(kind: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    if kind == "tap":
        return 0 < len(value) <= TAP_BYTES and value.isascii()
    return bool(value.strip()) if kind == "text" else value == "" or TOKEN.fullmatch(value) is not None


def attached(id: str, kind: str, content: bytes, inbound: Inbound) -> Inbound | None:
    """Read a file that the page sent; None for what our page would not have sent."""
    if not ID.fullmatch(id) or not content:
        return None
    own_id = hashlib.sha256(f"{inbound.sender.user}:{id}".encode()).hexdigest()[:32]
    return replace(inbound, id=own_id, media="file", file=File(id, kind=kind, size=len(content)), content=content)


def seen(payload: object) -> list[int]:
    """Read the ids that a page says it has; what is not an id is passed over."""
    ids = payload.get("seen") if isinstance(payload, dict) else None
    if not isinstance(ids, list):
        return []
    return [id for id in ids[:SEEN] if isinstance(id, int) and not isinstance(id, bool) and 0 < id < 2**63]


def render(id: int, outbound: Outbound) -> dict[str, Any]:
    """Write a message as the page reads it; what is empty is left out."""
    message = {
        "title": outbound.title,
        "buttons": [_row(row) for row in outbound.buttons],
        "picture": outbound.picture and _picture(outbound.picture),
        "document": outbound.document and _document(outbound.document),
        "edits": outbound.edits,
        "banner": outbound.banner,
        "forget": outbound.forget,
        "takes": outbound.takes,
    }
    kept = {name: value for name, value in message.items() if value}
    return {"id": id, "text": outbound.text, "lang": language_of(outbound.title + "\n" + outbound.text), **kept}


def _row(row: tuple[Button, ...]) -> list[dict[str, Any]]:
    return [_button(button) for button in row if not button.url or OUR_LINK.match(button.url)]


def _button(button: Button) -> dict[str, Any]:
    fields = {"tap": button.tap, "number": button.number, "style": button.style, "url": button.url}
    kept: dict[str, Any] = {name: value for name, value in fields.items() if value}
    if button.chosen is not None:
        kept["chosen"] = button.chosen
    return {"label": button.label, **kept}


def _picture(picture: Picture) -> dict[str, Any]:
    data = base64.b64encode(picture.png).decode()
    if not picture.png.startswith(PNG):  # a photo that an officer sent; its size shows when it is there
        return {"src": f"data:image/jpeg;base64,{data}", "alt": picture.alt}
    width, height = (int.from_bytes(picture.png[at : at + 4], "big") for at in (16, 20))  # PNG, IHDR
    return {"src": f"data:image/png;base64,{data}", "alt": picture.alt, "width": width, "height": height}


def _document(document: Document) -> dict[str, str]:
    """A file that was published, where our own pages give it."""
    return {"name": document.name, "url": f"/media/{hashlib.sha256(document.data).hexdigest()}"}


def language_of(text: str) -> str:
    """Tell Vietnamese ("vi") from English ("en") for a screen reader's voice: most Vietnamese words carry a mark.

    English that names a few Vietnamese places stays English; official words quoted within it are read as Vietnamese.
    """
    words = WORDS.findall(text)
    marked = sum(not word.isascii() for word in words)
    return "en" if words and marked < len(words) / 3 else "vi"
