"""A message as Telegram will show it, in words: for whoever is to approve it before anybody gets it."""

import re
from html import unescape

from bot.channels.telegram_screens import DELETE, Call, render
from models.messages import Outbound

TAG = re.compile(r"</?b>")


def preview(outbound: Outbound) -> list[str]:
    """Give the texts of the messages in their order, with buttons as lines of "[label]" and a file by its name."""
    return [_shown(call) for call in render(outbound) if call.method != DELETE]


def _shown(call: Call) -> str:
    if call.document is not None:
        return f"[{call.document.name}]"
    marked = call.parameters.get("caption" if call.png else "text", "")
    rows = call.parameters.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = ["  ".join(f"[{button['text']}]" for button in row) for row in rows]
    return "\n".join((*(["[PNG]"] if call.png else []), unescape(TAG.sub("", marked)), *buttons)).strip()
