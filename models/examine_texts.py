"""Examines the pool of words (G16), and that the numbers of its rows keep no order (G1)."""

from collections.abc import Callable
from random import Random

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.finding import Finding, counted, judged, nothing
from models.planner import LEAST_TEXTS
from models.released import release_made, released_text

SAMPLE = 20_000
SERIAL = 2**47  # a number drawn from 0 to 2**63 is smaller once in 65,536 times
_ITS, _MADE = released_text.c, release_made.c


async def pool(conn: AsyncConnection, telling: Callable[[str], bool], chance: Random) -> list[Finding]:
    """G16: words are opened at least ten at a time, and none of them holds what is never kept, such as a number.

    `telling` says whether a text does; very many texts are drawn by lot. How many do is not told: each is one person's.
    """
    total = (await conn.execute(select(func.count()).select_from(released_text))).scalar_one()
    if not total:
        return [nothing(16, "no words have been released")]
    drawn = select(_ITS.text).order_by(_ITS.id).limit(SAMPLE)
    if total > SAMPLE:  # their numbers are drawn by lot, so a stretch of them is
        drawn = drawn.where(_ITS.id >= chance.randrange(2**63 - 2**63 * SAMPLE // total))
    found = any(telling(words) for words in (await conn.execute(drawn)).scalars())
    faults = [
        counted(await _few(conn), f"question(s) with fewer than {LEAST_TEXTS} words opened"),
        counted(await _left(conn), "questionnaire(s) that ended and keep words nobody will open"),
        "words in the pool hold a telephone, an e-mail, a paper's number or a plate" if found else "",
    ]
    said = f"words stand in one pool without unit or day, at least {LEAST_TEXTS} of a question opened at once"
    looked = "none of them" if total <= SAMPLE else f"none of {SAMPLE:,} drawn by lot"
    return [judged(16, faults, f"{said}; {looked} holds a telephone, an e-mail, a paper's number or a plate")]


async def _few(conn: AsyncConnection) -> int:
    opened = select(_ITS.question).where(_ITS.open).group_by(_ITS.questionnaire, _ITS.question)
    few = opened.having(func.count() < LEAST_TEXTS).subquery()
    return (await conn.execute(select(func.count()).select_from(few))).scalar_one()


async def _left(conn: AsyncConnection) -> int:
    ended = select(_MADE.questionnaire).where(_MADE.final)
    left = select(func.count(_ITS.questionnaire.distinct())).where(_ITS.open.is_(False), _ITS.questionnaire.in_(ended))
    return (await conn.execute(left)).scalar_one()


async def numbers(conn: AsyncConnection) -> list[Finding]:
    """G1: words are numbered by lot, not in the order of their coming."""
    total, largest = (await conn.execute(select(func.count(), func.max(_ITS.id)))).one()
    if total < 2:
        return []
    fault = "the words are numbered in an order, not by lot" if largest < SERIAL else ""
    return [judged(1, [fault], "words are numbered by lot")]
