"""What was published as an Atom feed: RFC 4287, its pages linked by RFC 5005. Pure."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.channels.feed_words import Masthead, clean, image, markup, media_path
from handlers.published import Entry, Leaf
from locales.phrases import Say

KIND = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
PATH = "/feed.xml"


def atom(mast: Masthead, leaf: Leaf, before: int | None, say: Say) -> str:
    """Write a page of the feed; one without entries is a feed too."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": mast.lang})
    here = {} if before is None else {"before": before}
    _say(feed, "id", mast.at(PATH))
    _say(feed, "title", mast.headed(mast.title))
    _say(feed, "subtitle", mast.about)
    _say(feed, "updated", moment(leaf.changed or mast.since))
    _link(feed, "self", mast.at(PATH, **here), KIND)
    _link(feed, "alternate", mast.at("/block"), "text/html")
    if leaf.more is not None:
        _link(feed, "next", mast.at(PATH, before=leaf.more), KIND)
    _say(SubElement(feed, "author"), "name", mast.issuer)
    for entry in leaf.entries:
        _entry(feed, mast, entry, say)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _entry(feed: Element, mast: Masthead, entry: Entry, say: Say) -> None:
    its = SubElement(feed, "entry", {"xml:lang": entry.lang})
    _say(its, "id", entry.urn)
    _say(its, "title", mast.headed(entry.title))
    _say(its, "published", moment(entry.at))
    _say(its, "updated", moment(entry.at))
    _link(its, "alternate", mast.at(f"/post/{entry.id}"), "text/html")
    for file in entry.files:
        link = _link(its, "enclosure", mast.url + media_path(file.digest), file.kind)
        link.set("length", str(file.size))
        link.set("title", clean(file.name))
    if entry.card:
        _link(its, "enclosure", image(mast, entry, "square"), "image/png")
    document = say("feed.document", name=entry.document.name) if entry.document else ""
    _say(its, "content", markup(mast, entry, document), type="html")


def _say(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = clean(text)


def _link(parent: Element, rel: str, href: str, kind: str) -> Element:
    return SubElement(parent, "link", {"rel": rel, "href": href, "type": kind})


def moment(at: datetime) -> str:
    """A moment as RFC 3339 writes it, in whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
