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
    became |= dict.fromkeys(full, Tallied(channel, "capped"))
    await recipients.settle(conn, became, tried=False)
    return [each for each in there if each.id not in full]


async def _full(conn: Connection, found: Sequence[Found], caps: Caps, at: datetime) -> set[int]:
    """Which copies are too much today, of those counted for another day; the others count for today from now on."""
    today = local_day(at)
    old = [each for each in found if each.day != today.isoformat()]
    if not old:
        return set()
    await received.move_to(conn, [each.copy for each in old], today.isoformat())
    had = dict(await received.had(conn, [each.person_id for each in old], today))
    full = set()
    for each in old:
        so_far = had[each.person_id]
        others = Had(so_far.today - 1, so_far.week - 1)  # this very copy is among what they had
        if enough(others, caps):
            full.add(each.id)
            had[each.person_id] = others
    return full
