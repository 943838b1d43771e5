"""From an audience to copies that wait: a page of people by their ids, with all that follows, in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from conversations.campaign import Caps
from handlers.choosing import enough
from handlers.house import House
from locales.formats import local_day
from models import audiences, broadcasts, postings, received, recipients
from models.audiences import Audience, Member, Reach
from models.audit import Act
from models.broadcasts import CANCELLED, HOUSE, RUNNING, Broadcast
from models.catchments import Catchment, catchment
from models.database import Connection
from models.postings import Tallied
from models.received import Copy, Had
from models.recipients import Waiting

PAGE = 250  # people; some 20 ms of the embedded database's one writer


def fate(known: Broadcast, at: datetime) -> str:
    """What becomes of everybody who was not sent it yet: "cancelled", "late", or "" while it goes on."""
    if known.status == CANCELLED:
        return "cancelled"
    return "late" if known.plan.until is not None and known.plan.until <= at else ""


@dataclass(slots=True)
class Expansion:
    """Looks at the people of audiences. Keeps only which units an audience has, as long as the tree is the same."""

    house: House
    _catchments: dict[int, Catchment] = field(default_factory=dict)

    async def page(self, conn: Connection, id: int, at: datetime) -> bool:
        """Look at the next people of a broadcast; False when there is nothing to look at any more, or not now."""
        known = await broadcasts.find(conn, id, lock=True)
        if known is None or known.expanded or known.plan.audience is None:
            return False
        over = fate(known, at)
        if not over and known.status != RUNNING:
            return False
        if not over and not await broadcasts.intact(conn, known):
            await broadcasts.pause(conn, id, Act(at, HOUSE), "seal")
            return False
        reach = Reach(known.plan.audience, self.house.mailing, known.before)
        looked_at = await audiences.page(conn, reach, known.checkpoint, PAGE)
        members = await self._of_units(conn, known, looked_at, at)
        if over:
            tallied = Counter({Tallied("", over): len(members)})
        else:
            tallied = await self._lay_out(conn, id, known.plan.audience, members, at)
        await postings.count(conn, id, tallied)
        last = looked_at[-1].person_id if looked_at else known.checkpoint
        await broadcasts.advance(conn, id, last, expanded=len(looked_at) < PAGE)
        return True

    async def _of_units(
        self, conn: Connection, known: Broadcast, members: Sequence[Member], at: datetime
    ) -> list[Member]:
        taken = await (await self._catchment(conn, known, at)).of(conn, {member.unit_id for member in members})
        return [member for member in members if member.unit_id in taken]

    async def _catchment(self, conn: Connection, known: Broadcast, at: datetime) -> Catchment:
        today = local_day(at)
        tree = await self.house.tree(conn, today)
        if known.id not in self._catchments or self._catchments[known.id].tree is not tree:
            assert known.plan.audience is not None
            days = (today, local_day(known.approved_at or at))
            self._catchments[known.id] = await catchment(conn, known.plan.audience, tree, days)
        return self._catchments[known.id]

    async def _lay_out(
        self, conn: Connection, id: int, audience: Audience, members: Sequence[Member], at: datetime
    ) -> Counter[Tallied]:
        """Let copies wait for whoever can have one; count the others."""
        today, people = local_day(at), [member.person_id for member in members]
        already, had = await received.known(conn, id, people), await received.had(conn, people, today)
        copies, tallied = _sorted(members, already, had, self.house.pack.caps)
        await received.note(conn, [Copy(copy.person_id, id) for copy in copies], today.isoformat())
        await recipients.add(conn, id, audience.topic, copies)
        return tallied


def _sorted(
    members: Sequence[Member], already: set[int], had: Mapping[int, Had], caps: Caps
) -> tuple[list[Waiting], Counter[Tallied]]:
    copies: list[Waiting] = []
    tallied: Counter[Tallied] = Counter()
    for member in members:
        if member.person_id in already:
            tallied[Tallied("", "already")] += 1
        elif member.address is None:
            tallied[Tallied("", "unreachable")] += 1
        elif enough(had.get(member.person_id, Had()), caps):
            tallied[Tallied(member.address.channel, "capped")] += 1
        else:
            copies.append(Waiting(member.person_id, member.address.channel))
    return copies, tallied
