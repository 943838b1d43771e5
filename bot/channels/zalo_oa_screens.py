"""How a message looks on an Official Account: plain text with numbers to type, and buttons where the operator dared.

Buttons on consultation messages are confirmed by no official page (some clients send them, at most five), so nothing
depends on them: the text says everything, and who sees no buttons types.
"""

import unicodedata
from typing import Any

from bot.channels.in_words import in_words
from bot.channels.parts import parts, utf16
from bot.channels.zalo_oa_events import TAP
from models.messages import Button, Outbound

MAX_TEXT = 2000  # "characters"; counted in UTF-16 units, the stricter reading
MAX_BUTTONS, MAX_TITLE = 5, 35

Body = dict[str, Any]


def texts(outbound: Outbound) -> list[str]:
    """Write a message as the texts it is sent in; none for one that only takes messages away, which cannot be done."""
    text = unicodedata.normalize("NFC", in_words(outbound)).strip()
    return parts(text, MAX_TEXT) if text else []


def bodies(outbound: Outbound, *, buttons: bool) -> list[Body]:
    """Lay a message out as requests to `/v3.0/oa/message/cs`; buttons go under the last text, if they are few."""
    messages: list[Body] = [{"text": text} for text in texts(outbound)]
    row = [button for row in outbound.buttons for button in row]
    if buttons and messages and 0 < len(row) <= MAX_BUTTONS:
        messages[-1]["attachment"] = {"type": "template", "payload": {"buttons": [_button(each) for each in row]}}
    return [{"recipient": {"user_id": outbound.to.user}, "message": message} for message in messages]


def in_text(body: Body) -> Body | None:
    """Give the same request without buttons; None where it has none."""
    message: Body = body["message"]
    if "attachment" not in message:
        return None
    return {**body, "message": {"text": message["text"]}}


def _button(button: Button) -> Body:
    if button.url:
        return {"type": "oa.open.url", "title": _title(button), "payload": {"url": button.url}}
    return {"type": "oa.query.hide", "title": _title(button), "payload": f"{TAP}{button.tap}"}


def _title(button: Button) -> str:
    """Cut a label; its number tells cut ones apart."""
    title = unicodedata.normalize("NFC", button.label if button.number is None else f"{button.number}. {button.label}")
    if utf16(title) <= MAX_TITLE:
        return title
    while utf16(title) > MAX_TITLE - 1:
        title = title[:-1]
    return title.rstrip() + "…"
