"""Packed counting gives what counting one by one gives; nothing that no histogram knows of is counted."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from models.tally import Tally
from models.veil import ANSWERED, Histogram

ASKED = {
    "q1": Histogram(frozenset({"yes", "no"})),
    "q2": Histogram(frozenset("xyz"), 3),
    "where": Histogram(frozenset()),
}
KEYS = {"q1": ("yes", "no", "gone"), "q2": ("x", "y", "z", "gone"), "where": ("u1", "u2"), "never": ("a",)}
answers = st.fixed_dictionaries(
    {},
    optional={
        question: st.lists(st.sampled_from(keys), min_size=1, max_size=4).map(tuple) for question, keys in KEYS.items()
    },
)


@given(st.lists(st.tuples(st.integers(0, 2), answers), max_size=30))
def test_every_group_has_the_counts_of_its_people(said: list[tuple[int, dict[str, tuple[str, ...]]]]) -> None:
    tally = Tally(ASKED, 3)
    plain: list[Counter[tuple[str, str]]] = [Counter() for _ in range(3)]
    for group, chosen in said:
        tally.add(group, chosen)
        for question in chosen.keys() & ASKED.keys():
            known = ASKED[question].options or {"u1", "u2"}
            plain[group].update((question, option) for option in {ANSWERED, *(known & set(chosen[question]))})
    assert [+tally.of(group) for group in range(3)] == plain


def test_what_nobody_chose_is_counted_as_zero() -> None:
    assert set(Tally(ASKED, 1).of(0).values()) == {0}
    assert ("q2", "z") in Tally(ASKED, 1).of(0)
