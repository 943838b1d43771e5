"""A message as plain text, for channels without buttons: numbers to type for the choices, words for the rest."""

import re
from collections.abc import Sequence

from models.messages import Button, Outbound

GAP = re.compile(r"\n{3,}")


def in_words(outbound: Outbound) -> str:
    """Write a message: banner, title, text, picture in words, numbered choices, and the words that may be typed.

    What opens a page stands on a line of its own, so that nothing is taken for a part of its address. Choices that the
    text lists whole, for the sake of short buttons, are listed once.
    """
    buttons = [button for row in outbound.buttons for button in row]
    numbered = [
        f"  {button.number}. {_tick(button)}{_label(button)}" for button in buttons if button.number is not None
    ]
    links = [f"{button.label}: {button.url}" for button in buttons if button.url and button.number is None]
    words = [f"[{button.label}]" for button in buttons if not button.url and button.number is None]
    text = _unlisted(outbound.text, buttons)
    alt = outbound.picture.alt if outbound.picture and outbound.picture.alt not in text else ""
    parts = [outbound.banner, outbound.title, text, alt, "\n".join(numbered), "\n".join(links), "  ".join(words)]
    return "\n\n".join(part for part in parts if part.strip())


def _unlisted(text: str, buttons: Sequence[Button]) -> str:
    listed = {f"{button.number}. {button.full}" for button in buttons if button.full}
    lines = text.split("\n")
    if not listed <= set(lines):
        return text
    return GAP.sub("\n\n", "\n".join(line for line in lines if line not in listed))


def _label(button: Button) -> str:
    return f"{button.label}: {button.url}" if button.url else button.full or button.label


def _tick(button: Button) -> str:
    return "" if button.chosen is None else ("[x] " if button.chosen else "[ ] ")
