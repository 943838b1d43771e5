"""Numbers, dates and lists as people read them.

Vietnamese long dates follow Decree 30/2020/NĐ-CP, Appendix I: a zero stands before days under 10 and before months 1
and 2 only. (CLDR's long form, "15 tháng 1, 2020", is not the official one.)
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_LOCALES = {"en": "en_GB"}  # a catalogue's tag may be no CLDR locale; whatever is not here is formatted as Vietnamese


def _locale(language: str) -> str:
    return _LOCALES.get(language, "vi")


def number(value: float | Decimal, language: str) -> str:
    """Write a number with its grouping: 1.234.567,891 in Vietnamese; at most three decimals."""
    return format_decimal(value, locale=_locale(language))


def percent(share: float | Decimal, language: str, digits: int = 0) -> str:
    """Write a share (0.425) as a percentage with exactly `digits` decimals: 42,5%."""
    pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
    return format_percent(share, format=pattern, locale=_locale(language))


def local_day(at: datetime) -> date:
    """Return the day in Vietnam (UTC+7, no summer time) of an aware moment; refuses a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    return at.astimezone(VIETNAM).date()


def day(when: date, language: str) -> str:
    """Write a day for a chat: 15/01/2020 in Vietnamese, 15 Jan 2020 in English."""
    return format_date(when, "dd/MM/yyyy" if _locale(language) == "vi" else "d MMM yyyy", locale=_locale(language))


def time_of_day(at: datetime) -> str:
    """Write the time of an aware moment in Vietnam: 09:07."""
    return f"{at.astimezone(VIETNAM):%H:%M}"


def moment(at: datetime, language: str) -> str:
    """Write an aware moment in Vietnam's time: 09:07 ngày 05/01/2020."""
    join = " ngày " if _locale(language) == "vi" else " on "
    return f"{time_of_day(at)}{join}{day(local_day(at), language)}"


def long_day(when: date, language: str = "vi") -> str:
    """Write a day as documents do: ngày 05 tháng 01 năm 2020, ngày 29 tháng 6 năm 2020."""
    if _locale(language) == "vi":
        return f"ngày {when.day:02} {month(when, language)}"
    return format_date(when, "d MMMM yyyy", locale=_locale(language))


def month(when: date | str, language: str) -> str:
    """Write the month of a day, or of a period named "2020-01": tháng 01 năm 2020, tháng 6 năm 2020."""
    first = date.fromisoformat(f"{str(when)[:7]}-01")
    if _locale(language) == "vi":
        return f"tháng {first.month:0{2 if first.month <= 2 else 1}} năm {first.year:04}"
    return format_date(first, "MMMM yyyy", locale=_locale(language))


def listed(items: Sequence[str], language: str) -> str:
    """Write a list as a sentence does: A, B và C. An empty list is empty text."""
    return format_list(items, locale=_locale(language))
