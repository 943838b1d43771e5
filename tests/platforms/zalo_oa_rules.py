"""What the Official Account API refuses, by its documented codes, and the form that bodies must have.

The wording of -201 and the order of checks are invented; codes and meanings are the documented ones.
"""

import json
from typing import Any

MESSAGES = {
    -32: "Your application / Your OA reached limit call api",
    -100: "attachment_id was expired",
    -201: "{field} is invalid!",
    -204: "Offical Account is disable",
    -210: "Parameter exceeds allowable limit",
    -211: "Out of quota",
    -213: "User has not followed OA",
    -214: "Article is being processed",
    -216: "Access token is invalid",
    -217: "User has blocked invitation from OA",
    -218: "Out of quota receive",
    -220: "Access token is expired or removed",
    -224: "OA needs a higher package",
    -227: "User is banned or has been inactive for more than 45 days",
    -230: "User has not interacted with the OA in the past 7 days",
    -232: "User has not interacted with OA or last interaction is expired",
    -233: "Message type is invalid or not support",
    -234: "This message can't be sent at night (10PM-6AM)",
    -240: "MessageV2 API has been shut down",
    -244: "User has restricted this message type from your OA",
}
MAX_TEXT = 2000
MAX_BUTTONS, MAX_TITLE, MAX_PAYLOAD = 5, 100, 1000


class Refusal(Exception):
    """A refusal, which comes under HTTP 200."""

    def __init__(self, code: int, field: str = "") -> None:
        super().__init__(code)
        self.code, self.field = code, field

    def body(self) -> bytes:
        """Give the answer's body: no `data`."""
        text = MESSAGES.get(self.code, "Error").format(field=self.field)
        return json.dumps({"error": self.code, "message": text}).encode()


def units(text: str) -> int:
    """Count UTF-16 units, the stricter reading of "characters"."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def exactly(value: object, field: str, required: set[str], optional: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    """Let an object pass that has the fields it must have and none that is unknown."""
    if not isinstance(value, dict) or not required <= value.keys() or value.keys() - required - optional:
        raise Refusal(-201, field)
    return value


def text_of(message: dict[str, Any]) -> str:
    """Let a text pass."""
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refusal(-201, "text")
    if units(text) > MAX_TEXT:
        raise Refusal(-210)
    return text


def buttons_of(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Let buttons pass: at most five, titles and payloads within their limits."""
    exactly(payload, "payload", {"buttons"})
    buttons = payload["buttons"]
    if not isinstance(buttons, list) or not 0 < len(buttons) <= MAX_BUTTONS:
        raise Refusal(-201, "buttons")
    for button in buttons:
        exactly(button, "buttons", {"type", "title", "payload"})
        title, given = button["title"], button["payload"]
        if not isinstance(title, str) or not 0 < units(title) <= MAX_TITLE:
            raise Refusal(-201, "title")
        if button["type"] in ("oa.query.hide", "oa.query.show"):
            if not isinstance(given, str) or not 0 < len(given) <= MAX_PAYLOAD:
                raise Refusal(-201, "payload")
        elif button["type"] == "oa.open.url":
            exactly(given, "payload", {"url"})
        else:
            raise Refusal(-201, "type")
    return buttons
