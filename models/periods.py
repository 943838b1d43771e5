"""Periods: named by the month in which they close ("2020-01"), at the end of a day, Vietnam time. Asks no clock."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from locales.formats import VIETNAM, local_day

_NAME = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def is_period(name: str) -> bool:
    """Tell whether a name is one of a period."""
    return _NAME.fullmatch(name) is not None


def period_of(at: datetime, close_day: int) -> str:
    """Name the period that an aware moment falls in. Refuses a naive moment and a day outside 1 to 28."""
    if at.tzinfo is None:
        raise ValueError("a moment without a timezone has no period")
    here = local_day(at)
    name = f"{here.year:04}-{here.month:02}"
    return name if here.day <= _checked(close_day) else next_period(name)


def closes(period: str, close_day: int) -> datetime:
    """Give the first moment (UTC) after the period: midnight in Vietnam after its closing day."""
    year, month = _parts(period)
    after = date(year, month, _checked(close_day)) + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=VIETNAM).astimezone(UTC)


def closing_day(period: str, close_day: int) -> date:
    """Give the last day that belongs to the period, as people read it."""
    year, month = _parts(period)
    return date(year, month, _checked(close_day))


def next_period(period: str) -> str:
    """Name the period after this one."""
    year, month = _parts(period)
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def previous_period(period: str) -> str:
    """Name the period before this one."""
    year, month = _parts(period)
    return f"{year - 1:04}-12" if month == 1 else f"{year:04}-{month - 1:02}"


def months_before(period: str, months: int) -> str:
    """Name the period some months before this one."""
    return months_after(period, -months)


def months_after(period: str, months: int) -> str:
    """Name the period some months after this one."""
    year, month = _parts(period)
    count = year * 12 + month - 1 + months
    return f"{count // 12:04}-{count % 12 + 1:02}"


def is_past(name: str, current: str) -> bool:
    """Tell whether a key's name is older than the current period; one that is no period's belongs to older versions."""
    return name < current or not is_period(name)


def open_period(period: str, closed: Callable[[str], bool]) -> str:
    """Name the first period from this one on that is not closed for good."""
    while closed(period):
        period = next_period(period)
    return period


def closed_between(after: datetime, until: datetime, close_day: int) -> list[str]:
    """Name, in order, the periods whose closing moment lies after `after` and not after `until`."""
    closed = []
    period = period_of(after, close_day)
    while closes(period, close_day) <= until:
        closed.append(period)
        period = next_period(period)
    return closed


def _checked(close_day: int) -> int:
    if not 1 <= close_day <= 28:
        raise ValueError(f"a period closes on a day from 1 to 28, not on day {close_day}")
    return close_day


def _parts(period: str) -> tuple[int, int]:
    if not is_period(period):
        raise ValueError(f"not a period: {period!r}")
    return int(period[:4]), int(period[5:])
