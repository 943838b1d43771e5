"""One person with two records, found out by a link code: one voice is kept, the one that came further."""

from sqlalchemy.ext.asyncio import AsyncConnection

from models import (
    answers,
    broadcasts,
    outlets,
    participation,
    people,
    posts,
    received,
    recipients,
    sketches,
    subscriptions,
)
from models.keys import Keys
from models.slips import Slip

_FURTHER = {"none": 0, "draft": 1, "pending": 2, "released": 3, "withheld": 3}


async def give_way(conn: AsyncConnection, keys: Keys, period: str, old: int, new: int) -> None:
    """Let the answers of one record pass to another, `new`, which keeps its own where it came as far.

    What was released for either of them can be sent by neither again. What the person wants to be sent passes only
    where the other record was never asked that.
    """
    running = {slip.questionnaire: slip for slip in await answers.slips(conn, keys, old)}
    for questionnaire in sorted({*running, *await participation.states(conn, old)}):
        mine = await answers.stage(conn, old, questionnaire)
        theirs = await answers.stage(conn, new, questionnaire)
        if _FURTHER[mine] <= _FURTHER[theirs]:
            continue
        await answers.withdraw(conn, new, questionnaire)
        if questionnaire in running:
            await answers.keep(conn, keys, period, Slip(new, questionnaire, running[questionnaire].record))
        await participation.move(conn, questionnaire, old, new)
    await subscriptions.pass_on(conn, old, new)
    await answers.forget(conn, old)
    await people.pass_on(conn, old, new)
    await outlets.pass_on(conn, old, new)
    await sketches.pass_on(conn, old, new)
    await posts.pass_on(conn, str(old), str(new))
    await broadcasts.pass_on(conn, str(old), str(new))
    await recipients.pass_on(conn, old, new)
    await received.pass_on(conn, old, new)
