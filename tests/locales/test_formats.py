"""Numbers and dates are written as Vietnamese documents and chats write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from locales.formats import day, listed, local_day, long_day, moment, month, number, percent


def test_numbers_have_dots_and_a_comma() -> None:
    assert number(Decimal("1234567.891"), "vi") == "1.234.567,891"
    assert number(1234567, "en") == "1,234,567"
    assert number(12, "mtq") == "12"


def test_a_share_is_a_percentage_with_the_digits_asked_for() -> None:
    assert percent(0.425, "vi", digits=1) == "42,5%"
    assert percent(0.4, "vi", digits=1) == "40,0%"
    assert percent(1, "vi") == "100%"
    assert percent(0.425, "en", digits=1) == "42.5%"


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
        (date(2020, 6, 29), "ngày 29 tháng 6 năm 2020"),
        (date(2020, 2, 10), "ngày 10 tháng 02 năm 2020"),
        (date(2020, 12, 9), "ngày 09 tháng 12 năm 2020"),
        (date(2020, 3, 1), "ngày 01 tháng 3 năm 2020"),
    ],
)
def test_official_days_have_a_zero_before_small_days_and_the_first_two_months_only(when: date, text: str) -> None:
    assert long_day(when) == text


def test_days_and_months_in_a_chat() -> None:
    assert day(date(2020, 1, 15), "vi") == "15/01/2020"
    assert day(date(2020, 1, 5), "en") == "5 Jan 2020"
    assert long_day(date(2020, 10, 5), "en") == "5 October 2020"
    assert month("2020-01", "vi") == "tháng 01 năm 2020"
    assert month(date(2020, 6, 2), "vi") == "tháng 6 năm 2020"
    assert month("2020-06", "en") == "June 2020"


def test_a_moment_is_told_in_vietnam_s_time() -> None:
    late = datetime(2020, 1, 5, 18, 7, tzinfo=UTC)
    assert local_day(late) == date(2020, 1, 6)
    assert moment(late, "vi") == "01:07 ngày 06/01/2020"
    assert moment(late, "en") == "01:07 on 6 Jan 2020"
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2020, 1, 5))  # noqa: DTZ001 (what is refused)


def test_a_list_reads_as_a_sentence() -> None:
    assert listed([], "vi") == ""
    assert listed(["A"], "vi") == "A"
    assert listed(["A", "B", "C"], "vi") == "A, B và C"
    assert listed(["A", "B", "C"], "en") == "A, B and C"
