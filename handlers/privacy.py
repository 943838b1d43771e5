"""/privacy: who can learn what, in plain words, before and after the release."""

from conversations.screens import Said, Screen
from handlers import consent_text, passing
from handlers.commands import Talk
from handlers.house import House
from handlers.visit import Visit
from handlers.words import home


async def open(visit: Visit, _rest: str) -> None:
    """Show the notice."""
    visit.go("privacy")


async def show(visit: Visit) -> Screen:
    """The notice."""
    title, text = notice(visit.house, visit.lang)
    beside = passing.remark(visit.house, visit.inbound.sender.channel, visit.t)
    return Screen(f"{text}\n\n{beside}" if beside else text, title, nav=(home(visit),))


def notice(house: House, language: str) -> tuple[str, str]:
    """Title and text (paragraphs between empty lines), for the chat and for a page that anybody may read."""
    say = house.phrases.voice(language)
    text = say("privacy.text", k=house.pack.k, day=house.pack.period_close_day)
    exceptions = consent_text.exceptions(house.pack, language, say).removeprefix("• ")
    return say("privacy.title"), f"{text}\n\n{exceptions}" if exceptions else text


async def act(_visit: Visit, _said: Said) -> None:
    """Nothing is to be chosen here but the way home."""


TALK = Talk("privacy", show, act, open, guests=True)
