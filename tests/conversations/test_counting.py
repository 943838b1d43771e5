"""The fast counter of a release reads every record as the plain one does, whatever is in it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import engine
from conversations.counting import Read, counter, reader
from conversations.places import DECLINED, READ, SKIPPED, Answer, Place
from conversations.questions import Questionnaire
from tests.conversations.talking import all_kinds, choice, questionnaire, several
from tests.conversations.test_any_walk import OPTIONS, forms

VALUES: dict[str, list[Answer]] = {
    "choice": [Answer(each) for each in (*OPTIONS, "gone")],
    "several": [Answer(each) for each in ((), ("x",), ("x", "y"), ("gone", "z"), ("gone",))],
    "scale": [Answer(each) for each in ("0", "1", "3", "9", "beside")],
    "number": [Answer(each) for each in ("-5", "9.99", "10", "1000")],
    "date": [Answer(each) for each in ("2020-01-15", "1999-12-31")],
    "words": [Answer(each) for each in ("Lời", "x", "")],
    "unit": [Answer("u1", "Đơn vị 1"), Answer("x")],
    "note": [READ],
}


def agree(form: Questionnaire, answers: dict[str, Answer]) -> None:
    """The fast way gives what the plain way gives, and in the same order."""
    keys, words = counter(form)({name: answer.to_data() for name, answer in answers.items()})
    plain = engine.counted(form, answers)
    assert [(question, list(each)) for question, each in keys.items()] == list(plain.items())
    assert list(words.items()) == list(engine.words(form, answers).items())


@settings(max_examples=300)
@given(forms(), st.data())
def test_any_answers_are_counted_as_the_plain_way_counts_them(form: Questionnaire, data: st.DataObject) -> None:
    answers: dict[str, Answer] = {}
    # Also what lies off the branch, was never asked, or answers a question that is no longer there.
    for step in data.draw(st.permutations(form.steps)):
        if data.draw(st.booleans()):
            answers[step.id] = data.draw(st.sampled_from([*VALUES[step.kind], DECLINED, SKIPPED]))
    if data.draw(st.booleans()):
        answers["gone"] = Answer("x")
    agree(form, answers)


def test_every_kind_is_counted_the_same() -> None:
    form = all_kinds()
    for turn in range(5):
        agree(form, {step.id: VALUES[step.kind][turn % len(VALUES[step.kind])] for step in form.steps})
        known: dict[str, Any] = {step.id: list(step.keys()) for step in form.steps if step.kind in ("choice", "scale")}
        agree(form, {name: Answer(keys[turn % len(keys)]) for name, keys in known.items()})


def test_a_record_is_read_in_its_own_version() -> None:
    old, new = questionnaire(choice("a", "x", "y")), questionnaire(choice("a", "y", "z"))
    read = reader({form.version: form for form in (old, new)})
    for form, keys in ((old, {"a": ("x",)}), (new, {})):
        place = Place("thu", form.version, "", {"a": Answer("x")}, consent="2")
        assert read(place.to_json().encode()) == Read("2", keys, {})


def test_an_answer_of_a_branch_no_longer_taken_counts_for_nothing() -> None:
    form = questionnaire(
        choice("a", "x", "y"), choice("b", "x", "y", when="a == x"), several("c", "x", "y", when="b == x")
    )
    stale = {"a": Answer("y"), "b": Answer("x"), "c": Answer(("x",))}
    agree(form, stale)
    assert counter(form)({name: answer.to_data() for name, answer in stale.items()}) == ({"a": ("y",)}, {})
