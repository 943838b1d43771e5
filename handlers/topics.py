"""/topics: what the campaign speaks of, phase by phase, word for word."""

from conversations.campaign import Phase
from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home
from locales.formats import day


async def open(visit: Visit, _rest: str) -> None:
    """Show the phase of today."""
    phase = visit.house.pack.phase_on(visit.today) or visit.house.pack.phases[0]
    visit.go("topics", phase=phase.id)


async def show(visit: Visit) -> Screen:
    """One phase with its topics; the other phases are choices."""
    phases = visit.house.pack.phases
    phase = next((phase for phase in phases if phase.id == visit.person.data.get("phase")), phases[0])
    return Screen(
        title=visit.t("topics.title", number=phase.number),
        text="\n\n".join((phase.text, _dates(visit, phase), *(f"• {topic.text}" for topic in phase.topics))),
        choices=tuple(
            Choice(
                f"phase:{other.id}",
                visit.t("topics.phase", number=other.number, title=other.short_title.in_(visit.lang)),
            )
            for other in phases
            if other is not phase
        ),
        nav=(home(visit),),
    )


def _dates(visit: Visit, phase: Phase) -> str:
    if phase.ends is None:
        return visit.t("topics.from", starts=day(phase.starts, visit.lang))
    return visit.t("topics.dates", starts=day(phase.starts, visit.lang), ends=day(phase.ends, visit.lang))


async def act(visit: Visit, said: Said) -> None:
    """Open another phase."""
    visit.go("topics", phase=said.action.removeprefix("phase:"))


TALK = Talk("topics", show, act, open)
