"""What is public on our own web: what was approved and has begun there, in the words that were approved. Nothing else.

A later draft of a post is never shown, nor a broadcast that was cancelled; a picture belongs to the public only with a
post that does. Says nothing about anybody: neither who wrote or approved a post nor how many read it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from conversations.posts import Content, read_content
from conversations.text import FIRST
from handlers import posting
from handlers.house import House
from handlers.posting import Setting, Sheet
from locales.formats import local_day
from models import published
from models.database import Connection
from models.outlets import FEED
from models.posts import Media
from models.published import File, Published

MOST = 20  # entries of a page
LARGEST = 2**63  # ids end before


@dataclass(frozen=True, slots=True)
class Entry:
    """One published post in a language: `lang` is that of its words, which may be Vietnamese where nothing else is.

    `urn` never changes and is never given twice. `ask` is where a questionnaire is opened ("" for none), and `label`
    says so. `card` is the slogan that it carries, by its id.
    """

    id: int
    urn: str
    at: datetime
    lang: str
    title: str
    text: str
    source: str
    ask: str = ""
    label: str = ""
    picture: File | None = None
    alt: str = ""
    document: File | None = None
    card: str = ""

    @property
    def files(self) -> tuple[File, ...]:
        """What goes along with it."""
        return tuple(file for file in (self.picture, self.document) if file)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to read: the language, and with `before` what is older than that entry."""

    lang: str = FIRST
    before: int | None = None
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of entries, the newest first; `more` is what to ask `before` for the next, None after the last.

    `changed` is when anything came or was taken back, on whichever page.
    """

    entries: tuple[Entry, ...]
    more: int | None
    changed: datetime | None


async def leaf(conn: Connection, house: House, wanted: Wanted) -> Leaf:
    """Read a page; one that nobody published is empty."""
    found = await published.page(conn, FEED, wanted.most + 1, wanted.before)
    shown = found[: wanted.most]
    entries = [entry_of(house, each, wanted.lang) for each in shown]
    more = shown[-1].id if len(found) > wanted.most else None
    return Leaf(tuple(await _filed(conn, shown, entries)), more, await published.changed(conn, FEED))


async def entry(conn: Connection, house: House, id: int, lang: str) -> Entry | None:
    """Read one published post; None for what never was, or is no more."""
    known = await published.one(conn, FEED, id)
    if known is None:
        return None
    return (await _filed(conn, [known], [entry_of(house, known, lang)]))[0]


async def media(conn: Connection, digest: str) -> Media | None:
    """Give a picture or a file of something published; None for every other, though we may keep it."""
    return await published.public_media(conn, digest)


def entry_of(house: House, known: Published, lang: str) -> Entry:
    """Lay a post out as it was on the day it was published: what it led to then it leads to for ever."""
    content = _read(known.body)
    ask, label = asked(house, content, Setting(lang, local_day(known.at), channel="web"))
    return Entry(
        id=known.id,
        urn=uuid5(NAMESPACE_URL, f"{house.public_url}/feed {known.id} {known.digest}").urn,
        at=known.at,
        lang=lang if lang in content.text else FIRST,
        title=content.title.in_(lang),
        text=content.in_(lang),
        source=posting.source(house, content, lang),
        ask=ask,
        label=label,
        alt=content.picture_alt.in_(lang) if content.picture_alt else content.title.in_(lang),
        card=content.slogan if content.slogan in {each.id for each in house.pack.slogans} else "",
    )


def asked(house: House, content: Content, setting: Setting) -> tuple[str, str]:
    """Where a post leads people who want to say something, and in what words; two empty texts for nowhere."""
    buttons = posting.public(house, Sheet(content), setting).buttons
    return (buttons[0][0].url, buttons[0][0].label) if buttons else ("", "")


@lru_cache(maxsize=256)
def _read(body: str) -> Content:
    """Read approved words; they never change, and checking every letter of them takes its time."""
    return read_content(body)


async def _filed(conn: Connection, shown: list[Published], entries: list[Entry]) -> list[Entry]:
    contents = [_read(each.body) for each in shown]
    names = {name for content in contents for name in (content.picture, content.document) if name}
    files = await published.files(conn, names) if names else {}
    return [
        replace(each, picture=files.get(content.picture), document=files.get(content.document))
        for each, content in zip(entries, contents, strict=True)
    ]


def position(text: str) -> int | None:
    """Read where a page begins, as it stands in its address; None for what is no such place."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) < LARGEST else None


def day_of(known: Entry) -> date:
    """The day in Vietnam on which it was published."""
    return local_day(known.at)
