"""Words for people, as a pack's author writes them: in Vietnamese, and in further languages beside it."""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, RootModel, StringConstraints, model_validator

LONGEST = 2000  # characters of one text; beyond that it is a document, and no chat is the place for it
HEADING = 200  # of a text that stands as a title, or on a button: those are never cut into parts
LISTED = 300  # of an option or a statement, of which many stand on one screen
SPEAKER = 80  # of who speaks: the platforms' own pages about a bot have little room
FIRST = "vi"  # every text exists in this language; the others fall back to it
_RECALL = re.compile(r"\{([^{}]*)\}")

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{4})?$")]


def _line(text: str) -> str:
    tidy = unicodedata.normalize("NFC", text).strip()
    if not any(unicodedata.category(letter)[0] in "LNPS" for letter in tidy):
        raise ValueError("a text may not be empty")  # nor hold only what nobody sees: platforms call that empty too
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tidy.replace("\n", "").replace("\t", "")):
        raise ValueError("a text holds a control character or half a letter, which no platform takes")
    if len(tidy) > LONGEST:
        raise ValueError(f"a text has at most {LONGEST} characters, and this one has {len(tidy)}")
    return tidy


class Words(RootModel[dict[Language, Annotated[str, AfterValidator(_line)]]]):
    """A text of a pack: a plain string (Vietnamese), or `{vi: ..., en: ...}`. Kept in NFC; never empty.

    `{question-id}` in a text recalls the earlier answer to that question.
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {FIRST: value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _first(self) -> "Words":
        if FIRST not in self.root:
            raise ValueError(f"a text needs its words in '{FIRST}'")
        return self

    @property
    def recalled(self) -> frozenset[str]:
        """Names between braces, in any language."""
        return frozenset(name for text in self.root.values() for name in _RECALL.findall(text))

    def in_(self, lang: str) -> str:
        """Return the text in a language, or else in Vietnamese."""
        return self.root.get(lang) or self.root[FIRST]


def at_most(most: int) -> Callable[[Words], Words]:
    """Make a check that refuses words longer than so many characters in any language."""

    def check(words: Words) -> Words:
        if (longest := max(map(len, words.root.values()))) > most:
            raise ValueError(f"this text has at most {most} characters, and here it has {longest}")
        return words

    return check


Listed = Annotated[Words, AfterValidator(at_most(LISTED))]
Heading = Annotated[Words, AfterValidator(at_most(HEADING))]
Speaker = Annotated[Words, AfterValidator(at_most(SPEAKER))]


def filled(text: str, told: Callable[[str], str]) -> str:
    """Replace each `{question-id}` by what `told` says of it; what a person wrote is never read for braces again."""
    return _RECALL.sub(lambda found: told(found[1]), text) if "{" in text else text


def excerpt(text: str, most: int) -> str:
    """Return at most `most` characters on one line, for a list; never for keeping."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
