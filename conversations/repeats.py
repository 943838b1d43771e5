"""Knows the same question when it is asked in two questionnaires, which a pack may not do.

People who answer both could be told apart: where the two groups differ by one person, so do the figures.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from conversations.options import Shown
from conversations.questions import Questionnaire
from locales.vietnamese import fold


def wording(step: Shown) -> str:
    """A fingerprint (32 hexadecimal digits) of what is asked, whatever its marks and capitals; "" if not counted."""
    if step.kind in ("note", "words"):
        return ""
    return sha256(fold(step.asks).encode()).hexdigest()[:32]


def repeats(forms: Iterable[Questionnaire]) -> Iterator[tuple[Questionnaire, str, str]]:
    """Find questions that an earlier questionnaire asks: the later one, the question's id, and what is wrong."""
    asked: dict[str, Questionnaire] = {}
    for form in forms:
        for step in form.steps:
            first = asked.setdefault(wording(step), form) if wording(step) else form
            if first is not form:
                yield form, step.id, f"this is asked in {first.id} too; the same question is asked once a campaign"
