"""What stands above everything on our public web, and a post's words as HTML. Every word is text, never markup."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import escape
from urllib.parse import urlencode

from handlers.house import House
from handlers.published import Entry
from locales.phrases import FIRST

_LINK = re.compile(r"https?://[^\s<>\"“”«»]+")
_AFTER = ".,;:!?)]'…"  # what ends a sentence does not belong to an address
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # www.w3.org/TR/xml, 2.2


@dataclass(frozen=True, slots=True)
class Masthead:
    """Who speaks, where, in which language; `banner` is not empty in a rehearsal."""

    url: str
    lang: str
    title: str
    about: str
    issuer: str
    banner: str
    since: datetime

    def at(self, path: str, **query: object) -> str:
        """The whole address of a path, in this language."""
        return self.url + self.path(path, **query)

    def path(self, path: str, **query: object) -> str:
        """A path that keeps to this language."""
        asked = ({} if self.lang == FIRST else {"lang": self.lang}) | query
        return path + (f"?{urlencode(asked)}" if asked else "")

    def headed(self, title: str) -> str:
        """A title that nobody takes for real in a rehearsal."""
        return f"[{self.banner}] {title}" if self.banner else title


def masthead(house: House, lang: str) -> Masthead:
    """Write it in a language; an unknown one is Vietnamese."""
    lang = lang if lang in house.phrases.languages else FIRST
    say, issuer = house.phrases.voice(lang), house.pack.issuer.in_(lang)
    return Masthead(
        url=house.public_url,
        lang=lang,
        title=say("feed.title", issuer=issuer),
        about=house.pack.short_title.in_(lang),
        issuer=issuer,
        banner=say("desk.rehearsal") if house.rehearsal else "",
        since=_midnight(house.pack.source.date),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def clean(text: str) -> str:
    """Leave out what XML cannot hold at all."""
    return _NO_XML.sub("", text)


def markup(mast: Masthead, entry: Entry, say_document: str) -> str:
    """A post as the HTML of a feed: whole addresses, nothing that needs a style or a script."""
    parts = [f"<p><strong>{escape(mast.banner)}</strong></p>" if mast.banner else "", paragraphs(entry.text)]
    if shown := image(mast, entry, "square"):
        parts.append(f'<p><img src="{escape(shown)}" alt="{escape(entry.alt)}"></p>')
    if entry.document:
        href = mast.url + media_path(entry.document.digest)
        parts.append(f'<p><a href="{escape(href)}">{escape(say_document)}</a></p>')
    if entry.ask:
        parts.append(f'<p><a href="{escape(entry.ask)}">{escape(entry.label)}</a></p>')
    parts.append(f"<p>{escape(entry.source)}<br>{escape(mast.issuer)}</p>")
    return "\n".join(filter(None, parts))


def paragraphs(text: str, link: str = "") -> str:
    """Paragraphs between empty lines, lines within them; addresses become links, with `link` as their attributes."""
    return "\n".join(f"<p>{linked(part, link)}</p>" for part in re.split(r"\n{2,}", text.strip("\n")))


def linked(text: str, link: str = "") -> str:
    """Some lines with their addresses as links."""
    parts, at = list[str](), 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(_AFTER)
        parts += [escape(text[at : found.start()]), f'<a href="{escape(address)}"{link}>{escape(address)}</a>']
        at = found.start() + len(address)
    return "".join((*parts, escape(text[at:]))).replace("\n", "<br>\n")


def image(mast: Masthead, entry: Entry, size: str) -> str:
    """The whole address of what is to be seen of a post: its picture, or else the card of its slogan; "" for none."""
    if entry.picture:
        return mast.url + media_path(entry.picture.digest)
    return f"{mast.url}/card/{entry.card}-{size}.png" if entry.card else ""


def media_path(digest: str) -> str:
    """Where a picture or a file lies."""
    return f"/media/{digest}"
