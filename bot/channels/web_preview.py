"""A message as the web chat will show it, in words: one bubble, its buttons below, its file by its name."""

from models.messages import Outbound


def preview(outbound: Outbound) -> list[str]:
    """Give the text of the one message, with buttons as lines of "[label]"."""
    rows = ["  ".join(f"[{button.label}]" for button in row) for row in outbound.buttons]
    picture = ["[PNG]"] if outbound.picture else []
    file = [f"[{outbound.document.name}]"] if outbound.document else []
    words = "\n\n".join(part for part in (outbound.banner, outbound.title, outbound.text) if part)
    return ["\n".join((*picture, words, *file, *rows))]
