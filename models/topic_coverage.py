"""What a phase has published so far: how many posts on each of its topics and on each theme. Knows no person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.broadcasts import FINISHED, broadcast
from models.posts import post_version


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """Numbers of posts: in all, by topic, by theme. A post that was sent twice is one."""

    posts: int
    topics: Mapping[str, int]
    themes: Mapping[str, int]


async def covered(conn: AsyncConnection, phase: str) -> TopicCoverage:
    """Count the posts of a phase that were sent to the end, as they stood when they were sent."""
    sent = (broadcast.c.post_id == post_version.c.post_id) & (broadcast.c.version == post_version.c.number)
    its = select(post_version.c.post_id, post_version.c.topic, post_version.c.theme).join(broadcast, sent)
    rows = (await conn.execute(its.where(broadcast.c.status == FINISHED, post_version.c.phase == phase))).all()
    return TopicCoverage(
        len({row.post_id for row in rows}),
        Counter(topic for topic, _ in {(row.topic, row.post_id) for row in rows if row.topic}),
        Counter(theme for theme, _ in {(row.theme, row.post_id) for row in rows if row.theme}),
    )
