"""What can become of a message: a closed set that every channel answers with, and that only the deliverer acts upon."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has it. `screen` is the platform's id of the message (what a later tap or edit names).

    `above` are those of the parts before it, where a long message was sent in several.
    """

    screen: str = ""
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Throttled:
    """It was not delivered, through no fault of the message: the whole channel rests for `after` seconds."""

    after: float


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody can be reached at this address any more (blocked, deactivated, unknown). Never tried again."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will not take this message, however often it is sent.

    `reason` is the platform's own wording with quotations taken out, so that no person's words reach a log.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been delivered: the request left us and the answer was lost."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The platform takes nothing for this person (free of charge, or at all) until they write again: it is kept."""


Outcome = Sent | Throttled | Gone | Refused | Unknown | Closed


class Unavailable(Exception):
    """The database cannot keep what came in: the platform must hold the message and bring it again."""
