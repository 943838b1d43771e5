"""Published posts by topic and theme: each once, as it stood when it was sent, and only what was sent to the end."""

from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import broadcasts, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Plan, broadcast
from models.posts import Written
from models.topic_coverage import covered

AT = datetime(2020, 2, 3, 9, tzinfo=UTC)


async def wrote(conn: AsyncConnection, digest: str, topic: str, theme: str, phase: str = "dot-1") -> int:
    """Keep a post."""
    return await posts.add(conn, Written("{}", digest, phase, topic, theme), Act(AT, "7"))


async def sent(conn: AsyncConnection, post: int, version: int = 1, status: str = broadcasts.FINISHED) -> None:
    """Let a version of a post have been sent."""
    id = await broadcasts.draft(conn, Plan(post, version, Audience("news")), Act(AT, "7"))
    await conn.execute(update(broadcast).where(broadcast.c.id == id).values(status=status))


async def test_each_post_counts_once_and_only_when_it_was_sent_to_the_end(conn: AsyncConnection) -> None:
    twice, other, waits = [await wrote(conn, f"{n}", "dot-1.1", f"nd-{n}") for n in (1, 2, 3)]
    await sent(conn, twice)
    await sent(conn, twice)
    await sent(conn, other)
    await sent(conn, waits, status=broadcasts.RUNNING)
    found = await covered(conn, "dot-1")
    assert (found.posts, dict(found.topics), dict(found.themes)) == (2, {"dot-1.1": 2}, {"nd-1": 1, "nd-2": 1})


async def test_a_post_counts_for_what_it_was_when_it_was_sent(conn: AsyncConnection) -> None:
    post = await wrote(conn, "1", "dot-1.1", "")
    await sent(conn, post)
    await posts.revise(conn, post, Written("{}", "2", "dot-2", "dot-2.1", "nd-1"), Act(AT, "7"))
    assert dict((await covered(conn, "dot-1")).topics) == {"dot-1.1": 1}
    assert (await covered(conn, "dot-2")).posts == 0
    await sent(conn, post, 2)
    assert dict((await covered(conn, "dot-2")).themes) == {"nd-1": 1}
