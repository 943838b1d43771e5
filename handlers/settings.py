"""/settings: what a person wants to be sent, one tick a topic. Nothing is ticked beforehand; all of it ends in one tap.

A member is shown this once unasked, on coming home for the first time. What is chosen here never chooses what is asked,
and no answer chooses anything here.
"""

from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import aliases
from models import subscriptions
from models.subscriptions import ASKED, TOPICS

NAME = "settings"


async def open(visit: Visit, _rest: str) -> None:
    """Show the topics; who came by themselves need not be asked any more."""
    await _note_asked(visit)
    visit.go(NAME)


async def ask_once(visit: Visit) -> None:
    """Show the topics in place of home, once ever, to a member who was never asked. Whatever they do is an answer.

    Nobody is asked who has just put a questionnaire off, nor anywhere but on the way home.
    """
    person = visit.person
    at_home = person.talk == "start" and visit.step and not person.data.get("paused")
    if not at_home or not visit.agreed or person.unit_id is None:
        return
    if not await subscriptions.asked(visit.conn, person.id):
        await _note_asked(visit)
        visit.go(NAME, first=True)


async def _note_asked(visit: Visit) -> None:
    await subscriptions.choose(visit.conn, visit.person.id, ASKED, True, visit.at)


async def show(visit: Visit) -> Screen:
    """The topics with their ticks, how much is sent at most and when nothing is, and who signs it."""
    pack = visit.house.pack
    chosen = await subscriptions.chosen(visit.conn, visit.person.id)
    first = bool(visit.person.data.get("first"))
    text = visit.t(
        "settings.text",
        day=pack.caps.day,
        week=pack.caps.week,
        since=pack.quiet.since,
        until=pack.quiet.until,
        issuer=pack.issuer.in_(visit.lang),
    )
    return Screen(
        title=visit.t("settings.title"),
        text=f"{visit.t('settings.first')}\n\n{text}" if first else text,
        choices=tuple(
            Choice(f"{'-' if topic in chosen else '+'}{topic}", visit.t(LABELS[topic]), chosen=topic in chosen)
            for topic in TOPICS
        ),
        nav=(
            Choice("home", visit.t("settings.done"), aliases(visit, "settings.done.words")),
            *_ways(visit, chosen, first),
        ),
    )


def _ways(visit: Visit, chosen: set[str], first: bool) -> tuple[Choice, ...]:
    if chosen:
        return (Choice("stop", visit.t("settings.stop"), aliases(visit, "settings.stop.words")),)
    return (Choice("go:start", visit.t("settings.later")),) if first else ()


async def act(visit: Visit, said: Said) -> None:
    """Tick and untick at once, several in a row too; end everything; or go home and say what was chosen."""
    if said.action == "stop":
        await end_all(visit)
    elif said.action == "home":
        chosen = await subscriptions.chosen(visit.conn, visit.person.id)
        visit.notice(visit.t("settings.chosen", topics=named(visit, chosen)) if chosen else visit.t("settings.none"))
        visit.go("start")
    else:
        for tick in said.action.split():
            await subscriptions.choose(visit.conn, visit.person.id, tick[1:], tick.startswith("+"), visit.at)


async def end_all(visit: Visit) -> None:
    """End every topic, and say so where there was one."""
    if await subscriptions.stop_all(visit.conn, visit.person.id):
        visit.notice(visit.t("settings.stopped"))


async def refuse_all(visit: Visit) -> None:
    """End every topic of somebody who wants nothing to be sent, and never ask them either."""
    await _note_asked(visit)
    await end_all(visit)


async def end(visit: Visit, topic: str) -> None:
    """End one topic and say so, as often as it is asked for. What is no topic ends nothing."""
    if topic in TOPICS:
        await subscriptions.choose(visit.conn, visit.person.id, topic, False, visit.at)
        visit.notice(visit.t("settings.off", topic=named(visit, {topic})))


def named(visit: Visit, topics: set[str]) -> str:
    """Name topics, in their order."""
    return "; ".join(visit.t(LABELS[topic]) for topic in TOPICS if topic in topics)


LABELS = {topic: f"settings.topic.{topic}" for topic in TOPICS}
PHRASE_KEYS = tuple(LABELS.values())
TALK = Talk(NAME, show, act, open)
