"""The registry of talks: help, the menus of the platforms, and the check of access all read this one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from conversations.screens import Said, Screen
from handlers.visit import Entry, Visit
from locales.phrases import Phrases
from locales.vietnamese import fold, plain
from models.officers import ROLES

OFFICER, EDITOR, APPROVER = ROLES


@dataclass(frozen=True, slots=True)
class Talk:
    """A part of the conversation with a name: how it opens, what it shows, what a choice on it does.

    `command` talks can be opened by `/name` and by the Vietnamese words of the catalogue's `command.<name>.words`
    (separated by `|`). `roles` may open it, each of them, or everybody where none is named; the others are
    told the phrase `refusal`. `guests` may open it too before consenting.
    `rights` are open to somebody whose consent waits to be given again, because its text has changed.
    """

    name: str
    show: Callable[[Visit], Awaitable[Screen]]
    act: Callable[[Visit, Said], Awaitable[None]]
    open: Callable[[Visit, str], Awaitable[None]] | None = None
    roles: tuple[str, ...] = ()
    refusal: str = "desk.not-for-you"
    guests: bool = False
    rights: bool = False


class Registry:
    """All talks by name. Refuses two of one name."""

    def __init__(self, talks: tuple[Talk, ...], phrases: Phrases) -> None:
        self.talks: Mapping[str, Talk] = {talk.name: talk for talk in talks}
        if len(self.talks) != len(talks):
            raise ValueError("two talks have one name")
        self._words = {word: talk for talk in talks if talk.open for word in _words(talk, phrases)}

    def named(self, text: str) -> tuple[Talk, str] | None:
        """Find the command that a typed text is: `/name rest` (also `/name@bot rest`), or one of its words, whole."""
        if text.startswith("/"):
            word, _, rest = text[1:].partition(" ")
            talk = self.talks.get(word.partition("@")[0].lower())
            return (talk, rest.strip()) if talk and talk.open else None
        # Accents that were typed count: "đúng" is not the "dừng" that it would be without them.
        talk = self._words.get(plain(text)) or (self._words.get(fold(text)) if text.isascii() else None)
        return (talk, "") if talk else None

    @property
    def menu(self) -> tuple[Entry, ...]:
        """Every command, in the order of the registry."""
        opened = (talk for talk in self.talks.values() if talk.open)
        return tuple(Entry(talk.name, talk.roles, talk.guests, talk.rights) for talk in opened)


def _words(talk: Talk, phrases: Phrases) -> set[str]:
    lists = [phrases.say(lang, COMMAND_WORDS[talk.name]) for lang in phrases.languages]
    return {form(word) for words in lists for word in words.split("|") for form in (plain, fold)}


COMMAND_WORDS = {
    name: f"command.{name}.words"
    for name in (
        "start", "help", "stop", "language", "privacy", "mydata", "forget", "link", "topics", "slogans", "results",
        "settings", "summary", "broadcast",
    )
}  # fmt: skip
COMMAND_ABOUT = {name: f"command.{name}.about" for name in COMMAND_WORDS}
PHRASE_KEYS = (*COMMAND_WORDS.values(), *COMMAND_ABOUT.values())
