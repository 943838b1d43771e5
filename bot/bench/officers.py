"""What two officers do about a broadcast while the house is at work: in transactions of their own, beside it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from bot.bench.subscribers import POST
from bot.clock import clock_of
from bot.settings import Settings
from models import broadcasts, postings, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Plan
from models.database import Connection, open_engine
from models.postings import Tallied

EDITOR, APPROVER = "7", "8"
T = TypeVar("T")


class Officers:
    """Two of one house."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._now = clock_of(settings.as_of)

    def hand_in(self) -> int:
        """Plan the post for all subscribers of news and hand it in; gives the broadcast's id."""
        return self._do(self._hand_in)

    def approve(self, id: int) -> None:
        """Approve it: it begins at once."""
        self._do(partial(self._approve, id))

    def move(self, id: int, after: int) -> None:
        """Let a broadcast go on behind a person id, as if everybody up to there had been looked at."""
        self._do(partial(self._move, id, after))

    def pause(self, id: int) -> None:
        """Stop it for now, unless it is over."""
        self._do(partial(self._pause, id))

    def resume(self, id: int) -> None:
        """Go on."""
        self._do(lambda conn: broadcasts.resume(conn, id, self._act(APPROVER)))

    def counts(self, id: int) -> Counter[Tallied]:
        """What became of the copies."""
        return self._do(partial(postings.counts, broadcast_id=id))

    def _act(self, actor: str) -> Act:
        return Act(self._now(), actor)

    async def _hand_in(self, conn: Connection) -> int:
        post = await posts.named(conn, POST)
        assert post is not None, "the pack has it"
        id = await broadcasts.draft(conn, Plan(post.post_id, post.number, Audience("news")), self._act(EDITOR))
        await broadcasts.submit(conn, id, self._act(EDITOR))
        return id

    async def _approve(self, id: int, conn: Connection) -> None:
        known = await broadcasts.find(conn, id)
        assert known is not None, "it was handed in"
        await broadcasts.approve(conn, id, await broadcasts.seal(conn, known), self._act(APPROVER))

    async def _pause(self, id: int, conn: Connection) -> None:
        with suppress(broadcasts.Refused):
            await broadcasts.pause(conn, id, self._act(APPROVER))

    async def _move(self, id: int, after: int, conn: Connection) -> None:
        await broadcasts.advance(conn, id, after, expanded=False)

    def _do(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        return asyncio.run(self._alone(work))

    async def _alone(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        engine = open_engine(self._settings.database)
        try:
            async with engine.begin() as conn:
                return await work(conn)
        finally:
            await engine.dispose()
