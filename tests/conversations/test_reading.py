"""Numbers and dates as they are typed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import reading


@pytest.mark.parametrize(
    ("text", "read"),
    [
        *(("12", "12"), (" 12 ", "12"), ("1,5", "1.5"), ("1.5", "1.5"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5")),
        *(("1.234", "1234"), ("1.234.567", "1234567"), ("1,234,567", "1234567"), ("1 234", "1234")),
        *(("1\u00a0234", "1234"), ("0,125", "0.125"), ("0.125", "0.125"), ("-3", "-3"), ("007", "7")),
        *(("8 giờ", "8"), ("8 GIO", "8"), ("8giờ", "8"), ("8 giờ.", "8"), ("5.530.000", "5530000")),
    ],
)
def test_numbers(text: str, read: str) -> None:
    assert reading.number(text, "giờ") == Decimal(read)


@pytest.mark.parametrize(
    "text",
    [
        *("", "mười", "1,500", "12 tr", "8tr5", "1,5,2", "1.2.3", "1..5", ",5", "5,", "1.23.456", "1.234,", "- 3"),
        *("12 giờ rưỡi", "khoảng 12", "12%", "1e5", "٣", "١٢", "9" * 19, "1/2"),
    ],
)
def test_no_numbers(text: str) -> None:
    assert reading.number(text, "giờ") is None


@pytest.mark.parametrize(
    "text",
    [
        *("15/1/2020", "15-01-2020", "15.1.20", "15 1 2020", "2020-01-15", " 15/01/2020. "),
        *("ngày 15 tháng 1 năm 2020", "Ngay 15 thang 01 nam 2020", "15 tháng 1, 2020"),
    ],
)
def test_dates(text: str) -> None:
    assert reading.day(text) == date(2020, 1, 15)


@pytest.mark.parametrize(
    "text", ["", "hôm nay", "15/1", "31/2/2020", "1/15/2020", "15/1/020", "15", "15/1/2020 lúc 8 giờ"]
)
def test_no_dates(text: str) -> None:
    assert reading.day(text) is None


def test_a_short_year_is_of_the_last_century_only_where_the_limits_say_so() -> None:
    assert reading.day("2/9/75", date(1940, 1, 1), date(2005, 1, 1)) == date(1975, 9, 2)
    assert reading.day("2/9/03", date(1940, 1, 1), date(2005, 1, 1)) == date(2003, 9, 2)
    assert reading.day("2/9/75") == date(2075, 9, 2)


@pytest.mark.parametrize(
    ("text", "near", "read"),
    [
        *(
            ("15/1", "2020-01-06", "2020-01-15"),
            ("15/1", "2020-12-31", "2021-01-15"),
            ("25-12", "2020-01-02", "2019-12-25"),
        ),
        *(("ngày 15 tháng 1", "2020-01-06", "2020-01-15"), ("29/2", "2021-01-01", "2020-02-29")),
        *(("15/1/2030", "2020-01-06", "2030-01-15"), ("2020-09-24", "2020-01-06", "2020-09-24")),
    ],
)
def test_a_day_without_its_year_is_the_one_that_lies_nearest(text: str, near: str, read: str) -> None:
    assert reading.day_near(text, date.fromisoformat(near)) == date.fromisoformat(read)


@pytest.mark.parametrize("text", ["", "15", "31/2", "15/13", "giữa tháng 9", "1/2/3/4"])
def test_what_is_no_day_is_none_near_any_day(text: str) -> None:
    assert reading.day_near(text, date(2021, 1, 1)) is None


@given(st.text())
def test_any_text_is_read_or_not(text: str) -> None:
    reading.number(text, "giờ")
    reading.day(text)
    for near in (date.min, date(2020, 1, 6), date.max):
        reading.day_near(text, near)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_what_we_write_we_read(number: Decimal) -> None:
    whole, _, part = f"{number:,f}".replace(",", ".").rpartition(".")
    assert reading.number(f"{whole},{part}") == number


@given(st.dates())
def test_every_day_is_read(day: date) -> None:
    assert reading.day(f"{day.day}/{day.month}/{day.year:04}") == day
