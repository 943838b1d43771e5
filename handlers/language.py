"""/language: the language of the bot's own words. A preference of the person, never counted."""

from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home

NAMES = {"vi": "Tiếng Việt", "en": "English"}  # each in its own tongue, so in no catalogue


async def open(visit: Visit, _rest: str) -> None:
    """Show the languages; remember the questionnaire that somebody is in, to go back there."""
    answering = visit.person.data if visit.person.talk == "questionnaire" else {}
    visit.go("language", **answering)


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
    """Change the language, and go back to the questionnaire or home."""
    visit.change(language=said.action.removeprefix("to:"))
    form = visit.person.data.get("id")
    visit.go("questionnaire", id=form) if form else visit.go("start")


TALK = Talk("language", show, act, open, guests=True)
