"""Reads numbers and dates as Vietnamese people type them. What could mean two things is not read at all."""

import re
from datetime import date
from decimal import Decimal

from locales.vietnamese import clean, fold

_SHAPE = re.compile(r"(-?)(\d(?:[\d., ]{0,30}\d)?)(\D{0,40})", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*", re.ASCII)
_DIGITS_MOST = 18  # as many as conditions compare
_DAY_FIRST = re.compile(r"(?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?(\d{4}|\d{2})")
_NO_YEAR = re.compile(r"(?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2})")
_YEAR_FIRST = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})")


def number(text: str, unit: str = "") -> Decimal | None:
    """Read "1.234,5", "1,5", "1234.5", "1 234", "-3", or a number followed by its unit; anything else is None.

    The comma is the decimal mark and dots group thousands; with both marks, the last one is decimal. "1,500" is not
    read: one person means one and a half, the next one thousand five hundred. Nothing is expanded ("12 tr").
    """
    shape = _SHAPE.fullmatch(clean(text))
    if not shape or not _unit(shape[3].strip(" ."), unit):
        return None
    plain = _plain(shape[2].replace(" ", ""))
    return Decimal(shape[1] + plain) if plain else None


def _unit(tail: str, unit: str) -> bool:
    """Tell whether nothing but the unit follows the number, with its accents or without."""
    return not tail or tail == unit or (fold(tail) == fold(unit) != "")


def _plain(digits: str) -> str:
    """Return digits with a decimal point at most; "" for what has no one meaning."""
    marks = re.sub(r"\d", "", digits)
    if len(digits) - len(marks) > _DIGITS_MOST:
        return ""
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        whole, _, part = digits.rpartition(marks[-1])
        return f"{re.sub('[.,]', '', whole)}.{part}" if part and _GROUPED.fullmatch(whole) else ""
    grouped = _GROUPED.fullmatch(digits)
    if grouped:
        return "" if marks == "," else re.sub(r"[.,]", "", digits)
    return digits.replace(",", ".") if len(marks) <= 1 else ""


def day(text: str, lowest: date | None = None, highest: date | None = None) -> date | None:
    """Read "15/1/2020", "15-01-2020", "15.1.20", "ngày 15 tháng 1 năm 2020" or "2020-01-15"; anything else is None.

    The day stands before the month. Two figures of a year are 20.., or 19.. where only that lies within the limits.
    """
    folded = fold(text)
    found = _DAY_FIRST.fullmatch(folded)
    if found:
        return _either(found[3], int(found[2]), int(found[1]), (lowest, highest))
    found = _YEAR_FIRST.fullmatch(folded)
    return _day(int(found[1]), int(found[2]), int(found[3])) if found else None


def day_near(text: str, near: date) -> date | None:
    """Read a day as `day` does, or one without its year ("15/1", "ngày 15 tháng 1"): the one that lies nearest.

    What reads it shows the year before anything is done.
    """
    found = _NO_YEAR.fullmatch(fold(text))
    if not found:
        return day(text)
    days = (_day(year, int(found[2]), int(found[1])) for year in (near.year - 1, near.year, near.year + 1))
    return min((each for each in days if each), key=lambda each: abs(each - near), default=None)


def within(day: date, lowest: date | None, highest: date | None) -> bool:
    """Tell whether a day lies between two limits, both included; None is no limit."""
    return (lowest is None or lowest <= day) and (highest is None or day <= highest)


def _either(year: str, month: int, day: int, limits: tuple[date | None, date | None]) -> date | None:
    if len(year) == 4:
        return _day(int(year), month, day)
    late, early = _day(2000 + int(year), month, day), _day(1900 + int(year), month, day)
    if early and not (late and within(late, *limits)) and within(early, *limits):
        return early
    return late


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
