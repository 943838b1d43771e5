"""Why figures have an error and how they are read: in short beside them, in full when asked for."""

from conversations.screens import Choice, Screen
from handlers.visit import Visit
from handlers.words import aliases, home
from models.figures import Summary


def short(visit: Visit, summary: Summary) -> list[str]:
    """The explanation in a few sentences; none where every question is exact."""
    return [visit.t("margins.short")] if any(figure.error for figure in summary.questions.values()) else []


def why(visit: Visit) -> Choice:
    """The way to the full explanation."""
    return Choice("why", visit.t("margins.button"), aliases(visit, "margins.words"))


def back(visit: Visit) -> Choice:
    """The way back to the figures."""
    return Choice("figures", visit.t("summary.back"), aliases(visit, "summary.back.words"))


def screen(visit: Visit) -> Screen:
    """The full explanation."""
    return Screen(visit.t("margins.text"), visit.t("margins.button"), nav=(back(visit), home(visit)))
