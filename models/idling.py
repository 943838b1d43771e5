"""People of whom nothing is kept but that they once agreed: forgotten when that, too, has become old."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers
from models.officers import role_grant
from models.participation import participation
from models.people import address, person

PAGE = 500


async def forget(conn: AsyncConnection, consented: datetime, before: str) -> int:
    """Erase up to 500 people of whom nothing else is kept, and give their number.

    They hold no role, have nothing running or sent, agreed before a moment, and took part in no questionnaire that
    closed in the period `before` or later. Whoever is writing to us just now is passed over.
    """
    idle = _idle(consented, before)
    locked = select(person.c.id).where(idle).order_by(person.c.id).limit(PAGE).with_for_update(skip_locked=True)
    found = list((await conn.execute(locked)).scalars())
    # Asked again under the lock: what they did while the lock was waited for counts.
    still = select(person.c.id).where(person.c.id.in_(found), idle)
    gone = list((await conn.execute(still)).scalars())
    await conn.execute(delete(address).where(address.c.person_id.in_(gone)))
    await conn.execute(delete(person).where(person.c.id.in_(gone)))  # ended roles and codes go with it
    return len(gone)


def _idle(consented: datetime, before: str) -> ColumnElement[bool]:
    its = person.c
    role = exists().where(role_grant.c.person_id == its.id, role_grant.c.ended_at.is_(None))
    sent = exists().where(participation.c.person_id == its.id)
    old = or_(its.last_period.is_(None), its.last_period < before)
    return and_(its.consented_at < consented, old, ~role, ~sent, ~answers.running(its.id))
