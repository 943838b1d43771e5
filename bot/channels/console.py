"""The channel "console": the conversation on a terminal, in words and numbers, as on any channel without buttons."""

from bot.channels.can import Can
from models.messages import Button, Outbound

NAME = "console"
can = Can(buttons=False, edit=False, max_text=100_000, photo=False, document=False)


def render(outbound: Outbound) -> str:
    """Write a message: title, text, the picture in words, the numbered choices, and the words that may be typed."""
    buttons = [button for row in outbound.buttons for button in row]
    numbered = [f"  {button.number}. {_tick(button)}{button.label}" for button in buttons if button.number is not None]
    words = [f"[{button.label}]" for button in buttons if button.number is None]
    alt = outbound.picture.alt if outbound.picture else ""
    parts = [outbound.banner, outbound.title, outbound.text, alt, "\n".join(numbered), "  ".join(words)]
    return "\n\n".join(part for part in parts if part.strip())


def _tick(button: Button) -> str:
    return "" if button.chosen is None else ("[x] " if button.chosen else "[ ] ")
