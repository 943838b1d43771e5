"""A post: what the federation publishes, from a file of the pack or written in the chat. Refuses one without a source.

Official words (`verbatim`) are kept byte for byte but for NFC; nobody but officers writes a post, and nothing here is
ever made by a machine.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from conversations.campaign import Campaign, Day, Id, Official, Passage, Slogan
from conversations.faults import Loc, refuse
from conversations.options import Part
from conversations.text import FIRST, Heading, Language, Words, at_most

TITLE = 150  # UTF-16 units: what the narrowest place (an article of a Zalo Official Account) takes
LONGEST = 8000  # characters of one text: two messages of Telegram, four of Zalo
NUMBER = 60
FILE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"


def _kept(text: str) -> str:
    tidy = unicodedata.normalize("NFC", text).strip("\n")
    if not tidy.strip():
        raise ValueError("a post needs words")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tidy if letter not in "\n\t"):
        raise ValueError("a text holds a control character or half a letter, which no platform takes")
    if len(tidy) > LONGEST:
        raise ValueError(f"a post has at most {LONGEST} characters, and this one has {len(tidy)}")
    return tidy


def _first(texts: dict[str, str]) -> dict[str, str]:
    if FIRST not in texts:
        raise ValueError(f"a post needs its words in '{FIRST}'")
    return texts


Texts = Annotated[dict[Language, Annotated[str, AfterValidator(_kept)]], AfterValidator(_first)]
Title = Annotated[Heading, AfterValidator(at_most(TITLE))]
OrNone = Annotated[str, StringConstraints(pattern=r"^$|^[a-z0-9]+([-.][a-z0-9]+)*$", max_length=40)]
File = Annotated[str, StringConstraints(pattern=FILE + "|^$")]


class PostSource(Part):
    """Where the words come from: the office that issued them, the number of its document if it has one, its date."""

    issuer: Official
    number: Annotated[str, StringConstraints(max_length=NUMBER)] = ""
    date: Day


class Content(Part):
    """What stands in a post, whoever sends it and whenever.

    `text` is by language, Vietnamese always among them; `verbatim` marks official words. `slogan` names the slogan that
    it carries as a card. `picture` and `document` are files beside the pack's file, or digests of what is kept in the
    database (`models.posts`); `picture_alt` says what is seen. `asks` names the questionnaire that it leads to, where
    that is not simply the one that is open. `publish_only` asks for no answer: people are never led from it to any.
    """

    title: Title
    text: Texts
    phase: Id
    topic: OrNone = ""
    theme: OrNone = ""
    source: PostSource
    verbatim: bool = False
    slogan: OrNone = ""
    picture: File = ""
    picture_alt: Words | None = None
    document: File = ""
    asks: OrNone = ""
    publish_only: bool = False

    @model_validator(mode="after")
    def _sound(self) -> Self:
        problems: list[tuple[Loc, str]] = []
        if self.picture and self.picture_alt is None:
            problems.append((("picture_alt",), "a picture needs words for people who cannot see it"))
        if self.picture and self.slogan:
            problems.append((("picture",), "a post with a slogan already carries its card"))
        refuse("Content", problems)
        return self

    def in_(self, lang: str) -> str:
        """Return the text in a language, or else in Vietnamese."""
        return self.text.get(lang) or self.text[FIRST]

    def called(self, lang: str) -> str:
        """Return what it is known by: a slogan's own words, since all posts with slogans have one title."""
        return self.in_(lang) if self.slogan else self.title.in_(lang)

    def canonical(self) -> str:
        """Write the post so that the same post is always the same text."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)

    @property
    def digest(self) -> str:
        """64 hexadecimal digits that change with every letter of the post."""
        return sha256(self.canonical().encode()).hexdigest()


class Post(Content):
    """A file of the pack's folder `posts`, named by its id."""

    id: Annotated[Id, Field(max_length=60)]

    @property
    def content(self) -> Content:
        """The post without the name of its file."""
        return Content.model_construct(**{name: getattr(self, name) for name in Content.model_fields})


def read_content(body: str) -> Content:
    """Read what `canonical` wrote."""
    return Content.model_validate_json(body)


def out_of_place(content: Content, campaign: Campaign, slogans: Iterable[Slogan]) -> Iterator[tuple[Loc, str]]:
    """Find what a post names that its campaign does not have, and what it may not say otherwise than the campaign."""
    phase = next((each for each in campaign.phases if each.id == content.phase), None)
    if phase is None:
        yield ("phase",), f"there is no phase {content.phase}"
        return
    if content.topic and content.topic not in _ids(phase.topics):
        yield ("topic",), f"the phase {phase.id} has no topic {content.topic}"
    theme = next((each for each in campaign.themes if each.id == content.theme), None)
    if content.theme and theme is None:
        yield ("theme",), f"there is no theme {content.theme}"
    if theme and theme.handling == "publish_only" and not content.publish_only:
        yield ("publish_only",), f"what belongs to {theme.id} is only published: publish_only is true there"
    slogan = next((each for each in slogans if each.id == content.slogan), None)
    if content.slogan and slogan is None:
        yield ("slogan",), f"there is no slogan {content.slogan}"
    if slogan and content.text[FIRST] != slogan.text:
        yield ("text",), f"the slogan {slogan.id} is not word for word"
    if not (content.topic or content.theme or content.slogan):
        yield ("topic",), "a post belongs to a topic, a theme or a slogan"


def _ids(passages: Iterable[Passage]) -> set[str]:
    return {each.id for each in passages}


def of_slogan(slogan: Slogan, campaign: Campaign, phase: str) -> Content:
    """Make the post that carries a slogan in a phase: its words, its card, its source, and nothing else."""
    source: Any = {"issuer": campaign.issuer.in_(FIRST), "number": campaign.source.number, "date": campaign.source.date}
    title = {"vi": "Khẩu hiệu tuyên truyền", "en": "Slogan of the campaign"}
    whole = {"title": title, "text": {FIRST: slogan.text}, "phase": phase, "source": source, "slogan": slogan.id}
    return Content.model_validate({**whole, "verbatim": True})
