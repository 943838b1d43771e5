"""What officers are told of new dates of phases: what is wrong with them, and what follows from them."""

from collections.abc import Sequence

from conversations.screens import Choice
from handlers import phase_words
from handlers.phase_change import ENDS, Fault, Wish
from handlers.phases import Stretch
from handlers.visit import Visit
from locales.formats import day


def wrong(visit: Visit, fault: Fault) -> str:
    """One sentence that names the phases and the days."""
    first, second = fault.first.phase, fault.second.phase
    ends, starts = (day(each, visit.lang) if each else "–" for each in (first.ends, second.starts))
    if fault.kind == "backwards":
        return visit.t("dates.backwards", number=first.number, starts=starts, ends=ends)
    numbers = {"first": first.number, "second": second.number}
    if fault.kind == "gap":
        return visit.t("dates.gap", **numbers, ends=ends, starts=starts)
    return visit.t("dates.overlap", **numbers, ends=ends, starts=starts)


def along(visit: Visit, before: Sequence[Stretch], after: Sequence[Stretch], wish: Wish) -> Choice:
    """The choice to move the phase beside as well."""
    pairs = zip(before, after, strict=True)
    phase = next(new.phase for old, new in pairs if new != old and new.phase.id != wish.phase)
    if wish.edge == ENDS:
        label = visit.t("dates.along-starts", number=phase.number, day=day(phase.starts, visit.lang))
    else:
        label = visit.t("dates.along-ends", number=phase.number, day=day(phase.ends or visit.today, visit.lang))
    return Choice("along", label)


def follows(visit: Visit, before: Sequence[Stretch], after: Sequence[Stretch]) -> str:
    """The dates of now and the new ones, and what happens when they are confirmed."""
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if new != old]
    return "\n\n".join((*(_line(visit, *pair) for pair in pairs), *_effects(visit, pairs), visit.t("dates.seen")))


def _line(visit: Visit, old: Stretch, new: Stretch) -> str:
    name, dates = phase_words.name(visit, new.phase), phase_words.dates(visit, new.phase)
    return f"{name}\n{dates}\n{visit.t('dates.was', dates=phase_words.within(visit, old.phase))}"


def _effects(visit: Visit, pairs: Sequence[tuple[Stretch, Stretch]]) -> list[str]:
    told = []
    for old, new in pairs:
        if old.over(visit.at) and not new.over(visit.at):
            told.append(visit.t("dates.reopens", number=new.phase.number))
        if new.over(visit.at) and not old.over(visit.at):
            told.append(visit.t("dates.ends-now", number=new.phase.number))
    return told
