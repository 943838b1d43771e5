"""A broadcast's message, laid out once for a channel, a language and a day, and then sent to many."""

import logging
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

from bot.broadcasting.office import Office
from handlers import posting
from handlers.posting import Setting, Sheet
from models import broadcasts, posts
from models.database import Connection
from models.messages import Outbound

log = logging.getLogger(__name__)

MOST = 32  # kept at the same time


class Broken(Exception):
    """What would be sent is not what was approved."""


def cause(error: Exception, channel: str) -> str:
    """Why a broadcast stops that cannot be laid out on a channel, see `handlers.pausing`. A bug of ours is logged."""
    if isinstance(error, Broken):
        return "seal"
    log.exception("a broadcast cannot be laid out", extra={"channel": channel, "kind": type(error).__name__})
    return f"fault {channel} {type(error).__name__}"


class Layout(NamedTuple):
    """Which message: of what, where, for whom, on which day."""

    broadcast_id: int
    channel: str
    language: str
    on: date


@dataclass(slots=True)
class Layouts:
    """The messages of one office."""

    office: Office
    _sheets: dict[int, tuple[Sheet, str]] = field(default_factory=dict)
    _laid_out: dict[Layout, Outbound] = field(default_factory=dict)

    async def outbound(self, of: Layout) -> Outbound:
        """Give the message, with nobody to go to yet. Raises Broken, and Unavailable."""
        if of not in self._laid_out:
            sheet, topic = await self._sheet(of.broadcast_id)
            if len(self._laid_out) >= MOST:
                self._laid_out.clear()
            setting = Setting(of.language, of.on, topic, of.channel)
            self._laid_out[of] = posting.direct(self.office.house, sheet, setting)
        return self._laid_out[of]

    async def _sheet(self, id: int) -> tuple[Sheet, str]:
        if id not in self._sheets:
            self._sheets = {known: each for known, each in self._sheets.items() if known in self.office.running}
            self._sheets[id] = await self.office.read(partial(_read, id))
        return self._sheets[id]


async def _read(id: int, conn: Connection) -> tuple[Sheet, str]:
    known = await broadcasts.find(conn, id)
    if known is None or known.plan.audience is None or not await broadcasts.intact(conn, known):
        raise Broken
    version = await posts.version(conn, known.plan.post_id, known.plan.version)
    assert version is not None, "the seal is of a version"
    return await posting.sheet(conn, version), known.plan.audience.topic
