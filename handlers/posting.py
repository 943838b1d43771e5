"""A post as people see it: to one of them, and at a public outlet. The same words everywhere; who speaks stands below.

A person's copy says how to stop it: a button, or a word where there are no buttons. Its taps carry no revision, since a
post is no screen: `off.<topic>` ends the subscription, `form.<id>` opens the questionnaire, whatever screen is open.
"""

import asyncio
from dataclasses import dataclass
from datetime import date

from conversations.posts import Content, read_content
from conversations.text import FIRST
from handlers.house import House
from handlers.slogan_cards import content_png
from locales.formats import day
from models import posts
from models.database import Connection
from models.messages import Address, Button, Document, Outbound, Picture
from models.posts import Version

OFF, FORM = "off.", "form."
START = "q-"  # the start token that opens a questionnaire: q-du-thao
ANY = "_"  # in place of a questionnaire's id, where several are open: people choose at home
LANE = "broadcast"
NOBODY = Address("", "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A version of a post with what goes along with it, ready to be laid out."""

    content: Content
    picture: Picture | None = None
    document: Document | None = None


async def sheet(conn: Connection, version: Version) -> Sheet:
    """Read a version and fetch its picture or its card, and its file; what is missing from the database is left out."""
    content = read_content(version.body)
    kept = await posts.media_of(conn, content.picture) if content.picture else None
    alt = content.picture_alt.in_(FIRST) if content.picture_alt else content.title.in_(FIRST)
    file = await posts.media_of(conn, content.document) if content.document else None
    # Painted beside the work: nobody waits for a picture.
    card = Picture(await asyncio.to_thread(content_png, content), content.in_(FIRST)) if content.slogan else None
    return Sheet(
        content,
        Picture(kept.data, alt) if kept else card,
        Document(file.name, file.data, file.kind) if file else None,
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """For whom a post is laid out: in which language, on which day, as a message of which topic, on which channel."""

    lang: str
    on: date
    topic: str = ""
    channel: str = ""


def direct(house: House, post: Sheet, setting: Setting) -> Outbound:
    """Lay a post out for a person. `to` is nobody yet: the same message is sent to many."""
    form = _asked(house, post.content, setting.on)
    plain = setting.channel in house.wordy
    say = house.phrases.voice(setting.lang)
    hints = [say("posting.ask-in-words")] if form and plain else []
    hints += [say("posting.stop-in-words")] if plain else []
    buttons = [] if plain else [Button(say("posting.stop"), f"{OFF}{setting.topic}")]
    if form and not plain:
        buttons.insert(0, Button(say("posting.ask"), f"{FORM}{form}", style="primary"))
    return Outbound(
        to=NOBODY,
        title=post.content.title.in_(setting.lang),
        text="\n\n".join((words(house, post.content, setting.lang), *hints)),
        buttons=tuple((button,) for button in buttons),
        picture=post.picture,
        document=post.document,
        lane=LANE,
        banner=say("desk.rehearsal") if house.rehearsal else "",
    )


def public(house: House, post: Sheet, setting: Setting) -> Outbound:
    """Lay a post out for an outlet: nothing to stop there, and a way to the questionnaire that leads into a chat."""
    form = _asked(house, post.content, setting.on)
    say = house.phrases.voice(setting.lang)
    ask = [Button(say("posting.ask"), "", url=way(house, form, setting.channel))] if form else []
    return Outbound(
        to=NOBODY,
        title=post.content.title.in_(setting.lang),
        text=words(house, post.content, setting.lang),
        buttons=tuple((button,) for button in ask),
        picture=post.picture,
        document=post.document,
        lane=LANE,
        banner=say("desk.rehearsal") if house.rehearsal else "",
    )


def words(house: House, content: Content, lang: str) -> str:
    """The text, where it comes from, and who sends it."""
    return "\n\n".join((content.in_(lang), f"{source(house, content, lang)}\n{house.pack.issuer.in_(lang)}"))


def source(house: House, content: Content, lang: str) -> str:
    """Where the words come from, in one line; official words are said to be so."""
    its, say = content.source, house.phrases.voice(lang)
    key = "posting.source.verbatim" if content.verbatim else "posting.source"
    number = say("posting.number", number=its.number) if its.number else ""
    return say(key, issuer=its.issuer, number=number, day=day(its.date, lang))


def way(house: House, form: str, channel: str) -> str:
    """The address that opens a questionnaire in a chat: the bot's on its own platform, else the web chat's."""
    if channel == "telegram" and house.telegram_name:
        return f"https://t.me/{house.telegram_name}?start={START}{form}"
    return f"{house.public_url}/join/{START}{form}"


def _asked(house: House, content: Content, on: date) -> str:
    """The questionnaire that a post leads to, ANY where it could be several; "" where none is asked for or open."""
    open = [form.id for form in house.pack.open_on(on) if content.asks in ("", form.id)]
    if content.publish_only or not open:
        return ""
    return open[0] if len(open) == 1 else ANY
