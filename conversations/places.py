"""Where a person stands in a questionnaire: a small value that survives weeks, restarts and a change of phone."""

import json
from dataclasses import dataclass, field
from typing import Any

from conversations.traces import packed, unpacked

Value = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said to one question: a value, or that they do not want to answer, or that they passed over it.

    `value`: an option's id, a sorted tuple of ids, a scale step ("1" ...), a number ("1234.5"), an ISO date, words, or
    a unit's id with its `label` as it was shown. A note that was read has the value "read".
    """

    value: Value = ""
    label: str = ""
    declined: bool = False
    skipped: bool = False

    @property
    def given(self) -> bool:
        """Whether there is a value."""
        return not (self.declined or self.skipped)

    def to_data(self) -> dict[str, Any]:
        """Return the JSON form: {"v": value} (with "label" for a unit), {"declined": true} or {"skipped": true}."""
        if self.declined:
            return {"declined": True}
        if self.skipped:
            return {"skipped": True}
        data: dict[str, Any] = {"v": list(self.value) if isinstance(self.value, tuple) else self.value}
        return {**data, "label": self.label} if self.label else data

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Answer":
        """Read the JSON form."""
        if "v" not in data:
            return DECLINED if data.get("declined") else SKIPPED
        value = data["v"]
        return cls(tuple(value) if isinstance(value, list) else value, data.get("label", ""))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words with the personal details taken out, for their writer to accept; `details` names the kinds found.

    `typed` are the words as written where the writer may insist on them, "" where they hold what is never kept.
    """

    text: str
    details: tuple[str, ...]
    typed: str = ""

    def to_data(self) -> list[Any]:
        """Return the JSON form: [text, details, typed]."""
        return [self.text, list(self.details), self.typed]

    @classmethod
    def from_data(cls, data: list[Any]) -> "Proposal":
        """Read the JSON form."""
        text, details, typed = data
        return cls(text, tuple(details), typed)


DECLINED = Answer(declined=True)
SKIPPED = Answer(skipped=True)
READ = Answer("read")


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in a version of a questionnaire, with the answers on the branch that they took.

    `waiting_on` is the question on the screen, "" the review. `returning` says that the question was opened from the
    review. `ticked` is a selection not yet confirmed, `offered` a typed text (as typed, converted) to choose from,
    `proposed` one with personal details taken out, `found` the units (id, label) that a search found, `page` the page
    of the review. `sent` stays true once sent: later corrections count without sending again. `consent` is the version
    of the consent that the answers were given under, "" in records from before that was kept. `traces` are the chat's
    messages that show any of this.
    """

    questionnaire: str
    version: str
    waiting_on: str
    answers: dict[str, Answer] = field(default_factory=dict)
    seed: int = 0
    returning: bool = False
    ticked: tuple[str, ...] = ()
    offered: tuple[str, str] | None = None
    proposed: Proposal | None = None
    found: tuple[tuple[str, str], ...] = ()
    page: int = 1
    sent: bool = False
    consent: str = ""
    traces: tuple[int, ...] = ()

    def to_json(self) -> str:
        """Return JSON in plain words; what is at rest is left out."""
        data: dict[str, Any] = {
            "questionnaire": self.questionnaire,
            "version": self.version,
            "waiting_on": self.waiting_on,
            "answers": {name: answer.to_data() for name, answer in self.answers.items()},
            "seed": self.seed,
        }
        passing = {
            "returning": self.returning,
            "ticked": self.ticked,
            "offered": self.offered,
            "proposed": self.proposed and self.proposed.to_data(),
            "found": self.found,
            "page": self.page if self.page > 1 else 0,
            "sent": self.sent,
            "consent": self.consent,
            "traces": packed(self.traces),
        }
        data.update((name, value) for name, value in passing.items() if value)
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Place":
        """Read what `to_json` wrote."""
        data = json.loads(text)
        offered, proposed = data.get("offered"), data.get("proposed")
        return cls(
            questionnaire=data["questionnaire"],
            version=data["version"],
            waiting_on=data["waiting_on"],
            answers={name: Answer.from_data(answer) for name, answer in data["answers"].items()},
            seed=data["seed"],
            returning=data.get("returning", False),
            ticked=tuple(data.get("ticked", ())),
            offered=(offered[0], offered[1]) if offered else None,
            proposed=Proposal.from_data(proposed) if proposed else None,
            found=tuple((unit, label) for unit, label in data.get("found", ())),
            page=data.get("page", 1),
            sent=data.get("sent", False),
            consent=data.get("consent", ""),
            traces=unpacked(data.get("traces", ())),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of what a person did: their new place, remarks to show first, and the outcome.

    `outcome` is "asked" (show the next screen), "sent", "stopped" (the place is kept to go on later), or
    "search:<text>": a question about a unit wants the units that match the text (see `engine.found`).
    """

    place: Place
    notices: tuple[str, ...] = ()
    outcome: str = "asked"
