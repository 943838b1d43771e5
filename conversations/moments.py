"""Reads a moment to come as people type it: "15/1 8:00", "8h30 ngày 15/1/2020", "7h sáng mai". None that is over."""

import re
from datetime import date, datetime, time, timedelta

from conversations.reading import day_near
from locales.formats import VIETNAM
from locales.vietnamese import clean, fold

_TIME = re.compile(r"(?<![\d/])(\d{1,2})\s*(?::|h|giờ|gio|g)\s*(\d{2}(?![\d/]))?(?!\w)(?:\s*(sáng|chiều|tối)\b)?")
_FILLING = re.compile(r"\b(?:luc|vao|ngay)\b")
_AHEAD = timedelta(days=180)  # a day without its year is the one nearest to this: the next one that comes
_DAYS = {"hom nay": 0, "nay": 0, "ngay mai": 1, "mai": 1, "today": 0, "tomorrow": 1}


def moment(text: str, now: datetime) -> datetime | None:
    """Read a day with a time, or a time alone (the next such); None for anything else, and for what is over."""
    told = clean(text).casefold()
    found = _TIME.search(told)
    hour = found and _time(found)
    if not found or hour is None:
        return None
    today = now.astimezone(VIETNAM).date()
    rest = f"{told[: found.start()]} {told[found.end() :]}"
    day = _day(rest, today)
    if day is None:
        return None
    at = datetime.combine(day, hour, VIETNAM)
    if not fold(rest) and at <= now:
        at += timedelta(days=1)
    return at if at > now else None


def _time(found: re.Match[str]) -> time | None:
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] in ("chiều", "tối") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(told: str, today: date) -> date | None:
    words = " ".join(_FILLING.sub(" ", fold(told)).split())
    if not words:
        return today
    if words in _DAYS:
        return today + timedelta(days=_DAYS[words])
    return day_near(words, today + _AHEAD)
