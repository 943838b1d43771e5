"""The shapes of campaign.yaml and slogans.yaml: a plan of a federation as data. Official words are kept verbatim."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from conversations.faults import Loc, refuse
from conversations.options import Part
from conversations.text import Heading, Speaker, Words

OFFICIAL = 4000  # characters of a passage
SLOGAN = 300  # characters that can be read from a card across a yard; the plan's longest has 129
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-.][a-z0-9]+)*$", max_length=40)]
Day = Annotated[date, Field(strict=True)]
Number = Annotated[int, Field(strict=True, ge=1)]
Official = Annotated[
    str, StringConstraints(min_length=1, max_length=OFFICIAL)
]  # never trimmed, corrected or translated
DayOfMonth = Annotated[int, Field(strict=True, ge=1, le=28)]  # every month has it


class Passage(Part):
    """A passage of the plan: `text` verbatim with its `line` in the source, mistakes of the original included.

    `text_suggested` is a correction that waits for an officer; it is never shown by itself. `short_title` is our own
    label for buttons. `handling: publish_only` marks content that officers write and sign; it must never become a
    rule for reading what people say.
    """

    id: Id
    line: Number
    text: Official
    short_title: Heading
    text_suggested: Official | None = None
    handling: Literal["publish_only"] | None = None


class Phase(Passage):
    """A stretch of the campaign, both days included; `ends` is empty for a last phase without an end."""

    number: Number
    starts: Day
    ends: Day | None = None
    topics: Annotated[tuple[Passage, ...], Field(min_length=1)]

    def covers(self, day: date) -> bool:
        """Tell whether the day lies in this phase."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class Anniversary(Part):
    """A day to be kept in mind: the plan's words, verbatim, with their `line`. Nothing is ever sent because of it.

    `date` is when it is, None where nobody knows; `years` is how long ago it happened then. `date_in_plan` says that
    the plan itself names the day; otherwise it is general knowledge.
    """

    id: Id
    line: Number
    text: Official
    date: Day | None = None
    years: Number
    date_in_plan: Annotated[bool, Field(strict=True)] = False

    @model_validator(mode="after")
    def _sound(self) -> Self:
        lost = self.date_in_plan and self.date is None
        refuse("Anniversary", [(("date",), "the plan names a day, and none is here")] if lost else [])
        return self


class Source(Part):
    """The document that the campaign comes from."""

    number: Official
    date: Day
    title: Official
    place: Official


def _some(most: int) -> int:
    if most < 1:
        raise ValueError("0 would mean that nobody is ever sent anything; 1 is the least")
    return most


Most = Annotated[int, Field(strict=True), AfterValidator(_some)]
Hour = Annotated[int, Field(strict=True, ge=0, le=23)]


class Caps(Part):
    """How many broadcast messages a person is sent at most in a day and in a week (seven days)."""

    day: Most = 3
    week: Most = 5


class Quiet(Part):
    """The hours in Vietnam in which nobody is sent a broadcast: from one full hour up to another, over midnight too."""

    since: Annotated[Hour, Field(alias="from")] = 22
    until: Annotated[Hour, Field(alias="to")] = 7

    @model_validator(mode="after")
    def _sound(self) -> Self:
        same = "from and to are the same hour, which is no time or all day; write two different ones"
        refuse("Quiet", [((), same)] if self.since == self.until else [])
        return self


class Report(Part):
    """The monthly duty of the units: due before this day of each month, from `first_month` (YYYY-MM) on."""

    due_before_day: DayOfMonth
    first_month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Campaign(Part):
    """campaign.yaml: what a campaign is, who signs it, its rules of release, its phases, themes and anniversaries.

    `k` is the least number of people in a group whose figures are shown; less than 5 is refused. `hold` is how many
    periods a small unit waits before it is pooled; a period closes at the end of `period_close_day`. `caps` and
    `quiet` say how many broadcast messages a person is sent at most, and when none. `remind_days` is how long before a
    questionnaire closes those are reminded who want to be (0: nobody is).
    """

    id: Id
    title: Words
    short_title: Heading
    source: Source
    issuer: Speaker
    signer: Words
    contact: Words | None = None
    k: Annotated[int, Field(strict=True, ge=5)] = 10
    hold: Annotated[int, Field(strict=True, ge=0)] = 2
    period_close_day: DayOfMonth = 8
    caps: Caps = Caps()
    remind_days: Annotated[int, Field(strict=True, ge=0, le=30)] = 3
    quiet: Quiet = Quiet()
    report: Report
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    themes: tuple[Passage, ...] = ()
    anniversaries: tuple[Anniversary, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        topics: list[tuple[Loc, str]] = [
            (("phases", at, "topics", index, "id"), topic.id)
            for at, phase in enumerate(self.phases)
            for index, topic in enumerate(phase.topics)
        ]
        lists = (ids("phases", self.phases), ids("themes", self.themes), ids("anniversaries", self.anniversaries))
        problems = [fault for named in (*lists, topics) for fault in repeated(named)]
        refuse("Campaign", [*problems, *out_of_order(self.phases)])
        return self


def _readable(text: str) -> str:
    if len(text) > SLOGAN:
        raise ValueError(f"a slogan has at most {SLOGAN} characters, and this one has {len(text)}")
    return text


class Slogan(Part):
    """A slogan of the plan, byte for byte. `scope` says what it is about, so that it can rest once that is over."""

    id: Id
    line: Number
    scope: Id
    text: Annotated[Official, AfterValidator(_readable)]


class SloganSheet(Part):
    """slogans.yaml. `scopes` names the last phase in which slogans of a scope are used; other scopes never rest."""

    scopes: dict[Id, Id] = Field(default_factory=dict)
    slogans: tuple[Slogan, ...]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        used = {slogan.scope for slogan in self.slogans}
        idle = ((("scopes", scope), "no slogan has this scope") for scope in self.scopes if scope not in used)
        refuse("SloganSheet", [*repeated(ids("slogans", self.slogans)), *idle])
        return self


def ids(field: str, parts: Sequence[Passage | Slogan | Anniversary]) -> list[tuple[Loc, str]]:
    """Give the ids of a list, each with the way to it."""
    return [((field, index, "id"), part.id) for index, part in enumerate(parts)]


def repeated(named: list[tuple[Loc, str]]) -> Iterator[tuple[Loc, str]]:
    """Find ids given before."""
    seen = set[str]()
    for loc, id in named:
        if id in seen:
            yield loc, f"the id {id} is given twice"
        seen.add(id)


def out_of_order(phases: tuple[Phase, ...]) -> Iterator[tuple[Loc, str]]:
    """Find phases that are misnumbered, end before they start, or start before the one above has ended."""
    for index, phase in enumerate(phases):
        if phase.number != index + 1:
            yield ("phases", index, "number"), f"phases are numbered in their order: here {index + 1} is expected"
        if phase.ends and phase.ends < phase.starts:
            yield ("phases", index, "ends"), f"the phase ends on {phase.ends}, before it starts on {phase.starts}"
        if phase.ends is None and index < len(phases) - 1:
            yield ("phases", index), "only the last phase may have no end"
        before = phases[index - 1] if index else None
        if before and before.ends and phase.starts <= before.ends:
            message = f"the phase starts on {phase.starts}, and {before.id} ends only on {before.ends}"
            yield ("phases", index, "starts"), message
