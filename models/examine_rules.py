"""Examines what was frozen and when releases were made: G2, G11, G12, G15."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from models import rules
from models.finding import Finding, Verdict, broken, counted, judged, nothing
from models.participation import participation
from models.periods import closes
from models.released import release_group, release_made, release_waiting, released_wording
from models.rules import Rules, frozen_rule


async def waiting(conn: AsyncConnection) -> list[Finding]:
    """G2: how many wait is kept as of a close alone."""
    made = select(release_made.c.questionnaire)
    early = select(func.count()).select_from(release_waiting).where(release_waiting.c.questionnaire.not_in(made))
    fault = counted((await conn.execute(early)).scalar_one(), "note(s) of who waits that no close has made")
    return broken(2, fault)


async def frozen(conn: AsyncConnection, wanted: Mapping[str, Rules]) -> list[Finding]:
    """G11: everything that was answered has its frozen rules, and the pack's are no looser."""
    used = union(select(participation.c.questionnaire), select(release_group.c.questionnaire))
    forms = set((await conn.execute(used)).scalars())
    kept = set((await conn.execute(select(frozen_rule.c.questionnaire))).scalars())
    loosened = await rules.check_rules(conn, wanted)
    if not forms and not loosened:
        return [nothing(11, "nobody has answered")]
    faults = [counted(len(forms - kept), "questionnaire(s) answered without frozen rules"), *loosened]
    return [
        judged(11, faults, f"{len(kept):,} questionnaire(s) have their rules and tree frozen; the pack loosens none")
    ]


async def timely(conn: AsyncConnection, now: datetime, close_day: int) -> list[Finding]:
    """G12: no period was released before its end. Nothing for a rehearsal, which chooses its day."""
    periods = list((await conn.execute(select(release_made.c.period).distinct())).scalars())
    if not periods:
        return []
    early = sum(closes(period, close_day) > now for period in periods)
    fault = counted(early, "period(s) were released before they closed")
    return broken(12, fault) or [
        Finding(12, Verdict.BY_TESTS, f"{len(periods):,} period(s) were released, each after it had closed")
    ]


async def repeats(conn: AsyncConnection) -> list[Finding]:
    """G15: no question has figures under two questionnaires."""
    its = released_wording.c
    twice = select(its.wording).group_by(its.wording).having(func.count() > 1).subquery()
    faults = [counted((await conn.execute(select(func.count()).select_from(twice))).scalar_one(), WORDED)]
    questions = (await conn.execute(select(func.count(its.wording.distinct())))).scalar_one()
    if not questions:
        return [nothing(15, "no question has been released")]
    return [judged(15, faults, f"{questions:,} questions are released, none of them in two questionnaires")]


WORDED = "question(s) with figures under two questionnaires"
