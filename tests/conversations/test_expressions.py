"""Conditions: what they mean, and that nothing outside the grammar is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.engine import DECLINED, SKIPPED, Answer
from conversations.expressions import ExpressionFault, parse

ANSWERS = {
    "job": Answer("lost"),
    "worry": Answer(("home", "wage")),
    "hours": Answer("9.5"),
    "joined": Answer("2019-11-08"),
    "meal.lunch": Answer("4"),
    "none": Answer("khong-co"),
    "no": DECLINED,
    "passed": SKIPPED,
}


@pytest.mark.parametrize(
    ("source", "true"),
    [
        ("job == lost", True),
        ("job != lost", False),
        ("worry has wage", True),
        ("worry has food", False),
        ("hours > 9", True),
        ("hours == 9.50", True),
        ("hours <= 9.4", False),
        ("hours >= 10", False),
        ("joined < 2020-01-01", True),
        ("joined >= 2019-11-08", True),
        ("meal.lunch > 3", True),
        ("none >= 1", False),
        ("none != 1", True),
        ("answered job", True),
        ("answered no", False),
        ("answered passed", False),
        ("declined no", True),
        ("declined job", False),
        ("nobody == lost", False),
        ("nobody != lost", False),
        ("no != lost", False),
        ("not nobody == lost", True),
        ("not not job == lost", True),
        ("job == lost and worry has food or hours > 9", True),
        ("job == lost and (worry has food or hours > 10)", False),
        ("job==lost and(hours>9)", True),
    ],
)
def test_truth(source: str, true: bool) -> None:
    assert parse(source).true(ANSWERS) is true


@pytest.mark.parametrize(
    "source",
    [
        "",
        "job",
        "job =",
        "job = lost",
        "job == ",
        "== lost",
        "job == lost and",
        "(job == lost",
        "job == lost)",
        "not",
        "and == x",
        "job has",
        "answered",
        "job == lost job == lost",
        "job == 'lost'",
        "job == lost; import os",
        "__import__('os')",
        "Job == lost",
        "a.b.c == d",
        "not " * 50 + "job == x",
        "(" * 20 + "job == x" + ")" * 20,
        "job == x or " * 60 + "job == x",
    ],
)
def test_refused(source: str) -> None:
    with pytest.raises(ExpressionFault):
        parse(source)


def test_a_fault_names_the_character() -> None:
    with pytest.raises(ExpressionFault, match=r"character 5: one of == != < > <= >= has is expected"):
        parse("job = lost")


def test_names_are_what_it_looks_at() -> None:
    assert parse("job == lost or not (answered a.b and worry has wage)").names == {"job", "a.b", "worry"}


words = st.sampled_from(
    ["job", "hours", "==", "<", "and", "or", "not", "has", "answered", "(", ")", "5", "lost", " ", "'"]
)


@given(st.one_of(st.text(max_size=600), st.lists(words, max_size=40).map(" ".join)))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        expression = parse(source)
    except ExpressionFault:
        return
    assert expression.true(ANSWERS) in (True, False)
    assert parse(f"not ({source})").true(ANSWERS) is not expression.true(ANSWERS)
