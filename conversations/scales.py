"""Questions on a scale: one question, or a series of statements on the same scale."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from conversations.options import ORDERED, Asked, Fault, Id, Option, Part, Shown, indistinct
from conversations.places import Answer
from conversations.text import Listed, Words


def _by_number(labels: Any) -> Any:
    """Read `{1: Rất tệ}` with its keys as text, like every id."""
    return {str(key): words for key, words in labels.items()} if isinstance(labels, dict) else labels


class Statement(Part):
    """One statement of a series."""

    id: Id
    text: Listed


class ScaleQuestion(Asked):
    """A step of a scale: `steps` in words, or `from` to `to` in numbers with `labels` for some of them.

    The answer is the step's number as text ("1" is the first of `steps`), or the id of an option `beside` the scale
    ("Không ý kiến"). `statements` make a series: each is asked on the same scale, and has the id `question.statement`.
    """

    kind: Literal["scale"]
    steps: tuple[Listed, ...] = ()
    start: int = Field(default=1, alias="from", ge=0, le=1)
    end: int = Field(default=0, alias="to", le=10)
    labels: Annotated[dict[str, Words], BeforeValidator(_by_number)] = Field(default_factory=dict)
    beside: tuple[Option, ...] = ()
    statements: tuple[Statement, ...] = ()
    signs = ORDERED

    @property
    def scale(self) -> dict[str, Words | None]:
        """The steps by number, each with its words if it has any."""
        if self.steps:
            return {str(number): words for number, words in enumerate(self.steps, start=1)}
        return {str(number): self.labels.get(str(number)) for number in range(self.start, self.end + 1)}

    def keys(self) -> dict[str, Words]:
        """Return the steps, then the options beside the scale."""
        steps = {number: words or Words({"vi": number}) for number, words in self.scale.items()}
        return {**steps, **{option.id: option.text for option in self.beside}}

    def expanded(self) -> tuple[Shown, ...]:
        """Return one question a statement."""
        fields = {name: getattr(self, name) for name in ScaleQuestion.model_fields if name != "id"}
        total = len(self.statements)
        return tuple(
            StatementQuestion.model_construct(
                **fields, id=f"{self.id}.{each.id}", statement=each.text, number=number, total=total
            )
            for number, each in enumerate(self.statements, start=1)
        ) or (self,)

    def counted(self, answer: Answer) -> list[str]:
        """Return the step's number or the option's id."""
        return [str(answer.value)]

    def told(self, answer: Answer, lang: str) -> str:
        """Return the step's words, or its number with what is known of it."""
        words = self.keys().get(str(answer.value))
        if not words:
            return str(answer.value)
        told = words.in_(lang)
        return f"{answer.value} ({told})" if self.labels.get(str(answer.value)) else told

    def faults(self) -> Iterator[Fault]:
        """Find a scale without steps, told twice, or labelled beyond its ends."""
        if bool(self.steps) == bool(self.end):
            yield ("steps",), f"question '{self.id}': a scale has either steps, or from and to"
        elif len(self.scale) < 2:
            yield ("steps",), f"question '{self.id}': a scale has at least two steps"
        elif self.labels and (self.steps or not self.labels.keys() <= self.scale.keys()):
            yield ("labels",), f"question '{self.id}': labels name numbers between from and to"
        named = [Option(id=number, text=words) for number, words in self.scale.items() if words]
        yield from indistinct(self.id, "beside", (*named, *self.beside))
        yield from indistinct(self.id, "statements", tuple(Option(id=s.id, text=s.text) for s in self.statements))


class StatementQuestion(ScaleQuestion):
    """One statement of a series, as the engine asks it; `text` is the lead. Not written in packs."""

    id: str
    statement: Words
    number: int
    total: int

    def name(self, lang: str) -> str:
        """Return the statement."""
        return self.statement.in_(lang)

    @property
    def asks(self) -> str:
        """The lead and the statement."""
        return f"{super().asks}\n{self.statement.in_('vi')}"
