"""How far a broadcast to people is: figures that add up, and when it will be over."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from handlers import reach
from handlers.house import House
from models import postings, recipients
from models.audiences import Reach
from models.broadcasts import CANCELLED, FINISHED, RUNNING, Broadcast
from models.database import Connection

SENT, SKIPPED = ("sent", "placed"), ("capped", "late", "left", "already", "cancelled")
FAILED, UNKNOWN = ("gone", "refused", "unreachable"), "unknown"
ENDED = ("gone", "left")  # who is not among those who subscribe now


@dataclass(frozen=True, slots=True)
class Progress:
    """A broadcast's copies: what became of them, how many wait on which channel, how many people were not looked at.

    `total` is exact once everybody was looked at, and before that a count of those who subscribe now.
    """

    known: Broadcast
    became: Counter[str]
    causes: Counter[str]
    waiting: Counter[str]
    ahead: Counter[str]
    over_at: datetime | None

    @property
    def done(self) -> int:
        """How many copies something has become of."""
        return self.became.total()

    @property
    def total(self) -> int:
        """Everybody whom it is for."""
        return self.done + self.waiting.total() + self.ahead.total()

    @property
    def over(self) -> bool:
        """Whether nothing more becomes of anybody: it has ended, and all are counted, or it never began."""
        if self.known.status not in (CANCELLED, FINISHED):
            return False
        return self.known.started_at is None or (self.known.expanded and not self.waiting)

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return self.done / self.total if self.total else 1.0

    def of(self, kinds: tuple[str, ...]) -> int:
        """How many copies became one of these."""
        return sum(self.became[kind] for kind in kinds)


async def progress(conn: Connection, house: House, known: Broadcast, at: datetime) -> Progress:
    """Look how far it is. Until everybody was looked at this counts the audience: not for every second of a day."""
    waiting = await recipients.left_of(conn, known.id)
    became, causes, by_channel = Counter[str](), Counter[str](), Counter[str]()
    for each, n in (await postings.counts(conn, known.id)).items():
        became[each.what] += n
        by_channel[each.channel] += n if each.what not in ENDED else 0
        if each.reason:
            causes[each.reason] += n
    ahead = await _ahead(conn, house, known, at) if not known.expanded else Counter()
    ahead -= by_channel + waiting  # what is below zero falls away
    needed = reach.seconds(house, waiting + ahead)
    over_at = reach.over_at(house, at, needed) if known.status == RUNNING and needed else None
    return Progress(known, became, causes, waiting, ahead, over_at)


async def _ahead(conn: Connection, house: House, known: Broadcast, at: datetime) -> Counter[str]:
    if known.plan.audience is None:
        return Counter()
    audience = Reach(known.plan.audience, house.mailing, known.before)
    return (await reach.size(conn, house, audience, at)).channels
