"""What a release may take from answers: keys to count, and words to list apart. Nothing off the branch."""

from collections.abc import Iterator

from conversations.interview import walk
from conversations.options import DECLINED_KEY
from conversations.places import Answer
from conversations.questions import Questionnaire, Shown, WordsQuestion


def counted(form: Questionnaire, answers: dict[str, Answer]) -> dict[str, list[str]]:
    """Return the keys that count, by question: options, steps, a number's band, a date's month, a unit's id.

    Declining counts as "@declined". What was passed over, notes and words are absent; so is a key that the
    questionnaire does not know.
    """
    return {step.id: keys for step, answer in _taken(form, answers) if (keys := _keys(step, answer))}


def words(form: Questionnaire, answers: dict[str, Answer]) -> dict[str, str]:
    """Return what was written in own words, by question, whole."""
    return {
        step.id: str(answer.value)
        for step, answer in _taken(form, answers)
        if isinstance(step, WordsQuestion) and answer.given
    }


def _taken(form: Questionnaire, answers: dict[str, Answer]) -> Iterator[tuple[Shown, Answer]]:
    path, kept = walk(form, answers)
    return ((step, kept[step.id]) for step in path if step.id in kept)


def _keys(step: Shown, answer: Answer) -> list[str]:
    if isinstance(step, WordsQuestion) or answer.skipped:
        return []
    if answer.declined:
        return [DECLINED_KEY]
    known = step.keys()
    return [key for key in step.counted(answer) if not known or key in known]
