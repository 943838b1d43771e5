"""A phone without buttons, used like one with: what can be typed on the screen is read from its words."""

import re
from collections.abc import Callable, Iterator, Mapping

from conversations.options import Shown as Step
from conversations.questions import ChoiceQuestion, Questionnaire, ScaleQuestion, SeveralQuestion
from conversations.review import NAMED
from conversations.text import excerpt
from locales import phrases
from tests.platforms.telegram_chats import Chat, Shown
from tests.walks.reading import label, mark

SAY = phrases.load().voice("vi")
NUMBERED = re.compile(r"^ *(\d+)\. (\[[x ]\] )?(.+)$", re.MULTILINE)
WORD = re.compile(r"\[([^\[\]]{2,})\]")
EDIT, PAGE, DONE = (
    re.compile(r"Sửa câu (\d+)"),
    re.compile(r"(?:‹ )?Trang (\d+)/\d+(?: ›)?"),
    re.compile(r"Xong \(\d+\)"),
)
FIXED = {
    SAY("consent.yes"): "yes",
    SAY("engine.review.send"): "send",
    SAY("engine.review.done"): "send",
    SAY("engine.skip"): "skip",
    SAY("engine.decline"): "decline",
    SAY("engine.back"): "back",
    SAY("engine.next"): "next",
    SAY("nav.home"): "home",
    SAY("settings.done"): "home",
    SAY("engine.stop"): "stop",
}


def choices(text: str) -> dict[str, tuple[str, str]]:
    """What can be typed, numbers first: by label the number or the word, and the tick ("" where there is none)."""
    by_number = {number: (said.strip(), tick.strip()) for number, tick, said in NUMBERED.findall(text)}
    found = {said: (number, tick) for number, (said, tick) in by_number.items()}
    return found | {said: (said, "") for said in WORD.findall(text) if said not in found}


class Words:
    """One person's phone on a platform of plain words. `send` sends a text; `arrived` is told each message.

    The same words in a row are the same screen, shown once more.
    """

    def __init__(
        self, chat: Chat, user: str, forms: Mapping[str, Questionnaire], send: Callable[[str], object]
    ) -> None:
        self.chat, self.user = chat, user
        self._forms, self._send = forms, send
        self._parts: list[str] = []
        self._shown, self._last = 0, ""
        self._typed: dict[str, str] = {}

    def say(self, text: str) -> None:
        """Type and send."""
        self._parts = []
        self._send(text)

    def tap_data(self, data: str, _message: Shown | None = None) -> None:
        """Type what stands for a choice: its number or its word."""
        self.say(self._typed[data.partition(".")[2]])

    def arrived(self, text: str) -> None:
        """Read a message; a screen in several parts is read once the last is there, which ends in words to type."""
        self._parts.append(text)
        if not text.rstrip().endswith("]"):
            return
        whole = "\n".join(self._parts)
        self._parts = []
        self._shown += whole != self._last
        self._last = whole
        self._typed = dict(self._actions(whole))
        keyboard = [[{"text": said, "callback_data": f"{self._shown}.{act}"}] for act, said in self._typed.items()]
        self.chat.show(Shown(self._shown, True, whole, 0, keyboard=keyboard))

    def _actions(self, text: str) -> Iterator[tuple[str, str]]:
        options = self._options(text)
        for said, (typed, tick) in choices(text).items():
            if said in options:
                yield {"[x]": "-", "[ ]": "+"}.get(tick, "o:") + options[said], typed
            elif action := self._action(said, text):
                yield action, typed

    def _action(self, said: str, text: str) -> str:
        if found := EDIT.fullmatch(said):
            return f"edit:{self._reviewed(text).get(found[1], '')}"
        if found := PAGE.fullmatch(said):
            return f"page:{found[1]}"
        if DONE.fullmatch(said):
            return "done"
        for id, form in self._forms.items():
            title = form.title.in_("vi")
            if said in (title, SAY("unit.begin", title=title)):
                return f"{'q' if said == title else 'begin'}:{id}"
        return FIXED.get(said, "")

    def _options(self, text: str) -> dict[str, str]:
        """The options of the question that is asked, by all that they may be called."""
        asked = [step for form in self._forms.values() for step in form.steps if mark(step) in text]
        step = max(asked, key=lambda each: len(mark(each)), default=None)
        if not isinstance(step, ChoiceQuestion | SeveralQuestion | ScaleQuestion):
            return {}
        options = (*getattr(step, "options", ()), *getattr(step, "beside", ()))
        whole = {option.text.in_("vi"): option.id for option in options}
        return {label(step, f"o:{id}"): id for id in step.known} | whole

    def _reviewed(self, text: str) -> dict[str, str]:
        """The questions that a review lists, by number."""
        lines = dict(re.findall(r"^ *(\d+)\. (.+)$", text, re.MULTILINE)[::-1])
        by_form = [
            {n: found for n, line in lines.items() if (found := _named(form, line))} for form in self._forms.values()
        ]
        return max(by_form, key=len)


def _named(form: Questionnaire, line: str) -> str:
    def heads(step: Step) -> bool:
        name = step.name("vi")
        return line.startswith(excerpt(name if name.endswith("?") else f"{name}:", NAMED))

    return next((step.id for step in form.steps if heads(step)), "")
