"""What a message may be so that the smallest phone and the strictest platform can show it.

Limits of Telegram (core.telegram.org/bots/api): 4,096 characters a message, 64 bytes of data a button.
"""

from collections.abc import Iterator

from bot.channels.parts import utf16
from bot.channels.telegram_screens import MAX_TEXT, render
from models.messages import TAP_BYTES, Button, Outbound

LABEL = 64  # characters
IN_A_ROW = 5  # numbers
NAV = 3
WAYS_OUT = ("go:start", "home", "go:stop", "stop", "back", "top", "keep", "no", "go:help")


def faults(outbound: Outbound, may_be_long: bool = False) -> Iterator[str]:
    """Say everything about a message that does not fit."""
    buttons = [button for row in outbound.buttons for button in row]
    for button in buttons:
        yield from _unfit(button)
    if not may_be_long and utf16("\n\n".join((outbound.banner, outbound.title, outbound.text))) > MAX_TEXT:
        yield f"the text is longer than {MAX_TEXT}"
    if not outbound.forget and not any(button.tap.partition(".")[2] in WAYS_OUT for button in buttons):
        yield "there is no way out"
    if outbound.text.strip() == "":
        yield "nothing is said"
    yield from _rows(outbound, {button.tap for button in buttons if button.number is None})


def _unfit(button: Button) -> Iterator[str]:
    if not 0 < len(button.label) <= LABEL:
        yield f"the label has {len(button.label)} characters: {button.label}"
    if not button.url and not (button.tap.isascii() and 0 < len(button.tap) <= TAP_BYTES):
        yield f"the tap does not fit: {button.tap}"


def _rows(outbound: Outbound, nav: set[str]) -> Iterator[str]:
    for call in render(outbound):
        for row in call.parameters.get("reply_markup", {}).get("inline_keyboard", ()):
            most = NAV if any(face.get("callback_data") in nav for face in row) else IN_A_ROW
            if len(row) > most:
                yield f"a row has {len(row)} buttons: {[face['text'] for face in row]}"
