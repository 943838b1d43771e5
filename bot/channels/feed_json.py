"""What was published as a JSON Feed: jsonfeed.org/version/1.1. Pure."""

import json
from typing import Any

from bot.channels.feed_atom import moment
from bot.channels.feed_words import Masthead, image, markup, media_path
from handlers.published import Entry, Leaf
from locales.phrases import Say

KIND = "application/feed+json"
PATH = "/feed.json"


def feed(mast: Masthead, leaf: Leaf, say: Say) -> str:
    """Write a page of the feed."""
    whole: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": mast.headed(mast.title),
        "home_page_url": mast.at("/block"),
        "feed_url": mast.at(PATH),
        "description": mast.about,
        "language": mast.lang,
        "authors": [{"name": mast.issuer}],
        "items": [_item(mast, entry, say) for entry in leaf.entries],
    }
    if leaf.more is not None:
        whole["next_url"] = mast.at(PATH, before=leaf.more)
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _item(mast: Masthead, entry: Entry, say: Say) -> dict[str, Any]:
    document = say("feed.document", name=entry.document.name) if entry.document else ""
    item: dict[str, Any] = {
        "id": entry.urn,
        "url": mast.at(f"/post/{entry.id}"),
        "title": mast.headed(entry.title),
        "content_html": markup(mast, entry, document),
        "date_published": moment(entry.at),
        "date_modified": moment(entry.at),
        "language": entry.lang,
    }
    if shown := image(mast, entry, "square"):
        item["image"] = shown
    if entry.files:
        item["attachments"] = [
            {
                "url": mast.url + media_path(file.digest),
                "mime_type": file.kind,
                "title": file.name,
                "size_in_bytes": file.size,
            }
            for file in entry.files
        ]
    return item
