"""How a schedule of slogans is told: to whom it goes, and its occasions line by line."""

from datetime import datetime

from conversations.posts import read_content
from conversations.text import excerpt
from handlers import broadcast_told, broadcast_work, phase_words
from handlers.visit import Visit
from locales.formats import day, local_day, number, time_of_day
from models.broadcasts import Broadcast, Plan

PAGE = 9  # occasions on one screen
WORDS = 90  # characters of a slogan in a list: what tells any two apart
LABEL = 60


def line(visit: Visit, at: datetime, text: str) -> str:
    """One occasion."""
    return visit.t("schedule.line", at=_at(visit, at), slogan=excerpt(text, WORDS))


def label(visit: Visit, at: datetime, text: str) -> str:
    """One occasion, short enough for a button."""
    when = _at(visit, at)
    return visit.t("schedule.line", at=when, slogan=excerpt(text, LABEL - len(when)))


def _at(visit: Visit, at: datetime) -> str:
    return f"{day(local_day(at), visit.lang)} {time_of_day(at)}"


async def phase_of(visit: Visit, known: Broadcast) -> str:
    """The name of the phase that an occasion belongs to."""
    content = read_content((await broadcast_work.version(visit, known)).body)
    found = next((each for each in visit.house.pack.phases if each.id == content.phase), None)
    return phase_words.name(visit, found) if found else content.phase


async def reached(visit: Visit, plan: Plan) -> list[str]:
    """To how many people of today, what a person gets at most, and in which public places."""
    told = await broadcast_told.size(visit, plan)
    if plan.audience is None or told is None:
        lines = [visit.t("broadcast.nobody-directly")]
    else:
        caps = visit.house.pack.caps
        most = {"day": number(caps.day, visit.lang), "week": number(caps.week, visit.lang)}
        lines = [await broadcast_told.whom(visit, plan.audience), broadcast_told.sized(visit, told, plan)]
        lines += [visit.t("schedule.open"), visit.t("schedule.caps", **most)]
    return [*lines, *await broadcast_told.public(visit, plan.outlets)]
