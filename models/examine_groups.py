"""Examines groups and participation: sizes, whole releases, nobody both released and pending (G3, G9, G1)."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.finding import Finding, counted, judged, nothing
from models.participation import PENDING, RELEASED, participation
from models.planner import LEAST_K
from models.released import release_group, release_made, released_count, released_question
from models.rules import frozen_rule

Place = tuple[str, str]  # questionnaire and period
_GROUP, _COUNT, _ASKED, _SENT = release_group.c, released_count.c, released_question.c, participation.c


@dataclass(frozen=True, slots=True)
class _Releases:
    """What there is of each release: that it was made, people in its groups, and those released or withheld in it."""

    made: set[Place]
    grouped: dict[Place, int]
    settled: dict[tuple[str, str, str], int]


async def _releases(conn: AsyncConnection) -> _Releases:
    made = await conn.execute(select(release_made.c.questionnaire, release_made.c.period))
    sizes = select(_GROUP.questionnaire, _GROUP.period, func.sum(_GROUP.n)).group_by(
        _GROUP.questionnaire, _GROUP.period
    )
    key = (_SENT.questionnaire, _SENT.period, _SENT.state)
    sent = select(*key, func.count()).where(_SENT.state != PENDING).group_by(*key)
    return _Releases(
        {(row[0], row[1]) for row in made},
        {(row[0], row[1]): int(row[2]) for row in await conn.execute(sizes)},
        {(row[0], row[1], row[2]): row[3] for row in await conn.execute(sent)},
    )


async def sizes(conn: AsyncConnection) -> list[Finding]:
    """G3: every group is as large as was promised, one a place, and holds everybody who was released."""
    groups = (await conn.execute(select(func.count()).select_from(release_group))).scalar_one()
    if not groups:
        return [nothing(3, "no group has been released")]
    releases = await _releases(conn)
    released = {(form, period): n for (form, period, state), n in releases.settled.items() if state == RELEASED}
    over = [place for place, n in released.items() if n > releases.grouped.get(place, 0)]
    faults = [
        counted(await _small(conn), "group(s) of fewer people than the frozen k"),
        counted(await _twice(conn), "place(s) with more than one group in a period"),
        counted(len(over), "release(s) whose groups hold fewer people than were released in them"),
    ]
    said = f"{groups:,} groups in {len(releases.grouped):,} release(s): each has at least k people (never under 5)"
    return [judged(3, faults, f"{said}, one a unit and period, with everybody who was released")]


async def _small(conn: AsyncConnection) -> int:
    found = select(func.count()).select_from(release_group)
    found = found.outerjoin(frozen_rule, frozen_rule.c.questionnaire == _GROUP.questionnaire)
    return (await conn.execute(found.where(or_(_GROUP.n < LEAST_K, _GROUP.n < frozen_rule.c.k)))).scalar_one()


async def _twice(conn: AsyncConnection) -> int:
    place = (_GROUP.questionnaire, _GROUP.unit_id, _GROUP.period)
    double = select(*place).group_by(*place).having(func.count() > 1).subquery()
    return (await conn.execute(select(func.count()).select_from(double))).scalar_one()


async def names(conn: AsyncConnection) -> list[Finding]:
    """G1: the name of a group says nothing but what its row says anyway."""
    rows = (await conn.execute(select(_GROUP.id, _GROUP.questionnaire, _GROUP.period, _GROUP.unit_id))).all()
    if not rows:
        return []
    wrong = sum(id != hashlib.sha256("\n".join(said).encode()).hexdigest()[:32] for id, *said in rows)
    fault = counted(wrong, "group(s) whose id is not made of what the row says anyway")
    return [judged(1, [fault], f"the ids of {len(rows):,} groups are made of unit and period alone")]


async def whole(conn: AsyncConnection) -> list[Finding]:
    """G9: what there is of a release is all of it."""
    releases = await _releases(conn)
    if not releases.made and not releases.grouped and not releases.settled:
        return [nothing(9, "no period has been released")]
    faults = [
        counted(len(releases.grouped.keys() - releases.made), "release(s) with groups that were never finished"),
        counted(len({key[:2] for key in releases.settled} - releases.made), "release(s) of people never finished"),
        counted(await _uncounted(conn), "group(s) without all of their counts"),
        counted(await _ownerless(conn), "count(s) without a group"),
    ]
    return [judged(9, faults, f"{len(releases.made):,} release(s) are whole: groups, counts and participation agree")]


async def _uncounted(conn: AsyncConnection) -> int:
    """How many groups lack the counts of a question that was published in their release."""
    asked = select(_ASKED.questionnaire, _ASKED.period, func.count().label("questions"))
    wanted = asked.group_by(_ASKED.questionnaire, _ASKED.period).subquery()
    there = select(_COUNT.group_id, func.count(_COUNT.question.distinct()).label("questions"))
    found = there.group_by(_COUNT.group_id).subquery()
    same = (wanted.c.questionnaire == _GROUP.questionnaire, wanted.c.period == _GROUP.period)
    both = select(func.count()).select_from(release_group).join(wanted, same[0] & same[1])
    lacking = both.outerjoin(found, found.c.group_id == _GROUP.id)
    return (await conn.execute(lacking.where(func.coalesce(found.c.questions, 0) < wanted.c.questions))).scalar_one()


async def _ownerless(conn: AsyncConnection) -> int:
    found = select(func.count()).select_from(released_count).outerjoin(release_group, _GROUP.id == _COUNT.group_id)
    return (await conn.execute(found.where(_GROUP.id.is_(None)))).scalar_one()


async def answers_in_all(conn: AsyncConnection) -> int:
    """How many people's answers there are, released or waiting."""
    released = (await conn.execute(select(func.coalesce(func.sum(_GROUP.n), 0)))).scalar_one()
    waiting = select(func.count()).select_from(participation).where(_SENT.state == PENDING)
    return int(released) + (await conn.execute(waiting)).scalar_one()
