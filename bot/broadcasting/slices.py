"""One transaction of the sending on a channel: what became of the copies before, and which are tried next."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.broadcasting.mail import Mail
from handlers.choosing import choose
from handlers.house import House
from locales.formats import local_day
from models import broadcasts, departures, outbox, recipients
from models.audit import Act
from models.broadcasts import HOUSE
from models.database import Connection
from models.messages import Address
from models.postings import Tallied
from models.recipients import Found


@dataclass(slots=True)
class Settled:
    """What became of copies since the last transaction; `back` wait again, `stops` are broadcasts to be paused.

    `messages` is what the platform took.
    """

    became: dict[int, Tallied] = field(default_factory=dict)
    back: list[int] = field(default_factory=list)
    gone: list[Address] = field(default_factory=list)
    stops: dict[int, str] = field(default_factory=dict)
    messages: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.became or self.back or self.stops or self.messages)


@dataclass(frozen=True, slots=True)
class Slice:
    """What one transaction does: keep `settled`, then mark up to `most` copies, while `out` are still on their way.

    `doubtful`: copies may be marked that nobody was told of, since the last commit was not heard of. They wait again.
    """

    house: House
    mail: Mail
    settled: Settled
    most: int
    out: frozenset[int]
    doubtful: bool
    at: datetime

    async def cut(self, conn: Connection) -> list[Found]:
        """Do it; gives the copies that are noted as being tried."""
        await self._settle(conn)
        if self.doubtful:
            await recipients.let_go(conn, self.mail.channel, self.out)
        most = await self._allowed(conn)
        found = await choose(conn, self.house, self.mail.channel, self.at, most) if most else []
        marked = await recipients.mark(conn, [each.id for each in found], trying=True)
        return [each for each in found if each.id in marked]

    async def _settle(self, conn: Connection) -> None:
        settled = self.settled
        await recipients.mark(conn, settled.back, trying=False)
        await recipients.settle(conn, settled.became, tried=True)
        for address in settled.gone:
            await outbox.drop_queue(conn, address)
            await departures.leave(conn, address, local_day(self.at).isoformat())
        for id, reason in settled.stops.items():
            await stop(conn, id, reason, self.at)
        if settled.messages and self.mail.delivery.counted:
            await self.mail.delivery.counted(conn, settled.messages)

    async def _allowed(self, conn: Connection) -> int:
        """How many may be tried; a plan that is used up stops the broadcasts whose turn it would be."""
        if not self.most or self.mail.room is None:
            return self.most
        left = await self.mail.room(conn) - len(self.out)
        if left <= 0 and not self.out:
            found = await recipients.find(conn, self.mail.channel, self.at, self.most)
            for id in sorted({each.broadcast_id for each in found}):
                await stop(conn, id, f"plan {self.mail.channel}", self.at)
        return max(0, min(self.most, left))


async def stop(conn: Connection, id: int, reason: str, at: datetime) -> None:
    """Pause a broadcast for a reason of ours; one that does not run any more stays as it is."""
    known = await broadcasts.find(conn, id, lock=True)
    if known is not None and known.status == broadcasts.RUNNING:
        await broadcasts.pause(conn, id, Act(at, HOUSE), reason)
