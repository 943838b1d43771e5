"""/help: what this person may use, and nothing else."""

from conversations.screens import Said, Screen
from handlers.commands import COMMAND_ABOUT, COMMAND_WORDS, Talk
from handlers.visit import Entry, Visit
from handlers.words import home


async def open(visit: Visit, _rest: str) -> None:
    """Show the help."""
    visit.go("help")


async def show(visit: Visit) -> Screen:
    """One line a command, with the word that does the same."""
    guest = visit.person.consent_version is None
    roles = {grant.role for grant in await visit.grants()}
    lines = [
        visit.t("help.line", name=entry.name, word=_word(visit, entry), about=visit.t(COMMAND_ABOUT[entry.name]))
        for entry in visit.menu
        if (entry.role is None or entry.role in roles) and (entry.guests or not guest)
    ]
    text = visit.t("help.text", k=visit.house.pack.k, commands="\n".join(lines))
    contact = visit.house.pack.contact
    return Screen(
        title=visit.t("help.title"),
        text=f"{text}\n\n{contact.in_(visit.lang)}" if contact else text,
        nav=(home(visit),),
    )


def _word(visit: Visit, entry: Entry) -> str:
    return visit.t(COMMAND_WORDS[entry.name]).split("|")[0]


async def act(visit: Visit, _said: Said) -> None:
    """Go home."""
    visit.go("start")


TALK = Talk("help", show, act, open, guests=True)
