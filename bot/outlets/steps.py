"""What posting to a public place comes to, step by step, for every kind of place alike.

A post may take several calls (a picture, then its words; an article, then its announcement). Each call is one step, so
that what was done is kept before the next begins. A poster never tries twice by itself: an official post stands once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.outcomes import Outcome, Sent
from models.messages import Outbound


@dataclass(frozen=True, slots=True)
class ToPost:
    """One step of a post: `to` is the platform's id of the place ("" where there is one of its kind), `step` how far it
    came ("" at the beginning), `external` what the platform gave so far.
    """

    to: str
    outbound: Outbound
    step: str = ""
    external: str = ""


@dataclass(frozen=True, slots=True)
class Went:
    """The step was made, and there is another, to be made in `after` seconds at the earliest."""

    step: str
    external: str
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing was posted: the place has another id now."""

    to: str


Step = Outcome | Went | Moved


class Poster(Protocol):
    """A kind of place. `Sent.screen` is the platform's name of the post."""

    async def post(self, to_post: ToPost, /) -> Step:
        """Make one step. Never raises for what a platform does."""

    def harmless(self, step: str, /) -> bool:
        """Whether a step only asks, so that it may be made again when its answer is lost."""

    def beyond(self, to_post: ToPost, /) -> Sent | Went:
        """What comes after a step of which an officer saw that it was made. Asks nobody."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Door:
    """A kind of place that this process can post to.

    `title` names the one place that there is of its kind, which the settings open; None where officers register places
    of the kind. `well` tells whether it can be posted to now.
    """

    poster: Poster
    title: Callable[[], str] | None = None
    well: Callable[[], bool] = _always
