"""What a release may take from answers: keys to count, and words to list apart. Nothing off the branch."""

import json
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any, NamedTuple

from conversations.expressions import Expression
from conversations.interview import walk
from conversations.options import DECLINED_KEY
from conversations.places import Answer
from conversations.questions import ChoiceQuestion, Questionnaire, ScaleQuestion, Shown, WordsQuestion

Keys = dict[str, tuple[str, ...]]
Words = dict[str, str]


def counted(form: Questionnaire, answers: dict[str, Answer]) -> dict[str, list[str]]:
    """Return the keys that count, by question: options, steps, a number's band, a date's month, a unit's id.

    Declining counts as "@declined". What was passed over, notes and words are absent; so is a key that the
    questionnaire does not know.
    """
    return {step.id: keys for step, answer in _taken(form, answers) if (keys := _keys(step, answer, step.keys()))}


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


def _keys(step: Shown, answer: Answer, known: Container[str]) -> list[str]:
    if isinstance(step, WordsQuestion) or answer.skipped:
        return []
    if answer.declined:
        return [DECLINED_KEY]
    return [key for key in step.counted(answer) if not known or key in known]


class _Row(NamedTuple):
    """A step made ready for very many answers. `single` has the keys of every value that is one of a closed list."""

    id: str
    when: Expression | None
    looked_at: bool  # by the condition of a later step
    single: Mapping[str, tuple[str, ...]]
    step: Shown
    known: frozenset[str]


def counter(form: Questionnaire) -> Callable[[Mapping[str, Any]], tuple[Keys, Words]]:
    """Make a function that gives `counted` and `words` of answers in their JSON form (`Answer.to_data`), much faster.

    For a release, which reads a million records: no answer is made an object that no condition looks at.
    """
    looked_at = frozenset(name for step in form.steps if step.when for name in step.when.names)
    rows = tuple(_row(step, looked_at) for step in form.steps)

    def count(answers: Mapping[str, Any]) -> tuple[Keys, Words]:
        keys: Keys = {}
        said: Words = {}
        kept: dict[str, Answer] = {}
        for id, when, looked_at, single, step, known in rows:
            if id not in answers or (when is not None and not when.true(kept)):
                continue
            data = answers[id]
            if looked_at:
                kept[id] = Answer.from_data(data)
            value = data.get("v")
            if type(value) is str and value in single:
                keys[id] = single[value]
            elif type(value) is list and known:
                if chosen := tuple([key for key in value if key in known]):
                    keys[id] = chosen
            elif value is not None or "declined" in data:
                answer = Answer.from_data(data)
                if found := _keys(step, answer, known):
                    keys[id] = tuple(found)
                elif answer.given and isinstance(step, WordsQuestion):
                    said[id] = str(answer.value)
        return keys, said

    return count


class Read(NamedTuple):
    """What a release takes from one record: the consent it was given under, keys by question, words by question."""

    consent: str
    keys: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]


def reader(forms: Mapping[str, Questionnaire]) -> Callable[[bytes], Read]:
    """Make a function that reads records (`Place.to_json`), each in the version of the form (by version) it names."""
    counters = {version: counter(form) for version, form in forms.items()}

    def read(record: bytes) -> Read:
        place = json.loads(record.decode())
        return Read(place.get("consent", ""), *counters[place["version"]](place["answers"]))

    return read


def _row(step: Shown, looked_at: Container[str]) -> _Row:
    known, one_key = frozenset(step.keys()), isinstance(step, ChoiceQuestion | ScaleQuestion)
    single = {value: tuple(_keys(step, Answer(value), known)) for value in known} if one_key else {}
    return _Row(step.id, step.when, step.id in looked_at, single, step, known)
