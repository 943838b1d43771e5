"""From a chat that others can read to the web chat: what is private is asked and shown there, by a one-time link.

The link stands in the chat, so others can read it too. It therefore opens an unknown browser only to somebody who has
no other place yet where private answers could be seen; and the chat is told, so that a stolen one is noticed.
"""

from conversations import engine
from conversations.places import Place
from conversations.questions import Questionnaire, WordsQuestion
from conversations.screens import Choice, Screen
from handlers.house import House
from handlers.visit import Visit
from handlers.words import CHANNELS, channels
from locales.phrases import Say
from models import passage, people
from models.messages import Outbound
from models.passage import Passage
from models.people import Person

IN_THE_CHAT = ("back", "next", "skip", "stop")  # what may be done there about a question that is answered elsewhere


def listened(visit: Visit) -> bool:
    """Tell whether others can read this chat, so that nothing private is to be said in it."""
    return visit.inbound.sender.channel in visit.house.overheard


def remark(house: House, channel: str, say: Say) -> str:
    """What people are told beside the notice on a channel that others can read; "" on any other."""
    platform = CHANNELS.get(channel, channel)
    if channel in house.overheard:
        return say("passage.remark", platform=platform)
    return say("passage.remark.in-chat", platform=platform) if channel in house.watched else ""


def hides(visit: Visit, form: Questionnaire, place: Place) -> bool:
    """Tell whether the screen of a place may not be shown in this chat."""
    return listened(visit) and engine.hidden(form, place, visit.lang, visit.t)


async def screen(visit: Visit, form: Questionnaire, place: Place) -> Screen:
    """Why it goes on elsewhere, and the link to exactly that place."""
    step = form.by_id.get(place.waiting_on)
    asked = engine.ask(form, place, visit.lang, visit.t)
    if form.sensitive:
        what = visit.t("passage.sensitive", title=form.title.in_(visit.lang))
    elif isinstance(step, WordsQuestion):
        what = visit.t("passage.words", question=step.name(visit.lang))
    else:
        what = visit.t("passage.review", title=form.title.in_(visit.lang))
    offered = IN_THE_CHAT[-1:] if form.sensitive else IN_THE_CHAT
    return Screen(
        text=f"{what}\n\n{why(visit)}",
        title=form.title.in_(visit.lang) if form.sensitive else asked.title,
        nav=(await link(visit, form.id), *(choice for choice in asked.nav if choice.action in offered)),
        unclear=visit.t("passage.typed"),
    )


def why(visit: Visit) -> str:
    """Why not here, and what the link is good for."""
    channel = visit.inbound.sender.channel
    issuer = visit.house.pack.issuer.in_(visit.lang)
    return visit.t("passage.why", platform=CHANNELS.get(channel, channel), issuer=issuer)


async def link(visit: Visit, questionnaire: str = "") -> Choice:
    """The link to a questionnaire where it stands, or to the person's own record. Only its hash is kept."""
    token = await passage.make(visit.conn, Passage(visit.person.id, questionnaire), visit.at)
    return Choice("", visit.t("passage.open"), url=f"{visit.house.public_url}/go/{token}")


async def cross(visit: Visit, token: str) -> None:
    """Lead whoever opens a link to the place that it was made for, as the person whom it was made for."""
    found = None if listened(visit) else await passage.find(visit.conn, token, visit.at)
    if found and found.person_id == visit.person.id:
        await passage.use(visit.conn, token, visit.at)
        go_on(visit, found.questionnaire)
        return
    owner = await people.by_id(visit.conn, found.person_id) if found else None
    addresses = await people.addresses(visit.conn, owner.id if owner else visit.person.id)
    if found is None or owner is None:
        if not any(at.channel in visit.house.overheard for at in addresses):  # they are where they wanted to be
            visit.notice(visit.t("passage.over"))
    elif safe := [at for at in addresses if at.channel not in visit.house.overheard]:
        visit.notice(visit.t("passage.elsewhere", channels=channels(safe)))
    elif await passage.use(visit.conn, token, visit.at):
        await _cross(visit, owner, found.questionnaire)


async def _cross(visit: Visit, owner: Person, questionnaire: str) -> None:
    if not visit.guest:
        visit.go("link", other=str(owner.id), to=questionnaire)
        return
    told = await tidings(visit, owner)
    await people.move_address(visit.conn, visit.inbound.sender, owner.id)
    visit.merge(owner)
    visit.asides += told
    go_on(visit, questionnaire)


async def tidings(visit: Visit, owner: Person) -> list[Outbound]:
    """Tell the chats that others can read that a browser was let in, and how to take it off again."""
    text = visit.house.phrases.say(owner.language, "passage.opened")
    heard = await people.addresses(visit.conn, owner.id)
    return [Outbound(at, text) for at in heard if at.channel in visit.house.overheard]


def go_on(visit: Visit, questionnaire: str) -> None:
    """Open what a link leads to."""
    if questionnaire:
        visit.go("questionnaire", id=questionnaire)
    else:
        visit.go("mydata")
