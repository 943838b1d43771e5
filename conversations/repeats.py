"""Knows the same question when it is asked twice, which a pack may not do.

In two questionnaires, people who answer both could be told apart: where the two groups differ by one person, so do the
figures. In one, its noise would be drawn twice for one answer.
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
    """Find questions that are asked before: the questionnaire, the question's id, and what is wrong.

    Within a questionnaire the same may be asked on two branches, where each has a condition.
    """
    asked: dict[str, tuple[Questionnaire, Shown]] = {}
    for form in forms:
        for step in form.steps:
            if not wording(step):
                continue
            first, same = asked.setdefault(wording(step), (form, step))
            if first is not form:
                yield form, step.id, f"this is asked in {first.id} too; the same question is asked once a campaign"
            elif same is not step and not (same.when and step.when):
                yield form, step.id, f"{same.id} asks the same; a question is asked once"
