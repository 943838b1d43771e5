"""What editors and approvers see of the calendar of phases: all dates, the question for a day, what would follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from conversations.screens import Choice, Screen
from handlers import date_words, phase_words
from handlers.phase_change import ENDS, STARTS, Fault, Wish, changed, fault
from handlers.phases import Stretch
from handlers.visit import Visit
from handlers.words import aliases, home
from locales.formats import day

SOON = timedelta(days=30)


def chosen(visit: Visit, stretches: Sequence[Stretch]) -> Stretch:
    """The phase that is looked at."""
    return next((each for each in stretches if each.phase.id == visit.person.data.get("phase")), stretches[0])


def ending(visit: Visit, here: Stretch) -> list[Choice]:
    """The way to end a phase now, where it goes on."""
    return [Choice("close", visit.t("dates.close", number=here.phase.number))] if here.runs(visit.at) else []


def wished(visit: Visit) -> Wish:
    """What the officer asked for, as the screen remembers it; to end a phase now is to end it today."""
    data = visit.person.data
    when = date.fromisoformat(str(data["day"])) if data["day"] else None
    if data["close"]:
        return Wish(str(data["phase"]), ENDS, visit.today, along=True, closed_at=visit.at)
    return Wish(str(data["phase"]), str(data["edge"]), when, along=bool(data["along"]))


def listing(visit: Visit, stretches: Sequence[Stretch], here: Stretch) -> Screen:
    """All phases with their dates, the anniversaries that come, and what can be done about one phase."""
    blocks = [f"{phase_words.name(visit, each.phase)}\n{phase_words.standing(visit, each)}" for each in stretches]
    coming = [each for each in visit.house.pack.anniversaries if each.date and _soon(visit, each.date)]
    if coming:
        days = sorted(coming, key=lambda each: str(each.date))
        blocks.append("\n".join((visit.t("dates.soon"), *(phase_words.anniversary(visit, each) for each in days))))
    number = here.phase.number
    own = [Choice(f"edge:{STARTS}", visit.t("dates.starts", number=number))]
    own += [Choice(f"edge:{ENDS}", visit.t("dates.ends", number=number)), *ending(visit, here)]
    others = (each.phase for each in stretches if each is not here)
    return Screen(
        title=visit.t("dates.title"),
        text="\n\n".join(blocks),
        choices=(*own, *(Choice(f"phase:{phase.id}", phase_words.name(visit, phase)) for phase in others)),
        nav=(Choice("topics", visit.t("topics.back"), aliases(visit, "topics.back.words")), home(visit)),
    )


def _soon(visit: Visit, day: date) -> bool:
    return visit.today <= day <= visit.today + SOON


def asking(visit: Visit, stretches: Sequence[Stretch], here: Stretch) -> Screen:
    """The question for another first or last day."""
    ends = visit.person.data["edge"] == ENDS
    example = day(standing(here, visit.person.data["edge"]) or visit.today, visit.lang)
    asked = visit.t("dates.ask-ends" if ends else "dates.ask-starts", number=here.phase.number, example=example)
    opening = ends and here is stretches[-1] and here.phase.ends is not None
    return Screen(
        title=visit.t("dates.title"),
        text=f"{phase_words.name(visit, here.phase)}\n{phase_words.standing(visit, here)}\n\n{asked}",
        choices=(Choice("open", visit.t("dates.open")),) if opening else (),
        nav=(_back(visit), home(visit)),
        typed=True,
    )


def standing(here: Stretch, edge: object) -> date | None:
    """The day that is to be changed."""
    return here.phase.ends if edge == ENDS else here.phase.starts


def _back(visit: Visit) -> Choice:
    return Choice("back", visit.t("dates.back"), aliases(visit, "dates.back.words"))


def confirming(visit: Visit, before: tuple[Stretch, ...]) -> Screen:
    """What follows from the new dates, to be confirmed; or what is wrong with them, and the ways on."""
    wish, number = wished(visit), chosen(visit, before).phase.number
    after = changed(before, wish)
    if wrong := fault(before, after):
        return _refusal(visit, before, wish, wrong)
    closing = wish.closed_at is not None
    yes = visit.t("dates.close", number=number) if closing else visit.t("dates.yes")
    return Screen(
        title=visit.t("dates.close-title" if closing else "dates.confirm-title", number=number),
        text=date_words.follows(visit, before, after),
        choices=(Choice("yes", yes), Choice("no", visit.t("dates.no"))),
        nav=(home(visit),),
        strict=True,
    )


def _refusal(visit: Visit, before: tuple[Stretch, ...], wish: Wish, wrong: Fault) -> Screen:
    """What is wrong; to move the phase beside as well where that would help, or to type another day."""
    moved = changed(before, replace(wish, along=True))
    along = () if wish.along or fault(before, moved) else (date_words.along(visit, before, moved, wish),)
    again = Choice(f"edge:{wish.edge}", visit.t("dates.again"))
    return Screen(
        title=visit.t("dates.title"),
        text=f"{date_words.wrong(visit, wrong)} {visit.t('dates.nothing')}",
        choices=(*along, again),
        nav=(_back(visit), home(visit)),
        typed=True,
    )
