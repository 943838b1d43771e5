"""The phases of the campaign with the dates that they have now: those of the pack, or as officers changed them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from conversations.campaign import Campaign, Phase
from locales.formats import VIETNAM, local_day
from models import bounds
from models.bounds import Bound
from models.database import Connection

OPENS, CLOSES = "opens", "closes"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase whose `starts` and `ends` are those of now; `closed_at` is when an officer ended it by hand."""

    phase: Phase
    closed_at: datetime | None = None

    def begun(self, at: datetime) -> bool:
        """Tell whether its first day has come."""
        return self.phase.starts <= local_day(at)

    def over(self, at: datetime) -> bool:
        """Tell whether its last day has passed, or an officer ended it."""
        ended = self.phase.ends is not None and self.phase.ends < local_day(at)
        return ended or (self.closed_at is not None and self.closed_at <= at)

    @property
    def end(self) -> datetime | None:
        """The moment from which on it is over; None where no end is known."""
        if self.closed_at or self.phase.ends is None or self.phase.ends == date.max:
            return self.closed_at
        return _midnight(self.phase.ends + DAY)

    def runs(self, at: datetime) -> bool:
        """Tell whether it has begun and is not over."""
        return self.begun(at) and not self.over(at)


async def phases(conn: Connection, campaign: Campaign) -> tuple[Stretch, ...]:
    """Give all phases in their order, with the dates of now."""
    return dated(campaign, await bounds.edited(conn))


def dated(campaign: Campaign, edited: Mapping[str, Bound]) -> tuple[Stretch, ...]:
    """Give the phases with changed dates; the others as the campaign has them."""
    return tuple(_stretch(phase, edited.get(phase.id)) for phase in campaign.phases)


def _stretch(phase: Phase, bound: Bound | None) -> Stretch:
    if bound is None:
        return Stretch(phase)
    return Stretch(phase.model_copy(update={"starts": bound.starts, "ends": bound.ends}), bound.closed_at)


async def phase_on(conn: Connection, campaign: Campaign, day: date) -> Stretch | None:
    """Give the phase that the day lies in, on its last day also after it was ended; None before the first, in a gap."""
    return next((each for each in await phases(conn, campaign) if each.phase.covers(day)), None)


def events(stretches: tuple[Stretch, ...], at: datetime) -> list[str]:
    """Name every opening and closing of phases until a moment, in their order."""
    found = []
    for each in stretches:
        found.append((_midnight(each.phase.starts), OPENS, each.phase.starts, each.phase.id))
        if each.phase.ends and each.end:
            found.append((each.end, CLOSES, each.phase.ends, each.phase.id))
    return [f"phase:{id}:{what}:{day}" for moment, what, day, id in sorted(found) if moment <= at]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
