"""What every kind of question shares: fields, options, and what a condition may ask of it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from conversations.expressions import KEYWORDS, Expression, Mention, parse
from conversations.places import Answer
from conversations.text import Heading, Listed, Words
from locales.vietnamese import fold

MOST_OPTIONS = 60  # more are no list to choose from, and no platform shows so many buttons
DECLINED_KEY = "@declined"  # how a release counts "Không muốn trả lời"; no option can have this id
ORDERED = frozenset({"==", "!=", "<", ">", "<=", ">="})


def _named(name: str) -> str:
    if name in KEYWORDS:
        raise ValueError(f"'{name}' is a word of conditions and cannot be an id")
    return name


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$"), AfterValidator(_named)]
Condition = Annotated[
    Expression,
    BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value),
    PlainSerializer(lambda expression: expression.source, return_type=str),
]
Folded = Annotated[str, AfterValidator(fold), StringConstraints(min_length=1)]
Fault = tuple[tuple[str | int, ...], str]
"""The way to a field, and what is wrong there."""


class Part(BaseModel):
    """A piece of a questionnaire. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Option(Part):
    """One thing to choose. `button` is a shorter label for a button; `aliases` may be typed instead of the label.

    `exclusive` stands alone among several ("Không có vấn đề gì"). It stays last in a shuffled order, as `last` does.
    """

    id: Id
    text: Listed
    button: Heading | None = None
    aliases: tuple[Folded, ...] = ()
    exclusive: bool = False
    last: bool = False

    def label(self, lang: str) -> str:
        """Return what stands on the button."""
        return (self.button or self.text).in_(lang)


class Shown(Part):
    """Anything with a screen of its own. `short` names it in lists and figures; without it the text does."""

    kind: str
    id: Id
    text: Words
    short: Heading | None = None
    when: Condition | None = None

    def texts(self) -> Iterator[tuple[str, Words]]:
        """Give the texts that may recall an earlier answer, each with its field."""
        yield "text", self.text

    def expanded(self) -> tuple["Shown", ...]:
        """Return what is asked one after the other: itself, or one question for each statement of a series."""
        return (self,)

    def name(self, lang: str) -> str:
        """Return what it is called in a list of answers and in figures."""
        return (self.short or self.text).in_(lang)

    def keys(self) -> dict[str, Words]:
        """Return what a release may count of it, in order, with words; empty where there is no closed list."""
        return {}

    def counted(self, answer: Answer) -> list[str]:
        """Return the keys that an answer with a value counts for; nothing for a note and for words."""
        return []

    @property
    def most(self) -> int:
        """In how many keys one person may count."""
        return 1

    @property
    def asks(self) -> str:
        """What is asked, in the first language: two questions with the same words here are the same question."""
        return self.text.in_("vi")

    def told(self, answer: Answer, lang: str) -> str:
        """Put an answer with a value into words; a value that is no longer known stands for itself."""
        return str(answer.value)

    def untestable(self, mention: Mention) -> str:
        """Say why a condition may not ask this of it; "" if it may."""
        return f"'{self.id}' is a note and has no answer"

    def faults(self) -> Iterator[Fault]:
        """Find what contradicts itself, beyond the shape."""
        yield from ()


class Asked(Shown):
    """A question. Unless `required`, it may be passed over; `decline` offers "Không muốn trả lời" as an answer.

    `exact` publishes its counts without noise, which a unanimous group can then be read from: for neutral questions
    alone, and the consent says so. `hint` says what to type, in place of our own hint; `error` is said when an answer
    does not fit.
    """

    hint: Words | None = None
    required: bool = False
    decline: bool = False
    exact: bool = False
    error: Words | None = None

    signs: ClassVar[frozenset[str]] = frozenset()

    @cached_property
    def known(self) -> frozenset[str]:
        """Ids of what can be chosen."""
        return frozenset(self.keys())

    def texts(self) -> Iterator[tuple[str, Words]]:
        """Give the texts that may recall an earlier answer."""
        yield "text", self.text
        for field, words in (("hint", self.hint), ("error", self.error)):
            if words:
                yield field, words

    def untestable(self, mention: Mention) -> str:
        """Say why a condition may not ask this of it; "" if it may."""
        if mention.sign == "answered" or (mention.sign == "declined" and self.decline):
            return ""
        if mention.sign == "declined":
            return f"'{self.id}' does not offer to decline"
        if mention.sign not in self.signs:
            return f"'{mention.sign}' cannot be asked of '{self.id}', a question of kind {self.kind}"
        return self.unknown(mention)

    def unknown(self, mention: Mention) -> str:
        """Say why the value compared with can never be an answer; "" if it can."""
        known = self.keys()
        return "" if mention.value in known else f"'{self.id}' has no '{mention.value}' (it has {', '.join(known)})"


class Optioned(Asked):
    """A question with options, in the author's order or, with `shuffle`, in an order of each person's own."""

    options: tuple[Option, ...] = Field(min_length=2, max_length=MOST_OPTIONS)
    shuffle: bool = False

    def keys(self) -> dict[str, Words]:
        """Return the options."""
        return {option.id: option.text for option in self.options}

    def faults(self) -> Iterator[Fault]:
        """Find options that cannot be told apart."""
        yield from indistinct(self.id, "options", self.options)


def indistinct(question: str, field: str, options: tuple[Option, ...]) -> Iterator[Fault]:
    """Find options of one id, or of one label."""
    for what in ("id", "label"):
        seen: set[str] = set()
        for index, option in enumerate(options):
            mark = option.id if what == "id" else option.label("vi").casefold()
            if mark in seen:
                yield (field, index), f"question '{question}': two options have the {what} '{mark}'"
            seen.add(mark)
