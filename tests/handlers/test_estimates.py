"""What is told of a figure with an error holds the truth whenever the error does, and never says more."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.estimates import Estimate
from models.figures import Figure

ERRORS = st.integers(0, 40)


def _estimate(answered: int, options: dict[str, int], error: int, n: int) -> Estimate:
    return Estimate(Figure(answered, options, error), n)


@given(st.integers(5, 500), ERRORS, st.data())
def test_a_span_holds_the_truth_whenever_the_error_does(n: int, error: int, data: st.DataObject) -> None:
    answered = data.draw(st.integers(0, n))
    chosen = data.draw(st.integers(0, answered))
    off = st.integers(-error, error)
    shown = _estimate(answered + data.draw(off), {"a": chosen + data.draw(off)}, error, n)
    assert shown.answered.low <= answered <= shown.answered.high
    assert shown.people("a").low <= chosen <= shown.people("a").high


@given(st.integers(5, 500), ERRORS, st.integers(-900, 900), st.integers(-900, 900))
def test_nothing_is_shown_below_nobody_or_above_the_whole(n: int, error: int, answered: int, chosen: int) -> None:
    shown = _estimate(answered, {"a": chosen}, error, n)
    whole, option = shown.answered, shown.people("a")
    assert 0 <= whole.low <= whole.about <= whole.high <= n
    assert 0 <= option.low <= option.about <= min(option.high, whole.about)
    assert option.high <= whole.high
    if shown.in_shares:
        share = shown.percent("a")
        assert 0 <= share.low <= share.about <= share.high <= 100


@given(st.integers(30, 3000), st.integers(1, 60), st.data())
def test_a_percentage_holds_the_truth_but_for_its_rounding(n: int, error: int, data: st.DataObject) -> None:
    answered = data.draw(st.integers(1, n))
    chosen = data.draw(st.integers(0, answered))
    off = st.integers(-(error * 2 // 3), error * 2 // 3)  # both at their limit at once is rarer than 5 times of 100
    shown = _estimate(answered + data.draw(off), {"a": chosen + data.draw(off)}, error, n)
    assume(shown.in_shares)
    assert shown.percent("a").low - 1 <= 100 * chosen / answered <= shown.percent("a").high + 1


def test_a_group_that_seems_to_agree_in_all_may_be_nine_of_twelve() -> None:
    shown = _estimate(13, {"yes": 14, "no": -2}, 3, 12)
    assert (shown.people("yes").about, shown.people("yes").low, shown.people("yes").high) == (12, 9, 12)
    assert (shown.people("no").about, shown.people("no").low, shown.people("no").high) == (0, 0, 3)


@pytest.mark.parametrize(
    ("answered", "error", "n", "silent", "in_shares"),
    [
        (12, 3, 12, False, False),  # a small group: people, from and to
        (5, 3, 12, True, False),  # few answered
        (12, 9, 12, True, False),  # several could be chosen: the error is nearly the whole
        (-2, 3, 40, True, False),  # as good as nobody
        (49, 5, 49, False, False),  # the error is more than a tenth
        (50, 5, 50, False, True),
        (1800, 22, 1900, False, True),
        (12, 0, 12, False, False),  # exact, but twelve people are no percentage
        (30, 0, 40, False, True),
    ],
)
def test_how_much_is_told_follows_the_error(answered: int, error: int, n: int, silent: bool, in_shares: bool) -> None:
    shown = _estimate(answered, {}, error, n)
    assert (shown.silent, shown.in_shares and not shown.silent) == (silent, in_shares)


def test_an_exact_question_is_told_as_it_is() -> None:
    shown = _estimate(40, {"a": 10}, 0, 44)
    assert (shown.people("a").low, shown.people("a").about, shown.people("a").high) == (10, 10, 10)
    assert (shown.percent("a").low, shown.percent("a").about, shown.percent("a").high) == (25, 25, 25)
