"""Moments to come, as officers type them."""

from datetime import datetime

import pytest

from conversations.moments import moment
from locales.formats import VIETNAM

NOW = datetime(2020, 1, 6, 9, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("15/1 8:00", "2020-01-15 08:00"),
        ("8h30 ngày 15/1/2020", "2020-01-15 08:30"),
        ("lúc 8 giờ 30 ngày 7 tháng 1", "2020-01-07 08:30"),
        ("8h 15/1", "2020-01-15 08:00"),
        ("8g 15/1", "2020-01-15 08:00"),
        ("7h sáng mai", "2020-01-07 07:00"),
        ("3 giờ chiều 20/1", "2020-01-20 15:00"),
        ("8:00", "2020-01-07 08:00"),
        ("16:30", "2020-01-06 16:30"),
        ("8:00 tomorrow", "2020-01-07 08:00"),
    ],
)
def test_a_moment_is_the_next_that_is_meant(typed: str, meant: str) -> None:
    at = moment(typed, NOW)
    assert at is not None
    assert f"{at:%Y-%m-%d %H:%M}" == meant


@pytest.mark.parametrize(
    "typed", ["15/1", "5/1 8:00", "8h 31/2", "32:00", "8:75", "5/1/2020 8:00", "sớm nhất", "", "8:00 hôm nay"]
)
def test_what_is_no_moment_or_is_over_is_not_read(typed: str) -> None:
    assert moment(typed, NOW) is None
