"""Writes replies under the lines of a transcript, as people see them. A screen that is seen again is only named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.channels.in_words import in_words
from handlers.words import CHANNELS
from models.messages import Address, Button, Outbound
from tests.transcripts.reading import INDENT

WIDE = 110
SHORT = 8  # lines; a shorter screen is written out each time
TICKS = {None: "", True: "☑ ", False: "☐ "}
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
LINK = re.compile(r"/go/[A-Za-z0-9_-]{43}")
IN_WORDS = ("console", "zalo-bot", "zalo-oa")  # channels without buttons
EMPTIED = "(màn hình được xóa trắng)"
WORDS_STILL = "(vẫn những lời trên)"
STILL, AGAIN = "(vẫn màn hình trên)", "(lại màn hình «{name}» ở trên)"


@dataclass(slots=True)
class Writer:
    """Remembers the screens of one transcript, and who saw which last."""

    shown: list[Outbound] = field(default_factory=list)
    last: dict[str, Outbound] = field(default_factory=dict)

    def reply(self, who: str, outbound: Outbound, here: Address) -> list[str]:
        """Give the lines of one message, to somebody `here` or to another chat of theirs."""
        if outbound.to != here:
            return [*_indented(f"(gửi sang {CHANNELS[outbound.to.channel]})\n\n{whole(outbound)}"), ""]
        if outbound.deletes:
            return _indented(f"(xóa khỏi màn hình {len(outbound.deletes)} tin)")
        known = self._known(outbound)
        if known is None:
            before, self.last[who] = self.last.get(who), outbound
            self.shown.append(outbound)
            return _indented(whole(outbound) if before is None else _moved(outbound, before))
        notices = outbound.text[: len(outbound.text) - len(known.text)].rstrip()
        same = self.last.get(who)
        name = known.title or known.text.split("\n")[0]
        remark = STILL if same is not None and _face(same) == _face(known) else AGAIN.format(name=name)
        self.last[who] = known
        return _indented("\n\n".join(part for part in (notices, remark) if part))

    def _known(self, outbound: Outbound) -> Outbound | None:
        return next((each for each in reversed(self.shown) if _again(outbound, each)), None)


def whole(outbound: Outbound) -> str:
    """Write a message out: on a terminal as the terminal does, elsewhere with its buttons in brackets."""
    hidden = replace(outbound, text=CODE.sub("<mã>", outbound.text))
    text = in_words(hidden) if outbound.to.channel in IN_WORDS else _with_buttons(hidden)
    text = LINK.sub("/go/<mã>", text)
    return f"{text}\n\n{EMPTIED}" if outbound.forget else text


def _moved(outbound: Outbound, before: Outbound) -> str:
    """Write only the buttons out where nothing else has changed: one tick more."""
    same = (outbound.title, outbound.text, outbound.to.channel) == (before.title, before.text, before.to.channel)
    if not same or len(outbound.text.split("\n")) < SHORT:
        return whole(outbound)
    return f"{WORDS_STILL}\n\n{whole(replace(outbound, title='', text='', banner=''))}"


def _with_buttons(outbound: Outbound) -> str:
    buttons = [button for row in outbound.buttons for button in row]
    choices = _rows(_face_of(button) for button in buttons if button.number is not None)
    nav = _rows(_face_of(button) for button in buttons if button.number is None)
    picture = f"(hình: {outbound.picture.alt})" if outbound.picture else ""
    parts = [outbound.banner, outbound.title, outbound.text, picture, "\n".join((*choices, *nav))]
    return "\n\n".join(part for part in parts if part)


def _face_of(button: Button) -> str:
    return f"[{TICKS[button.chosen]}{button.label}]"


def _rows(faces: Iterable[str]) -> list[str]:
    rows: list[str] = []
    for face in faces:
        if rows and len(rows[-1]) + len(face) < WIDE:
            rows[-1] += f" {face}"
        else:
            rows.append(face)
    return rows


def _again(outbound: Outbound, before: Outbound) -> bool:
    """Tell whether a message is a screen of before, with or without notices in front of it."""
    if len(whole(before).split("\n")) < SHORT or _around(outbound) != _around(before):
        return False
    rest = outbound.text.removesuffix(before.text)
    return outbound.text.endswith(before.text) and (not rest or rest.endswith("\n\n"))


def _around(outbound: Outbound) -> object:
    labels = [(button.label, button.chosen) for row in outbound.buttons for button in row]
    terminal = outbound.to.channel in IN_WORDS
    return outbound.title, outbound.banner, outbound.forget, outbound.picture, labels, terminal


def _face(outbound: Outbound) -> object:
    return outbound.text, _around(outbound)


def _indented(text: str) -> list[str]:
    return [f"{INDENT}{line}".rstrip() for line in text.split("\n")]
