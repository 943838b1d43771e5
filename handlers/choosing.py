"""Whose turn it is on a channel: who still wants the copy that waits, and has not had enough on this day."""

from collections.abc import Sequence
from datetime import datetime

from conversations.campaign import Caps
from handlers.house import House
from locales.formats import local_day
from models import received, recipients
from models.database import Connection
from models.postings import Tallied
from models.received import Had
from models.recipients import Found


def enough(had: Had, caps: Caps) -> bool:
    """Tell whether somebody who was sent so much is sent nothing more."""
    return had.today >= caps.day or had.week >= caps.week


async def choose(conn: Connection, house: House, channel: str, at: datetime, most: int) -> list[Found]:
    """Give up to `most` copies to be sent now. Those of people who left, or had enough since, are settled instead."""
    found = await recipients.find(conn, channel, at, most)
    gone = [each for each in found if each.user is None]
    there = [each for each in found if each.user is not None]
    full = await _full(conn, there, house.pack.caps, at)
    became = {each.id: Tallied(channel, "left") for each in gone}
    became |= {each.id: Tallied(channel, "capped") for each in there if each.person_id in full}
    await recipients.settle(conn, became, tried=False)
    return [each for each in there if each.person_id not in full]


async def _full(conn: Connection, found: Sequence[Found], caps: Caps, at: datetime) -> set[int]:
    """Who has had enough today, of those whose copies were counted for another day; they count for today from now."""
    today = local_day(at)
    old = [each for each in found if each.day != today.isoformat()]
    if not old:
        return set()
    await received.move_to(conn, [each.copy for each in old], today.isoformat())
    had = await received.had(conn, [each.person_id for each in old], today)
    # This very copy is among what they had.
    return {person for person, so_far in had.items() if enough(Had(so_far.today - 1, so_far.week - 1), caps)}
