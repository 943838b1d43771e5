"""/topics: what the campaign speaks of, word for word: phase by phase, its themes, the anniversaries it names.

Who may change dates, or see what was published of it, finds the ways to that here too.
"""

from collections.abc import Sequence

from conversations.screens import Choice, Said, Screen
from handlers import dates, phase_words, scope, topic_coverage
from handlers.commands import Talk
from handlers.phases import Stretch, phases
from handlers.visit import Visit
from handlers.words import aliases, home, pages, turned

PAGE = 1500  # characters of themes on one screen


async def open(visit: Visit, _rest: str) -> None:
    """Show the phase of today: the last that has begun, or the first that will."""
    stretches = await phases(visit.conn, visit.house.pack)
    begun = [each for each in stretches if each.begun(visit.at)]
    here = begun[-1] if begun else stretches[0]
    visit.go("topics", phase=here.phase.id)


async def show(visit: Visit) -> Screen:
    """One phase with its topics, the themes, or the anniversaries; the other phases are choices."""
    view = visit.person.data.get("view")
    if view == "themes":
        return _themes(visit)
    if view == "days":
        return _days(visit)
    stretches = await phases(visit.conn, visit.house.pack)
    here = _here(visit, stretches)
    return Screen(
        title=visit.t("topics.title", number=here.phase.number),
        text="\n\n".join((here.phase.text, _dates(visit, here), *(f"• {topic.text}" for topic in here.phase.topics))),
        choices=(*_others(visit, stretches, here), *_more(visit), *await _desk(visit, here)),
        nav=(home(visit),),
    )


def _here(visit: Visit, stretches: Sequence[Stretch]) -> Stretch:
    return next((each for each in stretches if each.phase.id == visit.person.data.get("phase")), stretches[0])


def _dates(visit: Visit, here: Stretch) -> str:
    told = phase_words.standing(visit, here)
    planned = next(phase for phase in visit.house.pack.phases if phase.id == here.phase.id)
    if planned == here.phase:
        return told
    return f"{told}\n{visit.t('topics.moved', dates=phase_words.within(visit, planned))}"


def _others(visit: Visit, stretches: Sequence[Stretch], here: Stretch) -> list[Choice]:
    others = (each.phase for each in stretches if each is not here)
    return [Choice(f"phase:{phase.id}", phase_words.name(visit, phase)) for phase in others]


def _more(visit: Visit) -> list[Choice]:
    found = []
    if visit.house.pack.themes:
        found.append(Choice("themes", visit.t("topics.themes")))
    if visit.house.pack.anniversaries:
        found.append(Choice("days", visit.t("topics.days")))
    return found


async def _desk(visit: Visit, here: Stretch) -> list[Choice]:
    """What officers can do about a phase."""
    found = dates.ways(visit, here) if await scope.at_the_top(visit, dates.MAY) else []
    if topic_coverage.may(await visit.grants()):
        found.append(Choice("topic-coverage", visit.t("topic-coverage.button")))
    return found


def _themes(visit: Visit) -> Screen:
    leaves = _leaves([theme.text for theme in visit.house.pack.themes])
    at = min(int(visit.person.data.get("page") or 0), len(leaves) - 1)
    nav = (*pages(visit, at, len(leaves) - 1), _back(visit), home(visit))
    return Screen(title=visit.t("topics.themes"), text="\n\n".join(f"• {text}" for text in leaves[at]), nav=nav)


def _leaves(texts: Sequence[str]) -> list[list[str]]:
    """Lay texts on pages, none of them cut."""
    leaves: list[list[str]] = [[]]
    for text in texts:
        if leaves[-1] and sum(map(len, leaves[-1])) + len(text) > PAGE:
            leaves.append([])
        leaves[-1].append(text)
    return leaves


def _days(visit: Visit) -> Screen:
    """The anniversaries that come, the next first; then those whose day nobody knows, and those that were."""
    known = sorted((each for each in visit.house.pack.anniversaries if each.date), key=lambda each: str(each.date))
    coming = [each for each in known if each.date and each.date >= visit.today]
    undated = [each for each in visit.house.pack.anniversaries if each.date is None]
    gone = [each for each in known if each not in coming]
    lines = [phase_words.anniversary(visit, each) for each in (*coming, *undated)]
    if gone:
        lines += ["", visit.t("topics.days-gone"), *(phase_words.anniversary(visit, each) for each in gone)]
    return Screen(title=visit.t("topics.days"), text="\n".join(lines).strip(), nav=(_back(visit), home(visit)))


def _back(visit: Visit) -> Choice:
    return Choice("back", visit.t("topics.back"), aliases(visit, "topics.back.words"))


async def act(visit: Visit, said: Said) -> None:
    """Open another phase, the themes, the anniversaries, or what officers do."""
    kind, _, value = said.action.partition(":")
    phase = visit.person.data.get("phase")
    if kind == "phase":
        visit.go("topics", phase=value)
    elif kind in ("themes", "days"):
        visit.go("topics", phase=phase, view=kind)
    elif kind == "page":
        visit.go("topics", **turned(visit, said.action))
    elif kind in ("dates", "topic-coverage"):
        visit.go(kind, phase=phase)
    elif kind == "close":
        await dates.close(visit, str(phase))
    else:
        visit.go("topics", phase=phase)


TALK = Talk("topics", show, act, open)
