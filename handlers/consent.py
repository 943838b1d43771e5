"""Who we are, why we ask, what is kept, who sees what: before the first question. A no leaves nothing behind."""

from conversations.screens import Choice, Said, Screen
from handlers import arrival
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import aliases

VERSION = 1


async def show(visit: Visit) -> Screen:
    """The whole notice on one screen, with nothing chosen beforehand."""
    pack = visit.house.pack
    return Screen(
        title=visit.t("consent.title", issuer=pack.issuer.in_(visit.lang)),
        text=visit.t(
            "consent.text",
            issuer=pack.issuer.in_(visit.lang),
            campaign=pack.short_title.in_(visit.lang),
            k=pack.k,
            day=pack.period_close_day,
        ),
        choices=(
            Choice("yes", visit.t("consent.yes"), style="primary"),
            Choice("no", visit.t("consent.no")),
        ),
        nav=(
            Choice("go:privacy", visit.t("privacy.button"), aliases(visit, "command.privacy.words")),
            Choice("go:language", visit.t("language.button"), aliases(visit, "command.language.words")),
        ),
        strict=True,
    )


async def act(visit: Visit, said: Said) -> None:
    """Keep the consent with its version and time, or forget the person."""
    if said.action == "yes":
        visit.change(consent_version=VERSION, consented_at=visit.at, joined_period=visit.period)
        visit.step = True
        await arrival.follow(visit, arrival.waiting(visit))
    elif said.action == "no":
        visit.notice(visit.t("consent.goodbye"))
        visit.forgotten = True


TALK = Talk("consent", show, act, guests=True)
