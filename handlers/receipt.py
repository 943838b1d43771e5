"""What is said when answers were sent, in place of the screen that listed them; here one clears the chat of them."""

from dataclasses import replace

from conversations.screens import Choice, Said, Screen
from handlers import clearing
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import CHANNELS, aliases
from locales.formats import day
from models import answers
from models.periods import closing_day


async def show(visit: Visit) -> Screen:
    """That the answers were received, and until when one may change them; and how to clear the chat of them."""
    id = str(visit.person.data.get("id", ""))
    offered = await clearing.offered(visit, id)
    parts = (await _told(visit, id), _about(visit, offered=offered))
    home = Choice("home", visit.t("nav.home"), aliases(visit, "nav.home.words"))
    screen = Screen(
        title=visit.t("receipt.title"),
        text="\n\n".join(part for part in parts if part),
        nav=(home,),
    )
    return replace(screen, choices=(Choice("clear", visit.t("receipt.clear")),)) if offered else screen


async def _told(visit: Visit, id: str) -> str:
    if await answers.stage(visit.conn, visit.person.id, id) != "pending":
        return visit.t("questionnaire.released")
    form = visit.house.pack.questionnaires.get(id)
    closes = closing_day(visit.period, visit.house.pack.period_close_day)
    return visit.t(
        "questionnaire.receipt",
        title=form.title.in_(visit.lang) if form else id,
        closes=day(closes, visit.lang),
        k=visit.house.pack.k,
    )


def _about(visit: Visit, *, offered: bool) -> str:
    if visit.cleared:
        return ""
    if not offered:
        return visit.t("receipt.by-oneself")
    if clearing.way(visit) == clearing.PAGE:
        return visit.t("receipt.offer.page")
    channel = visit.inbound.sender.channel
    return visit.t("receipt.offer.recent", platform=CHANNELS.get(channel, channel))


async def act(visit: Visit, said: Said) -> None:
    """Clear the chat, or go home and leave the receipt standing."""
    if said.action == "clear":
        await clearing.clear(visit, str(visit.person.data.get("id", "")))
    elif said.action == "home":
        visit.fresh = True
        visit.go("start")


TALK = Talk("receipt", show, act)
