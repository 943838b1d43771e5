"""Periods close at midnight in Vietnam after their day, and follow one another without a gap."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.periods import closed_between, closes, closing_day, next_period, period_of, previous_period

START = datetime(2019, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 16 * 366 * 86400).map(lambda seconds: START + timedelta(seconds=seconds))
DAYS = st.integers(1, 28)


def test_the_period_closes_at_midnight_in_vietnam() -> None:
    assert closes("2020-01", 8) == datetime(2020, 1, 8, 17, tzinfo=UTC)
    assert period_of(datetime(2020, 1, 8, 16, 59, 59, tzinfo=UTC), 8) == "2020-01"
    assert period_of(datetime(2020, 1, 8, 17, tzinfo=UTC), 8) == "2020-02"
    assert closing_day("2020-01", 8) == date(2020, 1, 8)


def test_the_year_turns() -> None:
    assert period_of(datetime(2019, 12, 20, tzinfo=UTC), 8) == "2020-01"
    assert previous_period("2020-01") == "2019-12"
    assert next_period("2019-12") == "2020-01"


def test_all_periods_closed_in_between_are_named_in_order() -> None:
    after, until = datetime(2019, 12, 20, tzinfo=UTC), datetime(2020, 3, 8, 17, tzinfo=UTC)
    assert closed_between(after, until, 8) == ["2020-01", "2020-02", "2020-03"]
    assert closed_between(until, until, 8) == []


@given(at=MOMENTS, day=DAYS)
def test_every_moment_lies_in_exactly_one_period(at: datetime, day: int) -> None:
    period = period_of(at, day)
    assert closes(previous_period(period), day) <= at < closes(period, day)
    assert next_period(previous_period(period)) == period


@given(at=MOMENTS, day=DAYS, days=st.integers(0, 400))
def test_no_close_is_missed_or_named_twice(at: datetime, day: int, days: int) -> None:
    middle, end = at + timedelta(days=days / 2), at + timedelta(days=days)
    assert closed_between(at, end, day) == closed_between(at, middle, day) + closed_between(middle, end, day)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        period_of(datetime(2020, 1, 1), 8)  # noqa: DTZ001 - the naive moment is the point
    with pytest.raises(ValueError, match="day 31"):
        closes("2020-01", 31)
    with pytest.raises(ValueError, match="not a period"):
        next_period("outbox")
