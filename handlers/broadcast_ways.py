"""Ways between the screens of a broadcast, and the screen for what is no longer there."""

from collections.abc import Iterable

from conversations.screens import Choice, Screen
from handlers.broadcast_work import NAME, Work
from handlers.visit import Visit
from handlers.words import aliases, home

DRAFT, PLAN, LIST = "draft", "plan", "list"


def to(visit: Visit, view: str, work: Work | None = None, **data: object) -> None:
    """Open a screen, about some work."""
    visit.go(NAME, at=view, **(work.where if work else {}), **data)


def back(visit: Visit, label: str = "") -> Choice:
    """One screen back."""
    return Choice("back", label or visit.t("broadcast.back"), aliases(visit, "broadcast.back.words"))


def listing(visit: Visit) -> Choice:
    """Back to the list."""
    return Choice(LIST, visit.t("broadcast.list"), aliases(visit, "broadcast.list.words"))


def gone(visit: Visit) -> Screen:
    """What is said of something that was ended, or that a role no longer reaches."""
    return Screen(visit.t("broadcast.gone"), nav=(listing(visit), home(visit)))


def distinct(labels: Iterable[str]) -> list[str]:
    """The same labels; of equal ones the later ones are numbered, so that each can be typed."""
    found: list[str] = []
    for label in labels:
        twin = sum(1 for each in found if each == label or each.startswith(f"{label} ("))
        found.append(f"{label} ({twin + 1})" if twin else label)
    return found
