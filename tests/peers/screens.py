"""The screens of the aiogram peer: a question, and the review before sending."""

from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from tests.peers.questionnaire import Question

Shown = tuple[str, InlineKeyboardMarkup]


class Tap(CallbackData, prefix="t", sep="."):
    """What a button carries: the question it belongs to and what it does there."""

    question: str
    action: str


def ask(title: str, question: Question, ticked: list[str], branch: list[str]) -> Shown:
    """A question with its progress, its buttons two in a row and the navigation below."""
    number = branch.index(key(question)) + 1
    done = "▰" * (10 * number // len(branch))
    head = f"{title}\nCâu {number}/{len(branch)} · {done:▱<10}"
    long = [f"{n}. {text}" for n, (_, text, label) in enumerate(question.options, 1) if text != label]
    text = "\n\n".join(part for part in (head, question.text, "\n".join(long), question.hint) if part)
    return text, keyboard(key(question), [*rows(question, ticked), navigation(question)])


def review(title: str, branch: list[Question], answers: dict[str, Any]) -> Shown:
    """All answers with a button to change each, and the button that sends."""
    asked = [question for question in branch if question.kind != "note"]
    lines = [f"{n}. {q.short}: {said(q, answers.get(key(q)))}" for n, q in enumerate(asked, 1)]
    text = "\n".join([f"{title}\nXin anh/chị xem lại:", *lines])
    buttons = [(f"Sửa {n}", f"edit:{key(q)}") for n, q in enumerate(asked, 1)]
    return text, keyboard("", [*in_rows(buttons, 4), [("Gửi", "send")]])


def key(question: Question) -> str:
    """A question's id as a button may carry it."""
    return question.id.replace(".", "-")


def listed(value: object) -> list[str]:
    """An answer as a list of picks."""
    return value if isinstance(value, list) else [str(value)]


def said(question: Question, value: object) -> str:
    """An answer in words."""
    labels = {option: label for option, _, label in question.options} | {"@decline": "Không muốn trả lời"}
    return ", ".join(labels.get(pick, pick) for pick in listed(value)) if value is not None else "(bỏ qua)"


def rows(question: Question, ticked: list[str]) -> list[list[tuple[str, str]]]:
    """The buttons of a question's options."""
    if question.kind == "several":
        return in_rows([(f"{'✅' if o in ticked else '⬜'} {b}", toggle(o, ticked)) for o, _, b in question.options], 2)
    return in_rows([(label, f"o:{option}") for option, _, label in question.options], 2)


def toggle(option: str, ticked: list[str]) -> str:
    """What a tap on a tick does."""
    return f"off:{option}" if option in ticked else f"on:{option}"


def navigation(question: Question) -> list[tuple[str, str]]:
    """The last row."""
    forward = {"note": ("Tiếp tục", "next"), "several": ("Xong", "done")}.get(question.kind)
    decline = [("Không muốn trả lời", "decline")] if question.decline else []
    return [("‹ Quay lại", "back"), *decline, *([forward] if forward else []), ("Bỏ qua", "skip")]


def in_rows(buttons: list[tuple[str, str]], width: int) -> list[list[tuple[str, str]]]:
    """Cut a list of buttons into rows."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def keyboard(question: str, table: list[list[tuple[str, str]]]) -> InlineKeyboardMarkup:
    """Telegram's form of the buttons."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=t, callback_data=Tap(question=question, action=a).pack()) for t, a in row]
            for row in table
        ]
    )
