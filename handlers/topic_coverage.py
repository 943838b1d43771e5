"""Which topics and themes of a phase have posts that were published, and which have none yet. For officers.

Counts posts, never people: neither who wrote them nor who read them.
"""

from collections.abc import Iterable, Mapping

from conversations.campaign import Passage
from conversations.screens import Choice, Said, Screen
from handlers import phase_words
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import aliases, home
from locales.formats import number
from models.officers import ROLES, Grant
from models.topic_coverage import covered


def may(grants: Iterable[Grant]) -> bool:
    """Whether somebody with these roles may see it: any officer."""
    return any(grant.role in ROLES for grant in grants)


async def show(visit: Visit) -> Screen:
    """A line for each topic of one phase and each theme, with its number of posts."""
    if not may(await visit.grants()):
        return Screen(visit.t("desk.not-for-you"), nav=(home(visit),))
    pack = visit.house.pack
    phase = next((each for each in pack.phases if each.id == visit.person.data.get("phase")), pack.phases[0])
    found = await covered(visit.conn, phase.id)
    blocks = [phase_words.name(visit, phase), visit.t("topic-coverage.all", n=number(found.posts, visit.lang))]
    blocks.append("\n".join((visit.t("topic-coverage.topics"), *_lines(visit, phase.topics, found.topics))))
    if pack.themes:
        blocks.append("\n".join((visit.t("topic-coverage.themes"), *_lines(visit, pack.themes, found.themes))))
    others = (each for each in pack.phases if each is not phase)
    return Screen(
        title=visit.t("topic-coverage.button"),
        text="\n\n".join(blocks),
        choices=tuple(Choice(f"phase:{each.id}", phase_words.name(visit, each)) for each in others),
        nav=(Choice("topics", visit.t("topics.back"), aliases(visit, "topics.back.words")), home(visit)),
    )


def _lines(visit: Visit, passages: Iterable[Passage], counts: Mapping[str, int]) -> list[str]:
    return [f"• {each.short_title.in_(visit.lang)}: {_count(visit, counts.get(each.id, 0))}" for each in passages]


def _count(visit: Visit, n: int) -> str:
    return visit.t("topic-coverage.some", n=number(n, visit.lang)) if n else visit.t("topic-coverage.none")


async def act(visit: Visit, said: Said) -> None:
    """Look at another phase, or go back to what it is about."""
    kind, _, value = said.action.partition(":")
    if kind == "phase":
        visit.go("topic-coverage", phase=value)
    else:
        visit.go("topics", phase=visit.person.data.get("phase"))


TALK = Talk("topic-coverage", show, act)
