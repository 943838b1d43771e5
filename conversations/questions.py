"""The kinds of question, one class each, and the questionnaire. Data and what can be told from it alone."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from conversations.faults import refuse
from conversations.measures import Band, DateQuestion, NumberQuestion
from conversations.options import Asked, Fault, Id, Option, Optioned, Part, Shown
from conversations.places import Answer
from conversations.references import faults_between
from conversations.scales import ScaleQuestion, Statement, StatementQuestion
from conversations.text import Heading, Words

__all__ = [
    "Asked",
    "Band",
    "ChoiceQuestion",
    "DateQuestion",
    "Note",
    "NumberQuestion",
    "Option",
    "Question",
    "Questionnaire",
    "ScaleQuestion",
    "SeveralQuestion",
    "Shown",
    "Statement",
    "StatementQuestion",
    "UnitQuestion",
    "WordsQuestion",
]

NEVER_EXACT = "only a question with a list of answers, in a questionnaire that is not sensitive, may be exact"
LONGEST = 4000  # characters of an answer in words, kept whole


class Note(Shown):
    """Something to read; goes on with a button."""

    kind: Literal["note"]


class ChoiceQuestion(Optioned):
    """One of the options. The answer is the option's id."""

    kind: Literal["choice"]
    signs = frozenset({"==", "!="})

    def counted(self, answer: Answer) -> list[str]:
        """Return the option's id."""
        return [str(answer.value)]

    def told(self, answer: Answer, lang: str) -> str:
        """Return the option's text."""
        words = self.keys().get(str(answer.value))
        return words.in_(lang) if words else str(answer.value)


class SeveralQuestion(Optioned):
    """From `min` to `max` of the options, or an exclusive one alone. The answer is a sorted tuple of ids."""

    kind: Literal["several"]
    min: int = Field(default=1, ge=0)
    max: int | None = Field(default=None, ge=1)
    signs = frozenset({"has"})

    @property
    def most(self) -> int:
        """How many may be chosen."""
        return self.max or len(self.options)

    def counted(self, answer: Answer) -> list[str]:
        """Return the ids chosen."""
        return list(answer.value)

    def told(self, answer: Answer, lang: str) -> str:
        """Return the texts chosen, in the author's order."""
        return "; ".join(option.text.in_(lang) for option in self.options if option.id in answer.value) or "–"

    def faults(self) -> Iterator[Fault]:
        """Find limits that cross."""
        yield from super().faults()
        together = sum(not option.exclusive for option in self.options)
        if not self.min <= self.most <= len(self.options) or self.min > together:
            yield ("min",), f"question '{self.id}': min {self.min} and max {self.most} do not fit its options"


class WordsQuestion(Asked):
    """An answer in the person's own words, kept whole up to `max` characters. Never counted, listed apart."""

    kind: Literal["words"]
    max: int = Field(default=LONGEST, ge=1, le=LONGEST)


class UnitQuestion(Asked):
    """A unit of the tree, found by its name. The answer is the unit's id, with the label that was shown."""

    kind: Literal["unit"]

    def counted(self, answer: Answer) -> list[str]:
        """Return the unit's id."""
        return [str(answer.value)]

    def told(self, answer: Answer, lang: str) -> str:
        """Return the unit as it was shown when it was chosen."""
        return answer.label or str(answer.value)


Question = Annotated[
    Note
    | ChoiceQuestion
    | SeveralQuestion
    | ScaleQuestion
    | NumberQuestion
    | DateQuestion
    | WordsQuestion
    | UnitQuestion,
    Field(discriminator="kind"),
]


class Questionnaire(Part):
    """Questions in their order, open from one day to another, both included. `minutes` is what answering takes.

    `sensitive` marks opinions on documents: only a button, its number or its exact label chooses, the order of options
    is never changed, and nothing is published exactly. `epsilon` sets the noise of what is published: less is more.
    """

    id: Id
    title: Heading
    intro: Words | None = None
    minutes: int = Field(default=2, ge=1, le=60)
    sensitive: bool = False
    epsilon: Decimal = Field(default=Decimal(2), ge=Decimal("0.1"), le=4, decimal_places=2)
    opens: date
    closes: date
    questions: tuple[Question, ...] = Field(min_length=1)

    @cached_property
    def steps(self) -> tuple[Shown, ...]:
        """What is asked, one after the other, with every statement of a series on its own."""
        return tuple(step for question in self.questions for step in question.expanded())

    @cached_property
    def by_id(self) -> dict[str, Shown]:
        """The steps by id."""
        return {step.id: step for step in self.steps}

    @cached_property
    def source(self) -> str:
        """The whole as JSON, the same for the same content; `model_validate_json` reads it back."""
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps(data, ensure_ascii=False, sort_keys=True)

    @cached_property
    def version(self) -> str:
        """16 hexadecimal digits that change with the content, and not with its layout in the file."""
        return sha256(self.source.encode()).hexdigest()[:16]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        refuse("Questionnaire", [*self._faults(), *faults_between(self.questions)])
        return self

    def _faults(self) -> Iterator[Fault]:
        if self.opens > self.closes:
            yield ("closes",), f"the questionnaire closes on {self.closes}, before it opens on {self.opens}"
        if all(isinstance(question, Note) for question in self.questions):
            yield ("questions",), "the questionnaire asks nothing"
        for index, question in enumerate(self.questions):
            yield from ((("questions", index, *loc), message) for loc, message in question.faults())
            if self.sensitive and isinstance(question, Optioned) and question.shuffle:
                message = f"question '{question.id}': options of a sensitive questionnaire keep the author's order"
                yield ("questions", index, "shuffle"), message
            if isinstance(question, Asked) and question.exact and (self.sensitive or not question.keys()):
                yield ("questions", index, "exact"), f"question '{question.id}': {NEVER_EXACT}"
