"""When a questionnaire is released for the last time."""

from datetime import date, datetime

from conversations.packs import Pack
from conversations.questions import Questionnaire
from locales.formats import VIETNAM
from models.periods import period_of


def last_period(pack: Pack, form: Questionnaire) -> str:
    """The period in which a questionnaire closes: the last that it is released in."""
    return period_of(noon(form.closes), pack.period_close_day)


def noon(day: date) -> datetime:
    """The middle of a day in Vietnam."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=VIETNAM)
