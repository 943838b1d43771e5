"""Somebody writes a post, somebody else approves it, and it begins: in one step, for tests of what comes after."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from conversations.posts import Content
from handlers.content import written
from handlers.house import House
from models import broadcasts, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Plan
from models.database import Connection
from models.posts import Media

AUTHOR, APPROVER = "7", "8"
SOURCE = {"issuer": "Liên đoàn Lao động tỉnh Sơn La", "number": "12/LĐLĐ", "date": "2020-01-03"}
PLAIN = {"phase": "dot-1", "topic": "dot-1.1", "source": SOURCE}


def content(title: str = "Tin mới", text: str = "Nội dung.", **more: Any) -> Content:
    """A post of the first phase; `more` says what is otherwise."""
    whole = {**PLAIN, "title": title, "text": {"vi": text}, **more}
    return Content.model_validate_json(json.dumps(whole))


@dataclass(slots=True)
class Press:
    """Publishes; its clock goes on by a minute with each step."""

    house: House
    at: datetime
    outlets: tuple[str, ...] = ("feed",)
    audience: Audience | None = None
    _posts: dict[int, int] = field(default_factory=dict)

    async def draft(self, conn: Connection, its: Content) -> int:
        """A broadcast that nobody approved."""
        post = await posts.add(conn, written(its), self._act(AUTHOR))
        id = await broadcasts.draft(conn, Plan(post, 1, self.audience, self.outlets), self._act(AUTHOR))
        self._posts[id] = post
        return id

    async def approve(self, conn: Connection, its: Content) -> int:
        """A broadcast that was approved and did not begin."""
        id = await self.draft(conn, its)
        await broadcasts.submit(conn, id, self._act(AUTHOR))
        known = await broadcasts.find(conn, id)
        assert known is not None
        await broadcasts.approve(conn, id, await broadcasts.seal(conn, known), self._act(APPROVER))
        return id

    async def publish(self, conn: Connection, its: Content) -> int:
        """A broadcast that has begun."""
        id = await self.approve(conn, its)
        assert await broadcasts.start(conn, id, self._act("clock").at)
        return id

    async def edit(self, conn: Connection, id: int, its: Content) -> None:
        """Another version of the post of a broadcast."""
        await posts.revise(conn, self._posts[id], written(its), self._act(AUTHOR))

    async def cancel(self, conn: Connection, id: int) -> None:
        """An end to it."""
        await broadcasts.cancel(conn, id, self._act(APPROVER))

    async def keep(self, conn: Connection, kind: str, name: str, data: bytes) -> str:
        """A picture or a file, by its digest."""
        return await posts.keep_media(conn, Media(kind, name, data))

    def _act(self, actor: str) -> Act:
        self.at += timedelta(minutes=1)
        return Act(self.at, actor)
