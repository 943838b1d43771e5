"""The bot's own phrases, by key and language, out of the `.po` catalogues beside this file.

A key is a dotted name such as `consent.title`; a value stands in braces: `{n}`. Vietnamese is the first language: a
phrase that another language lacks is said in Vietnamese, phrase by phrase. Catalogue names are language tags of any
kind (`vi`, `mtq`, `blt-Tavt`) and are never taken for formatting locales (`locales.formats`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from babel.messages.pofile import read_po

FIRST = "vi"
HERE = Path(__file__).parent


class Say(Protocol):
    """A voice in one language: the phrase of a key with its values put in."""

    def __call__(self, key: str, /, **values: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Phrases:
    """All phrases of all languages, read once at start."""

    texts: Mapping[str, Mapping[str, str]]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a catalogue, Vietnamese first."""
        return tuple(self.texts)

    def say(self, language: str, key: str, /, **values: object) -> str:
        """Say the phrase of `key` in `language`, or in Vietnamese where that language lacks it or is unknown.

        A key that no catalogue has, or a value that the phrase wants and did not get, is a fault of the program and
        raises KeyError. Braces inside a value stay as they are.
        """
        text = self.texts.get(language, {}).get(key) or self.texts[FIRST][key]
        return text.format_map(values)

    def voice(self, language: str) -> Say:
        """Return `say` bound to one language."""
        return partial(self.say, language)


def read(path: Path) -> dict[str, str]:
    """Read one catalogue; leaves out what is untranslated or marked fuzzy. A malformed file raises PoFileError."""
    with path.open(encoding="utf-8") as lines:
        catalogue = read_po(lines, abort_invalid=True)
    messages = [message for message in catalogue if message.id and message.string and not message.fuzzy]
    return {str(message.id): str(message.string) for message in messages}


def load(folder: Path = HERE) -> Phrases:
    """Read every catalogue of the folder; refuses (FileNotFoundError) a folder without the Vietnamese one."""
    others = sorted(path.stem for path in folder.glob("*.po") if path.stem != FIRST)
    return Phrases({language: read(folder / f"{language}.po") for language in (FIRST, *others)})
