"""Which slogan is published when, in a schedule of a phase. Pure: moments and the campaign's own words, nothing else.

The slogans come round in the order of the campaign. One rests from the moment on which what it speaks of is over.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from types import MappingProxyType

from conversations.campaign import Slogan
from conversations.packs import Pack
from handlers.phases import Stretch
from handlers.quiet import quiet
from locales.formats import VIETNAM, local_day

MOST = 26  # occasions of one schedule: what one approver can look through
RHYTHMS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"day": (1,), "half-week": (3, 4), "week": (7,), "fortnight": (14,)}
)  # days from one occasion to the next, over and over


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer asks for: a phase, when it begins, one of RHYTHMS, whether people are written to one by one."""

    phase: str
    first: datetime
    rhythm: str = "week"
    directly: bool = True


@dataclass(frozen=True, slots=True)
class Occasion:
    """A slogan at a moment; once the next moment has come it is not sent to anybody any more."""

    at: datetime
    slogan: Slogan
    until: datetime


def in_use(pack: Pack, stretches: Iterable[Stretch], at: datetime) -> tuple[Slogan, ...]:
    """Give the slogans of a moment, in the order of the campaign."""
    over = {stretch.phase.id for stretch in stretches if stretch.over(at)}
    return tuple(slogan for slogan in pack.slogans if pack.scopes.get(slogan.scope) not in over)


def fault(pack: Pack, stretches: Iterable[Stretch], wish: Wish, now: datetime) -> str:
    """Name what is wrong with a beginning: "past", "quiet" (people would be woken), "outside" the phase, or ""."""
    phase = next(each for each in stretches if each.phase.id == wish.phase)
    if wish.first <= now:
        return "past"
    if wish.directly and quiet(wish.first, pack):
        return "quiet"
    return "" if _within(phase, wish.first) else "outside"


def occasions(pack: Pack, stretches: tuple[Stretch, ...], wish: Wish) -> tuple[Occasion, ...]:
    """Spread the slogans over the rest of a phase: at most MOST, at the same time of day, none twice at one moment."""
    phase = next(each for each in stretches if each.phase.id == wish.phase)
    found: list[Occasion] = []
    place = -1  # of the slogan before, in the campaign's order
    for at, following in islice(_moments(wish), MOST):
        if not _within(phase, at):
            break
        used = {pack.slogans.index(slogan) for slogan in in_use(pack, stretches, at)}
        if not used:
            break
        place = min((each for each in used if each > place), default=min(used))
        found.append(Occasion(at, pack.slogans[place], following))
    return tuple(found)


def _within(stretch: Stretch, at: datetime) -> bool:
    return stretch.begun(at) and not stretch.over(at)


def _moments(wish: Wish) -> Iterator[tuple[datetime, datetime]]:
    """Each moment with the next one, up to the end of the calendar."""
    here = wish.first.astimezone(VIETNAM)
    days = timedelta()
    for gap in cycle(RHYTHMS[wish.rhythm]):
        at = here + days
        days += timedelta(days=gap)
        if date.max - local_day(here) <= days:
            return
        yield at, here + days
