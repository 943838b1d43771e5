"""What a questionnaire may be, and what is refused, each time with a sentence that names the question."""

from typing import Any

import pytest
from pydantic import ValidationError

from conversations.questions import Questionnaire
from tests.conversations.talking import all_kinds, choice, number, questionnaire, several

SCALE: dict[str, Any] = {"kind": "scale", "id": "s", "from": 1, "to": 5}


def refused(*questions: dict[str, Any], **fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        questionnaire(*questions, **fields)
    return str(caught.value)


def test_every_kind_loads_and_a_series_becomes_one_step_a_statement() -> None:
    form = all_kinds()
    assert {step.kind for step in form.steps} == {
        "note",
        "choice",
        "several",
        "scale",
        "number",
        "date",
        "words",
        "unit",
    }
    assert [step.id for step in form.steps if step.id.startswith("hai-long")] == ["hai-long.bua-an", "hai-long.nha-tre"]
    assert form.by_id["hai-long.nha-tre"].name("en") == "Nursery"


def test_the_version_changes_with_the_content_only() -> None:
    form = all_kinds()
    assert len(form.version) == 16
    assert Questionnaire.model_validate_json(form.source).version == form.version
    assert Questionnaire.model_validate_json(form.source).steps == form.steps
    plain = questionnaire(choice("a", "x", "y"))
    assert questionnaire(choice("a", "x", "y", required=False)).version == plain.version
    assert questionnaire(choice("a", "x", "z")).version != plain.version


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("b == x", "'b' is asked only here or later"),
        ("c == x", "'c' is asked only here or later"),
        ("d == x", "there is no question 'd'"),
        ("a == z", "'a' has no 'z' (it has x, y)"),
        ("a < x", "'<' cannot be asked of 'a'"),
        ("a has x", "'has' cannot be asked of 'a'"),
        ("declined a", "'a' does not offer to decline"),
        ("a = x", "one of == != < > <= >= has is expected"),
    ],
)
def test_conditions_look_back_at_what_can_be(when: str, told: str) -> None:
    assert told in refused(choice("a", "x", "y"), choice("b", "x", "y", when=when), choice("c", "x", "y"))


@pytest.mark.parametrize(
    ("asked", "when", "told"),
    [
        (number("a"), "a == muoi", "'a' is a number and cannot be 'muoi'"),
        ({"kind": "date", "id": "a"}, "a < 15", "'a' is a date and cannot be '15'"),
        ({"kind": "words", "id": "a"}, "a == x", "'==' cannot be asked of 'a'"),
        ({"kind": "note", "id": "a"}, "answered a", "'a' is a note"),
        (SCALE | {"id": "a"}, "a > 6", "'a' has no '6'"),
        (SCALE | {"id": "a", "statements": [{"id": "m", "text": "M"}]}, "a > 3", "name a statement of it (a.m ...)"),
    ],
)
def test_conditions_fit_the_kind(asked: dict[str, Any], when: str, told: str) -> None:
    assert told in refused(asked, choice("b", "x", "y", when=when))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([choice("a", "x", "y"), choice("a", "x", "y")], "two questions have the id 'a'"),
        ([choice("A", "x", "y")], "should match pattern"),
        ([choice("a" * 41, "x", "y")], "should match pattern"),
        ([choice("not", "x", "y")], "is a word of conditions"),
        ([choice("a", "x", "x")], "question 'a': two options have the id 'x'"),
        ([choice("a") | {"options": [{"id": "x", "text": "Có"}, {"id": "y", "text": "có"}]}], "have the label 'có'"),
        ([choice("a", "x")], "at least 2 items"),
        ([choice("a") | {"options": [{"id": "x", "text": ""}, {"id": "y", "text": "Y"}]}], "may not be empty"),
        ([choice("a", "x", "y", colour="red")], "Extra inputs are not permitted"),
        ([{"kind": "poll", "id": "a"}], "does not match any of the expected tags"),
        ([choice("a", "x", "y", text="Vì {b}?")], "recalls 'b': there is no question 'b'"),
        ([choice("a", "x", "y", text="Vì {a}?", short="Vì")], "recalls 'a': 'a' is asked only here or later"),
        ([choice("b", "x", "y"), choice("a", "x", "y", text="Vì {b}?")], "need it `short`"),
        ([several("a", "x", "y", min=2, max=1)], "question 'a': min 2 and max 1"),
        ([several("a", "x", "y!", min=2)], "question 'a': min 2"),
        ([number("a", min=5, max=1)], "question 'a': min 5 is more than max 1"),
        ([{"kind": "date", "id": "a", "min": "2020-01-02", "max": "2020-01-01"}], "question 'a'"),
        ([{"kind": "words", "id": "a", "max": 4001}], "less than or equal to 4000"),
        ([{"kind": "scale", "id": "a"}], "question 'a': a scale has either steps, or from and to"),
        ([SCALE | {"steps": ["x", "y"]}], "question 's': a scale has either steps"),
        ([SCALE | {"labels": {6: "Tốt"}}], "question 's': labels name numbers"),
        ([SCALE | {"to": 1}], "question 's': a scale has at least two steps"),
        ([SCALE | {"id": "a" * 30, "statements": [{"id": "b" * 30, "text": "B"}]}], "has more than 43 characters"),
        ([{"kind": "note", "id": "a"}], "the questionnaire asks nothing"),
    ],
)
def test_contradictions_are_named(asked: list[dict[str, Any]], told: str) -> None:
    assert told in refused(*asked)


def band(id: str, *limits: int | None) -> dict[str, Any]:
    return {"id": id, "text": id.upper(), "from": limits[0], "below": limits[1]}


@pytest.mark.parametrize(
    ("limits", "bands", "told"),
    [
        ({}, [band("x", None, 5), band("y", 6, None)], "band 'y' must begin where 'x' ends"),
        ({}, [band("x", None, 5), band("y", 4, None)], "band 'y' must begin where 'x' ends"),
        ({}, [band("x", None, 5), band("y", 5, 5), band("z", 5, None)], "band 'y' is empty"),
        ({}, [band("x", 0, None)], "numbers before band 'x'"),
        ({"min": 0}, [band("x", 0, 5)], "numbers after band 'x'"),
        ({"min": 0, "max": 5}, [band("x", 0, 5)], "numbers after band 'x'"),
        ({"min": 0}, [band("x", None, 5), band("x", 5, None)], "two bands have the same id"),
        ({}, [], "at least 1 item"),
    ],
)
def test_bands_cover_every_number_once(limits: dict[str, int], bands: list[dict[str, Any]], told: str) -> None:
    assert told in refused(number("a", bands=bands, **limits))


def test_opinions_keep_their_order_and_days_their_sequence() -> None:
    asked = choice("a", "x", "y", shuffle=True)
    assert questionnaire(asked).steps
    assert "keep the author's order" in refused(asked, sensitive=True)
    assert "before it opens" in refused(choice("a", "x", "y"), opens="2021-01-01")
