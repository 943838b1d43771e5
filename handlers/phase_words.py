"""How a phase is told: its name, its dates as they are now, where it stands, what it is about."""

from collections.abc import Sequence

from conversations.campaign import Anniversary, Phase
from handlers.phases import Stretch
from handlers.visit import Visit
from locales.formats import day

FEW = 3  # topics that are named where there is no room for all


def name(visit: Visit, phase: Phase) -> str:
    """Number and short title."""
    return visit.t("topics.phase", number=phase.number, title=phase.short_title.in_(visit.lang))


def dates(visit: Visit, phase: Phase) -> str:
    """First and last day."""
    if phase.ends is None:
        return visit.t("topics.from", starts=day(phase.starts, visit.lang))
    return visit.t("topics.dates", starts=day(phase.starts, visit.lang), ends=day(phase.ends, visit.lang))


def within(visit: Visit, phase: Phase) -> str:
    """First and last day, as a sentence goes on with them."""
    told = dates(visit, phase)
    return told[0].lower() + told[1:]


def state(visit: Visit, stretch: Stretch) -> str:
    """Whether it has begun, goes on, or is over."""
    if stretch.over(visit.at):
        return visit.t("topics.over")
    return visit.t("topics.running" if stretch.begun(visit.at) else "topics.ahead")


def standing(visit: Visit, stretch: Stretch) -> str:
    """Dates and state on one line."""
    return f"{dates(visit, stretch.phase)} ({state(visit, stretch)})"


def current(visit: Visit, stretches: Sequence[Stretch]) -> str:
    """What goes on today and what it is about; on the day on which it was ended, what comes next. Empty in a gap."""
    today = next((each for each in stretches if each.phase.covers(visit.today)), None)
    if today is None:
        return ""
    if not today.over(visit.at):
        return "\n".join((name(visit, today.phase), dates(visit, today.phase), _about(visit, today.phase)))
    lines = [name(visit, today.phase), standing(visit, today)]
    following = next((each.phase for each in stretches if each.phase.starts > visit.today), None)
    if following:
        lines += [name(visit, following), dates(visit, following)]
    return "\n".join(lines)


def _about(visit: Visit, phase: Phase) -> str:
    titles = [topic.short_title.in_(visit.lang) for topic in phase.topics]
    some, more = " · ".join(titles[:FEW]), len(titles) - FEW
    return visit.t("topics.about-more", topics=some, n=more) if more > 0 else visit.t("topics.about", topics=some)


def anniversary(visit: Visit, each: Anniversary) -> str:
    """An anniversary with its day, where that is known."""
    return f"• {day(each.date, visit.lang)}: {each.text}" if each.date else f"• {each.text}"
