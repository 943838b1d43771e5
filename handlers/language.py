"""/language: the language of the bot's own words. A preference of the person, never counted."""

from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home

NAMES = {"vi": "Tiếng Việt", "en": "English"}  # each in its own tongue, so in no catalogue


async def open(visit: Visit, _rest: str) -> None:
    """Show the languages; remember where the person was, to go back there."""
    visit.go("language", back=_back(visit), token=visit.person.data.get("token", ""))


def _back(visit: Visit) -> str:
    return "consent" if visit.person.consent_version is None else "start"


async def show(visit: Visit) -> Screen:
    """One choice a language."""
    return Screen(
        title=visit.t("language.title"),
        text=visit.t("language.text"),
        choices=tuple(
            Choice(f"to:{tag}", NAMES.get(tag, tag), chosen=tag == visit.lang) for tag in visit.house.phrases.languages
        ),
        nav=(home(visit),),
    )


async def act(visit: Visit, said: Said) -> None:
    """Change the language and go back."""
    kind, _, tag = said.action.partition(":")
    if kind == "to":
        visit.change(language=tag)
    visit.go(_back(visit), token=visit.person.data.get("token", ""))


TALK = Talk("language", show, act, open, guests=True)
