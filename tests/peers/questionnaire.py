"""A questionnaire of a pack as somebody reads it who writes only this one bot: no checks, Vietnamese only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SCALE = 5


@dataclass(frozen=True, slots=True)
class Question:
    """One screen: `options` are (id, text, button); `has` are the picks of an earlier question that open it."""

    id: str
    kind: str
    text: str
    short: str
    hint: str = ""
    options: tuple[tuple[str, str, str], ...] = ()
    exclusive: frozenset[str] = frozenset()
    decline: bool = False
    max: int = 0
    has: tuple[tuple[str, str], ...] = ()


def load(file: Path) -> tuple[str, tuple[Question, ...]]:
    """Read the title and the questions, a scale's statements each as one question."""
    told = yaml.safe_load(file.read_text("utf-8"))
    return vi(told["title"]), tuple(question for entry in told["questions"] for question in questions(entry))


def questions(entry: dict[str, Any]) -> list[Question]:
    """Turn one entry into its screens."""
    options = [(o["id"], vi(o["text"]), vi(o.get("button", o["text"]))) for o in entry.get("options", [])]
    options += [(str(n), vi(step), vi(step)) for n, step in enumerate(entry.get("steps", []), 1)]
    options += [(o["id"], vi(o["text"]), vi(o.get("button", o["text"]))) for o in entry.get("beside", [])]
    statements = entry.get("statements", [{"id": "", "text": ""}])
    return [
        Question(
            id=f"{entry['id']}.{statement['id']}".rstrip("."),
            kind=entry["kind"],
            text=f"{vi(entry['text'])}\n\n{vi(statement['text'])}".rstrip(),
            short=vi(statement["text"]) or vi(entry.get("short", entry["text"])),
            hint=vi(entry.get("hint", "")),
            options=tuple(options),
            exclusive=frozenset(o["id"] for o in entry.get("options", []) if o.get("exclusive")),
            decline=entry.get("decline", False),
            max=entry.get("max", 0),
            has=conditions(entry.get("when", "")),
        )
        for statement in statements
    ]


def conditions(when: str) -> tuple[tuple[str, str], ...]:
    """Read `a has x or a has y`, the one shape of condition that this bot knows."""
    parts = (part.split(" has ") for part in when.split(" or ") if " has " in part)
    return tuple((question.strip(), option.strip()) for question, option in parts)


def vi(text: str | dict[str, str]) -> str:
    """The Vietnamese words of a text."""
    return (text["vi"] if isinstance(text, dict) else text).strip()
