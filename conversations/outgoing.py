"""From a screen to a message: numbers for the choices, taps that carry the revision. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations import typed
from conversations.screens import Choice, Screen
from models.messages import Address, Button, Outbound, Picture


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where a screen goes: to whom, as which revision, in place of which old screen, under which banner."""

    to: Address
    revision: int
    edits: str = ""
    banner: str = ""


def compose(screen: Screen, envelope: Envelope, notices: Sequence[str] = ()) -> Outbound:
    """Write a screen as a message. Notices come before the text; nav buttons are the last row and have no number."""
    return Outbound(
        to=envelope.to,
        title=screen.title,
        text="\n\n".join((*notices, screen.text)),
        buttons=_rows(screen, envelope.revision),
        picture=Picture(screen.picture, screen.picture_alt) if screen.picture else None,
        edits=envelope.edits,
        banner=envelope.banner,
        forget=screen.forget,
        shows=screen.shows,
        takes=screen.takes,
    )


def _rows(screen: Screen, revision: int) -> tuple[tuple[Button, ...], ...]:
    numbers = zip(screen.choices, typed.numbers(screen.choices), strict=True)
    numbered = [_button(choice, revision, number) for choice, number in numbers]
    rows = [tuple(numbered[i : i + screen.columns]) for i in range(0, len(numbered), screen.columns)]
    if screen.nav:
        rows.append(tuple(_button(choice, revision, None) for choice in screen.nav))
    return tuple(rows)


def _button(choice: Choice, revision: int, number: int | None) -> Button:
    tap = "" if choice.url else f"{revision}.{choice.action}"
    return Button(choice.label, tap, number, choice.chosen, choice.style, choice.url, choice.full)
