"""The only place that asks what time it is. In a rehearsal the day given takes the place of today, and goes on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from locales.formats import VIETNAM

Clock = Callable[[], datetime]


def wall() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def rehearsing(as_of: date) -> Clock:
    """A clock that starts on the given day, at this time of the day in Vietnam, and runs on from there."""
    start = wall()
    shift = datetime.combine(as_of, time(), VIETNAM) - datetime.combine(start.astimezone(VIETNAM), time(), VIETNAM)
    return lambda: wall() + shift


def clock_of(as_of: date | None) -> Clock:
    """The clock of a process: the wall's, or a rehearsal's."""
    return rehearsing(as_of) if as_of else wall
