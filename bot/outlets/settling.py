"""What is read before a step of a post, and what is kept of it: one transaction each."""

import logging
from dataclasses import replace
from datetime import timedelta

from bot.channel import Ground
from bot.outcomes import Closed, Gone, Refused, Sent, Throttled, Unknown
from bot.outlets.steps import Door, Moved, Step, ToPost, Went
from handlers import outlets as places
from handlers import posting as laying
from locales.formats import local_day
from models import audit, broadcasts, outbox, outlets, postings, posts
from models.audit import Act
from models.broadcasts import HOUSE, RUNNING
from models.database import Connection
from models.messages import Outbound
from models.outbox import Letter
from models.outlets import Outlet
from models.periods import period_of
from models.postings import FAILED, LOST, NO_RIGHT, OFF, SENT, TRYING, TWICE, UNKNOWN, WAITING, Posting

log = logging.getLogger(__name__)

REASON = 120  # characters that are kept of a platform's wording
LONGEST = 86_400.0  # seconds that anything waits before it is looked at again


async def begin(ground: Ground, door: Door | None, posting: Posting, conn: Connection) -> tuple[Posting, ToPost] | None:
    """Mark a step as being tried, and give what is to be posted; None where there is nothing (more) to try."""
    at = ground.foundation.now()
    known = await outlets.standing(conn, posting.outlet)
    if door is None or known is None or not known.may_post:
        lacks = OFF if door is None or (known is not None and door.title is not None) else NO_RIGHT
        await postings.move(conn, posting, state=FAILED, reason=lacks, at=at)
        return None
    if known.key != posting.outlet and any(
        other.outlet == known.key for other in await postings.of(conn, posting.broadcast_id)
    ):
        await postings.move(conn, posting, state=FAILED, reason=TWICE, at=at)
        return None
    outbound = await _laid_out(ground, posting, known.kind, conn)
    if outbound is None:
        return None
    trying = posting
    if not door.poster.harmless(posting.step):
        if not await postings.move(conn, posting, state=TRYING, at=at):
            return None
        trying = replace(posting, state=TRYING)
    return trying, ToPost(known.key.partition(":")[2], outbound, posting.step, posting.external)


async def _laid_out(ground: Ground, posting: Posting, kind: str, conn: Connection) -> Outbound | None:
    """What is posted: the approved version as it is laid out on the day on which the broadcast began."""
    known = await broadcasts.find(conn, posting.broadcast_id, lock=True)
    if known is None or known.status != RUNNING:
        return None
    if not await broadcasts.intact(conn, known):
        await broadcasts.pause(conn, known.id, Act(ground.foundation.now(), HOUSE), "seal")
        return None
    version = await posts.version(conn, known.plan.post_id, known.plan.version)
    if version is None:
        return None
    on = local_day(known.started_at or posting.at)
    sheet = await laying.sheet(conn, version)
    return places.laid_out(ground.foundation.house, sheet, kind, on)


async def settle(ground: Ground, trying: Posting, step: Step, conn: Connection) -> list[Letter]:
    """Keep what came of a step; give what is to be told to whoever let us into a place that has shut us out."""
    at = ground.foundation.now()
    becomes = {**_becomes(trying, step), "at": at + _after(step)}
    if not await postings.move(conn, trying, **becomes) and isinstance(step, (Sent, Went)):
        # Another process took over and has put it in doubt meanwhile; but here it is known.
        await postings.move(conn, replace(trying, state=UNKNOWN), **becomes)
    known = await outlets.standing(conn, trying.outlet)
    if known and isinstance(step, Moved):
        await outlets.move(conn, known.key, outlets.key_of(known.kind, step.to))
    if known and isinstance(step, Gone):
        return await _shut(ground, known, conn)
    return []


async def _shut(ground: Ground, known: Outlet, conn: Connection) -> list[Letter]:
    """Close a place that officers registered; whether a place of the settings' is open is not known from one post."""
    at, house = ground.foundation.now(), ground.foundation.house
    if known.kind != outlets.TELEGRAM or not await outlets.let(conn, known.key, False):
        return []
    await audit.note(conn, Act(at, "clock"), "close outlet", None, known.key)
    told = await places.lost(conn, house, known)
    return await outbox.put(conn, house.keys, period_of(at, house.pack.period_close_day), told, at)


def _becomes(trying: Posting, step: Step) -> dict[str, str]:
    match step:
        case Sent(screen):
            return {"state": SENT, "external": screen or trying.external, "reason": ""}
        case Went():
            return {"state": WAITING, "step": step.step, "external": step.external, "reason": ""}
        case Throttled() | Moved():
            return {"state": WAITING, "reason": ""}
        case Unknown():
            return {"state": UNKNOWN, "reason": LOST}
        case Gone() | Closed():
            return {"state": FAILED, "reason": NO_RIGHT}
        case Refused(reason):
            log.warning("a post was refused", extra={"outlet": trying.outlet, "reason": reason})
            return {"state": FAILED, "reason": reason[:REASON]}


def _after(step: Step) -> timedelta:
    after = step.after if isinstance(step, (Throttled, Went)) else 0.0
    return timedelta(seconds=min(after, LONGEST))
