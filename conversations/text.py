"""Words for people, as a pack's author writes them: in Vietnamese, and in further languages beside it."""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, RootModel, StringConstraints, model_validator

FIRST = "vi"  # every text exists in this language; the others fall back to it
_RECALL = re.compile(r"\{([^{}]*)\}")

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{4})?$")]


def _line(text: str) -> str:
    tidy = unicodedata.normalize("NFC", text).strip()
    if not tidy:
        raise ValueError("a text may not be empty")
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


def filled(text: str, told: Callable[[str], str]) -> str:
    """Replace each `{question-id}` by what `told` says of it; what a person wrote is never read for braces again."""
    return _RECALL.sub(lambda found: told(found[1]), text) if "{" in text else text


def excerpt(text: str, most: int) -> str:
    """Return at most `most` characters on one line, for a list; never for keeping."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
