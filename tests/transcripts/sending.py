"""Brings a post into a chat of a transcript, as the sender does, so that what stands under it can be tapped."""

from dataclasses import replace

from handlers import posting
from handlers.posting import Setting
from locales.formats import local_day
from models import broadcasts, posts, recipients
from models.database import Connection
from models.messages import Address, Outbound
from models.postings import Tallied
from models.recipients import Found
from tests.transcripts.reading import Line
from tests.transcripts.stage import Stage

ALL = 1000


async def bring_posts(stage: Stage, line: Line) -> list[Outbound]:
    """Let the posts that wait for somebody come to the phone; none comes that is not wanted any more."""
    actor = stage.actor(line)
    async with stage.engine.begin() as conn:
        waiting = await recipients.find(conn, actor.address.channel, stage.at, ALL)
        theirs = [copy for copy in waiting if copy.user == actor.address.user]
        outbounds = [await _laid_out(stage, conn, copy, actor.address) for copy in theirs]
        sent = {copy.id: Tallied(actor.address.channel, "sent") for copy in theirs}
        await recipients.settle(conn, sent, tried=False)
        await stage.arrive(conn, actor, outbounds)
    return outbounds


async def _laid_out(stage: Stage, conn: Connection, copy: Found, to: Address) -> Outbound:
    known = await broadcasts.find(conn, copy.broadcast_id)
    assert known
    assert known.plan.audience
    version = await posts.version(conn, known.plan.post_id, known.plan.version)
    assert version
    setting = Setting(copy.language or "vi", local_day(stage.at), known.plan.audience.topic, to.channel)
    return replace(posting.direct(stage.house, await posting.sheet(conn, version), setting), to=to)
