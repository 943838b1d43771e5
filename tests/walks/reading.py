"""What a person reads on the phone: which question it is, and what can be chosen there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from conversations.options import Asked, Shown
from conversations.questions import Questionnaire
from conversations.scales import ScaleQuestion, StatementQuestion
from tests.platforms.telegram_chats import Shown as Message

SENT = "đã gửi, còn sửa được"


@dataclass(frozen=True)
class Seen:
    """One screen. `taps` are the data of its buttons, by what they do; `sign` tells two screens apart."""

    message: Message
    revision: int
    taps: dict[str, str]
    labels: dict[str, str]

    @property
    def sign(self) -> tuple[int, tuple[str, ...]]:
        """Revision and choices."""
        return self.revision, tuple(self.taps)

    def offered(self, start: str) -> list[str]:
        """What can be done whose name begins so."""
        return [action for action in self.taps if action.startswith(start)]

    @cached_property
    def ticked(self) -> set[str]:
        """The options that stand ticked."""
        return {action[1:] for action in self.offered("-")}


def read(message: Message | None) -> Seen | None:
    """Read a message; None for one without choices (the first parts of a long one)."""
    buttons = [button for row in message.keyboard for button in row] if message else []
    taps = {button["callback_data"].partition(".")[2]: button for button in buttons if "callback_data" in button}
    if message is None or not taps:
        return None
    data = {action: button["callback_data"] for action, button in taps.items()}
    revision = int(next(iter(data.values())).partition(".")[0])
    return Seen(message, revision, data, {action: button["text"] for action, button in taps.items()})


def question(seen: Seen, forms: Iterable[Questionnaire]) -> tuple[Questionnaire, Shown]:
    """Tell which question is asked, by its words. Raises LookupError for a screen that is none."""
    found = [(mark(step), form, step) for form in forms for step in form.steps if mark(step) in seen.message.text]
    if not found:
        raise LookupError(f"no question: {seen.message.text!r} with {seen.taps}")
    _, form, step = max(found, key=lambda each: len(each[0]))
    return form, step


def mark(step: Shown) -> str:
    """The words by which a step is known: those before anything that is recalled."""
    if isinstance(step, StatementQuestion):
        return f"{step.number}/{step.total} · {step.statement.in_('vi')}"
    return re.split(r"\{[^{}]*\}", step.text.in_("vi"))[0]


def sent(seen: Seen, form: Questionnaire) -> bool:
    """Tell whether the home screen says that a questionnaire was sent."""
    line = re.search(rf"^{re.escape(form.title.in_('vi'))}\nKhoảng .*$", seen.message.text, re.MULTILINE)
    return bool(line) and SENT in line[0] if line else False


def label(step: Shown, action: str) -> str:
    """The label of an option as the questionnaire gives it, for typing."""
    name = action.partition(":")[2]
    if isinstance(step, ScaleQuestion) and name in step.scale:
        words = step.scale[name]
        return words.in_("vi") if words else name
    options = (*getattr(step, "options", ()), *getattr(step, "beside", ()))
    assert isinstance(step, Asked)
    return str(next(option.label("vi") for option in options if option.id == name))
