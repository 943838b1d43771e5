"""Whom a broadcast is for: subscribers of a topic, of a unit and those below, of some kinds of unit, of a language.

That is all that can be asked: nothing that a person answered or did chooses them, and no person is ever listed to
anybody. `took_part` is for results alone (who sent that questionnaire and was counted in a release, whatever
they said), `drafting` for the one reminder (who began it and has not sent it): both for the whole federation, since a
count of few would tell of them.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, and_, case, cast, func, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers, participation
from models.messages import Address
from models.people import address, person
from models.subscriptions import subscription


@dataclass(frozen=True, slots=True)
class Audience:
    """`unit` "" is the whole tree; `kinds` and `language` empty are all. See the module for the last two."""

    topic: str
    unit: str = ""
    below: bool = True
    kinds: tuple[str, ...] = ()
    language: str = ""
    took_part: str = ""
    drafting: str = ""

    def __post_init__(self) -> None:
        """Refuse to look for who took part, or began something, in a part of the tree."""
        if (self.took_part or self.drafting) and (self.unit or self.kinds or self.language):
            raise ValueError("who took part is asked for the whole federation alone")

    def canonical(self) -> str:
        """Write it so that the same audience is always the same text."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


def read(text: str) -> Audience:
    """Read what `canonical` wrote."""
    told = json.loads(text)
    return Audience(**{**told, "kinds": tuple(told["kinds"])})


@dataclass(frozen=True, slots=True)
class Reach:
    """An audience, the channels that people can be written to on (the preferred first), and who came too late for it.

    Who subscribed after `before` is left out; with None nobody is.
    """

    audience: Audience
    channels: Sequence[str]
    before: datetime | None = None


class Member(NamedTuple):
    """One subscriber; `address` is where the person is written to, None where nobody can."""

    person_id: int
    unit_id: str | None
    language: str
    address: Address | None


def _chosen(reach: Reach) -> Select[Any]:
    audience = reach.audience
    found = select(person.c.id, person.c.unit_id, person.c.language).join(
        subscription, subscription.c.person_id == person.c.id
    )
    found = found.where(subscription.c.topic == audience.topic, person.c.consent_version.is_not(None))
    if reach.before is not None:
        found = found.where(subscription.c.since <= reach.before)
    if audience.language:
        found = found.where(person.c.language == audience.language)
    if audience.took_part:
        found = found.where(participation.was_counted(person.c.id, audience.took_part))
    if form := audience.drafting:
        found = found.where(answers.begun(person.c.id, form), ~participation.took_part(person.c.id, form))
    return found


async def page(conn: AsyncConnection, reach: Reach, after: int, most: int) -> list[Member]:
    """Give the next `most` subscribers after a person id, in the order of ids, whatever their unit.

    Each is given the address on the first channel where they have one.
    """
    its = subscription.c.person_id  # the key's own column: by any other name each page would sort all that are left
    rows = (await conn.execute(_chosen(reach).where(its > after).order_by(its).limit(most))).all()
    where = await _addresses(conn, [row.id for row in rows], reach.channels)
    return [Member(row.id, row.unit_id, row.language, where.get(row.id)) for row in rows]


async def _addresses(conn: AsyncConnection, people: list[int], channels: Sequence[str]) -> Mapping[int, Address]:
    if not people:
        return {}
    its = address.c
    theirs = (its.person_id.in_(people), its.left_on.is_(None))
    rows = await conn.execute(select(its.person_id, its.channel, its.user).where(*theirs))
    # Looked at here: told of channels, SQLite would look through everybody of a channel for each page.
    rank = {channel: place for place, channel in enumerate(channels)}
    here = [row for row in rows if row.channel in rank]
    # The best one last, and of several on one channel always the same.
    here.sort(key=lambda row: (rank[row.channel], row.user), reverse=True)
    return {row.person_id: Address(row.channel, row.user) for row in here}


class Group(NamedTuple):
    """How many subscribers of a unit and language are written to on a channel ("" for none)."""

    unit_id: str | None
    language: str
    channel: str


async def sizes(conn: AsyncConnection, reach: Reach) -> Counter[Group]:
    """Count subscribers by unit, language and the channel on which each would be written to, in one pass."""
    its, chosen = address.c, _chosen(reach).subquery()
    ranks = {channel: place for place, channel in enumerate(reach.channels)}
    rank = case(ranks, value=its.channel, else_=None) if ranks else cast(null(), Integer)
    reached = and_(its.person_id == chosen.c.id, its.left_on.is_(None), its.channel.in_(list(reach.channels)))
    best = select(chosen.c.unit_id, chosen.c.language, func.min(rank).label("best"))
    each = best.select_from(chosen.outerjoin(address, reached))
    each_one = each.group_by(chosen.c.id, chosen.c.unit_id, chosen.c.language).subquery()
    by = (each_one.c.unit_id, each_one.c.language, each_one.c.best)
    rows = await conn.execute(select(*by, func.count()).group_by(*by))
    named = dict(enumerate(reach.channels))
    return Counter({Group(unit, language, named.get(place, "")): count for unit, language, place, count in rows})


@dataclass(frozen=True, slots=True)
class Size:
    """How many people will be written to on each channel, how many read it on the page alone, how many nobody can."""

    channels: Counter[str]
    page: int = 0
    unreached: int = 0

    @property
    def people(self) -> int:
        """Everybody who is written to."""
        return self.channels.total()
