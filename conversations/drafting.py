"""A post while it is being written: what stands in it so far, what it lacks, and when it is whole. Pure."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from conversations.campaign import Campaign, Phase, Slogan
from conversations.faults import Faults
from conversations.posts import Content, out_of_place
from conversations.text import FIRST

Draft = Mapping[str, Any]  # as the JSON of a Content, with parts missing
ISSUER = 400  # characters of the name of an office
ALT = 400


def missing(draft: Draft, *, placed: bool = True) -> list[str]:
    """Name what a post still lacks: "title", "text", "source", "alt", "place" (a topic or a theme, where asked for)."""
    source = draft.get("source", {})
    lacks = {
        "title": not draft.get("title", {}).get(FIRST),
        "text": not draft.get("text", {}).get(FIRST),
        "source": not (source.get("issuer") and source.get("date")),
        "place": placed and not (draft.get("topic") or draft.get("theme") or draft.get("slogan")),
        "alt": bool(draft.get("picture")) and not draft.get("picture_alt"),
    }
    return [name for name, lacking in lacks.items() if lacking]


def whole(draft: Draft, campaign: Campaign, slogans: Iterable[Slogan], *, placed: bool = True) -> Content | None:
    """Make a post of a draft; None where it is none yet, or does not fit its campaign.

    What the house itself writes belongs to no topic (`placed` is False).
    """
    if missing(draft, placed=placed):
        return None
    try:
        content = Content.model_validate_json(json.dumps(dict(draft)))
    except (ValidationError, Faults):
        return None
    faults = [loc for loc, _ in out_of_place(content, campaign, slogans)]
    return content if not faults or (not placed and faults == [("topic",)]) else None


def started(content: Content) -> Draft:
    """A draft that begins with a post."""
    told: Draft = json.loads(content.canonical())
    return told


def phase_of(draft: Draft, campaign: Campaign) -> Phase:
    """The phase that a draft belongs to."""
    return next((each for each in campaign.phases if each.id == draft.get("phase")), campaign.phases[0])


def only_published(draft: Draft, campaign: Campaign) -> bool:
    """Whether the theme of a draft lets it be published only, so that it asks for nothing."""
    themes = {each.id: each for each in campaign.themes}
    theme = themes.get(str(draft.get("theme", "")))
    return theme is not None and theme.handling == "publish_only"


def tidy(text: str) -> str:
    """What was typed, in NFC, without what no platform takes; nothing else is changed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    told = (letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", "".join(told)).strip()


def line(text: str) -> str:
    """What was typed on one line."""
    return " ".join(tidy(text).split())


def dated(iso: object) -> date:
    """The day that a draft's source has."""
    return date.fromisoformat(str(iso))
