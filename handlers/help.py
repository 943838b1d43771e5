"""/help: what this person may use, and nothing else; each line is a button too."""

from conversations.screens import Choice, Said, Screen
from handlers.commands import COMMAND_ABOUT, COMMAND_WORDS, Talk
from handlers.visit import Entry, Visit
from handlers.words import home


async def open(visit: Visit, _rest: str) -> None:
    """Show the help."""
    visit.go("help")


async def show(visit: Visit) -> Screen:
    """One line a command, with the word that does the same."""
    entries = await _entries(visit)
    lines = [
        visit.t("help.line", name=entry.name, word=_word(visit, entry), about=visit.t(COMMAND_ABOUT[entry.name]))
        for entry in entries
    ]
    text = visit.t("help.text", k=visit.house.pack.k, commands="\n".join(lines))
    contact = visit.house.pack.contact
    return Screen(
        title=visit.t("help.title"),
        text=f"{text}\n\n{contact.in_(visit.lang)}" if contact else text,
        choices=tuple(
            Choice(f"go:{entry.name}", _word(visit, entry).capitalize())
            for entry in entries
            if entry.name not in ("start", "help")
        ),
        nav=(home(visit),),
    )


async def _entries(visit: Visit) -> list[Entry]:
    roles = {grant.role for grant in await visit.grants()}
    mine = (entry for entry in visit.menu if not entry.roles or roles & set(entry.roles))
    return [entry for entry in mine if visit.may_open(guests=entry.guests, rights=entry.rights)]


def _word(visit: Visit, entry: Entry) -> str:
    return visit.t(COMMAND_WORDS[entry.name]).split("|")[0]


async def act(_visit: Visit, _said: Said) -> None:
    """Nothing is to be chosen here but other commands."""


TALK = Talk("help", show, act, open, guests=True)
