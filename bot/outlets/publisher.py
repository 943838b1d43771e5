"""Posts what running broadcasts have for public places: one process at a time, one step after the other, each once.

Every step is marked as being tried, in a committed transaction, before the platform is asked; what came of it is kept
before the next. So whoever dies in between leaves a step in doubt and never a second post: what is in doubt waits for
an officer (`models.postings.again`, `settled_by_hand`). Two posts to one place never mix their parts.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.channel import Ground
from bot.channels.backoff import pause
from bot.lease import alone
from bot.outcomes import Unavailable, Unknown
from bot.outlets import settling
from bot.outlets.own import keep_own
from bot.outlets.steps import Door, Step, ToPost
from models import outlets, postings
from models.database import Connection
from models.postings import BY_HAND, Posting

log = logging.getLogger(__name__)

T = TypeVar("T")
LOOK_EVERY = 1.0
OWN_EVERY = timedelta(seconds=30)
APART = timedelta(seconds=3)  # between what is posted to one place, whatever it is
PATIENCE = 10.0  # seconds, at the end, for what is on its way


class Publisher:
    """The posts to all places of the house; `doors` by kind of place."""

    def __init__(self, ground: Ground, doors: Mapping[str, Door]) -> None:
        self._ground, self._doors = ground, doors
        self._work: dict[str, asyncio.Task[None]] = {}
        self._free_at: dict[str, datetime] = {}
        self._ending = False
        self._own_at: datetime | None = None
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        """Post until cancelled, while the lease is ours."""
        await alone(self._ground, "outlets", self._serve)

    async def hush(self) -> None:
        """Begin nothing more, and wait a while for what is on its way: a clean stop leaves nothing in doubt."""
        self._ending = True
        await self.settled()

    async def settled(self) -> None:
        """Wait, for a while at most, until nothing is on its way."""
        if self._work:
            await asyncio.wait(list(self._work.values()), timeout=PATIENCE)

    async def _serve(self) -> None:
        await self.doubt()
        try:
            while not self._ending:
                with suppress(Unavailable):
                    await self.look()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            left = list(self._work.values())
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def doubt(self) -> None:
        """Put in doubt what a process that died was posting. Only for the holder of the lease, at the beginning."""
        await self._write(partial(postings.doubt_all, at=self._ground.foundation.now()))

    async def look(self) -> None:
        """Begin what is due at every place where nothing is on its way. Raises Unavailable."""
        at = self._ground.foundation.now()
        if self._own_at is None or at - self._own_at >= OWN_EVERY:
            await self._write(partial(keep_own, self._doors, at))
            self._own_at = at
        due = await self._write(partial(postings.waiting, at=at))
        begun = await self._write(postings.midway) if due else set()
        for posting in due:
            others = {id for id, outlet in begun if outlet == posting.outlet and id != posting.broadcast_id}
            rests = posting.outlet in self._work or self._free_at.get(posting.outlet, at) > at
            if not (rests or self._ending or (others and not posting.step)):
                task = asyncio.create_task(self._one(posting))
                self._work[posting.outlet] = task
                task.add_done_callback(partial(self._done, posting.outlet))

    def _done(self, outlet: str, task: asyncio.Task[None]) -> None:
        self._work.pop(outlet, None)
        if not task.cancelled() and (error := task.exception()):
            log.error("a post could not be settled", extra={"outlet": outlet, "kind": type(error).__name__})

    async def _one(self, posting: Posting) -> None:
        """Make one step of one post."""
        kind = outlets.kind_of(posting.outlet)
        door = self._doors.get(kind)
        with suppress(Unavailable):
            begun = await self._write(partial(settling.begin, self._ground, door, posting))
            if begun and door:
                trying, to_post = begun
                step = await self._step(door, to_post)
                self.counts[f"{kind} {type(step).__name__.lower()}"] += 1
                self._free_at[posting.outlet] = self._ground.foundation.now() + APART
                await self._settle(trying, step)

    async def _step(self, door: Door, to_post: ToPost) -> Step:
        if to_post.step.endswith(BY_HAND):
            return door.poster.beyond(replace(to_post, step=to_post.step.removesuffix(BY_HAND)))
        try:
            return await door.poster.post(to_post)
        except Exception as error:  # a bug of ours: where it struck nobody knows
            log.exception("posting failed", extra={"kind": type(error).__name__}, exc_info=False)
            return Unknown()

    async def _settle(self, trying: Posting, step: Step) -> None:
        """Keep what came of a step, however long the database takes: what is lost here is in doubt."""
        tries = 0
        while True:
            try:
                letters = await self._write(partial(settling.settle, self._ground, trying, step))
            except Unavailable:
                tries += 1
                await asyncio.sleep(pause(tries, 5.0))
            else:
                for letter in letters:
                    if hand := self._ground.road.hands.get(letter.outbound.to.channel):
                        hand(letter)
                return

    async def _write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        return await self._ground.writer.write(work, "outlets")
