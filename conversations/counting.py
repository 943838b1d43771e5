"""What a release may take from answers: keys to count, and words to list apart. Nothing off the branch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversations.expressions import Expression
from conversations.interview import walk
from conversations.options import DECLINED_KEY
from conversations.places import Answer
from conversations.questions import ChoiceQuestion, Questionnaire, ScaleQuestion, Shown, WordsQuestion

Keys = dict[str, Sequence[str]]
Words = dict[str, str]


def counted(form: Questionnaire, answers: dict[str, Answer]) -> dict[str, list[str]]:
    """Return the keys that count, by question: options, steps, a number's band, a date's month, a unit's id.

    Declining counts as "@declined". What was passed over, notes and words are absent; so is a key that the
    questionnaire does not know.
    """
    return {step.id: keys for step, answer in _taken(form, answers) if (keys := _keys(step, answer))}


def words(form: Questionnaire, answers: dict[str, Answer]) -> Words:
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


@dataclass(frozen=True, slots=True)
class _Row:
    """A step made ready for very many answers. `single` has the keys of every value that is one of a closed list."""

    step: Shown
    id: str
    when: Expression | None
    looked_at: bool  # by the condition of a later step
    single: Mapping[str, Sequence[str]]


def counter(form: Questionnaire) -> Callable[[Mapping[str, Any]], tuple[Keys, Words]]:
    """Make a function that gives `counted` and `words` of answers in their JSON form (`Answer.to_data`), much faster.

    For a release, which reads a million records: no answer is made an object that no condition looks at.
    """
    looked_at = frozenset(name for step in form.steps if step.when for name in step.when.names)
    rows = tuple(_Row(step, step.id, step.when, step.id in looked_at, _single(step)) for step in form.steps)

    def count(answers: Mapping[str, Any]) -> tuple[Keys, Words]:
        keys: Keys = {}
        said: Words = {}
        kept: dict[str, Answer] = {}
        for row in rows:
            if row.id not in answers or (row.when is not None and not row.when.true(kept)):
                continue
            data = answers[row.id]
            if row.looked_at:
                kept[row.id] = Answer.from_data(data)
            value = data.get("v")
            if isinstance(value, str) and value in row.single:
                keys[row.id] = row.single[value]
            else:
                _add(row.step, Answer.from_data(data), keys, said)
        return keys, said

    return count


def _single(step: Shown) -> Mapping[str, Sequence[str]]:
    if not isinstance(step, ChoiceQuestion | ScaleQuestion):
        return {}
    return {value: tuple(_keys(step, Answer(value))) for value in step.known}


def _add(step: Shown, answer: Answer, keys: Keys, said: Words) -> None:
    if isinstance(step, WordsQuestion):
        if answer.given:
            said[step.id] = str(answer.value)
    elif found := _keys(step, answer):
        keys[step.id] = found
