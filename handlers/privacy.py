"""/privacy: who can learn what, in plain words, before and after the release."""

from conversations.screens import Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import home


async def open(visit: Visit, _rest: str) -> None:
    """Show the notice."""
    visit.go("privacy", token=visit.person.data.get("token", ""))


async def show(visit: Visit) -> Screen:
    """The notice."""
    pack = visit.house.pack
    return Screen(
        title=visit.t("privacy.title"),
        text=visit.t("privacy.text", k=pack.k, day=pack.period_close_day),
        nav=(home(visit),),
    )


async def act(visit: Visit, _said: Said) -> None:
    """Back to the consent for a guest, home for the others."""
    token = visit.person.data.get("token", "")
    visit.go("consent" if visit.person.consent_version is None else "start", token=token)


TALK = Talk("privacy", show, act, open, guests=True)
