"""Who took part, apart from what was said: no time, no serial number, no answer. Refuses to list people to anybody.

A row is written when a questionnaire is sent; the unit is the one of that moment and does not follow the person.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models.people import person
from models.schema import metadata
from models.upserts import Upsert, on_both

PENDING, RELEASED, WITHHELD = "pending", "released", "withheld"
T = TypeVar("T")
CHUNK = 5000  # names in one statement; both databases allow more than 30,000

participation = Table(
    "participation",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("questionnaire", String(80), primary_key=True),
    Column("period", String(7), nullable=False),
    Column("unit_id", String(16), nullable=False),
    Column("waited", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    CheckConstraint("state IN ('pending', 'released', 'withheld')", name="state"),
    CheckConstraint("waited >= 0", name="waited"),
    sqlite_with_rowid=False,  # a hidden row number would keep the order of sending
)


class Sent(NamedTuple):
    """One person whose answers wait: the unit frozen when they were sent, and how many closed periods they waited."""

    person: int
    unit: str
    waited: int


def _join(into: Upsert) -> Upsert:
    names = ("person_id", "questionnaire", "period", "unit_id", "waited", "state")
    return into.values({name: bindparam(name) for name in names}).on_conflict_do_nothing()


_JOIN = on_both(participation, _join)
_SETTLE = (
    update(participation)
    .where(
        participation.c.questionnaire == bindparam("of"),
        participation.c.person_id.in_(bindparam("people", expanding=True)),
    )
    .values(state=bindparam("new_state"), period=bindparam("new_period"), waited=0)
)
_STATE = select(participation.c.state).where(
    participation.c.person_id == bindparam("person_id"), participation.c.questionnaire == bindparam("questionnaire")
)


def took_part(person_id: ColumnElement[int], questionnaire: str) -> ColumnElement[bool]:
    """Say in a query that a person sent a questionnaire, whether it was counted yet or not."""
    return exists().where(participation.c.person_id == person_id, participation.c.questionnaire == questionnaire)


def was_counted(person_id: ColumnElement[int], questionnaire: str) -> ColumnElement[bool]:
    """Say in a query that a person took part and that a release is through with them: who waits is counted nowhere."""
    its = participation.c
    through = (its.person_id == person_id, its.questionnaire == questionnaire, its.state != PENDING)
    return exists().where(*through)


async def join(conn: AsyncConnection, person_id: int, questionnaire: str, period: str, unit_id: str) -> bool:
    """Note that a person sent a questionnaire. A second sending changes nothing; False once it was released."""
    key = {"person_id": person_id, "questionnaire": questionnaire}
    values = {**key, "period": period, "unit_id": unit_id, "waited": 0, "state": PENDING}
    await conn.execute(_JOIN[conn.dialect.name], values)
    state: str = (await conn.execute(_STATE, key)).scalar_one()
    return state == PENDING


async def leave(conn: AsyncConnection, person_id: int, questionnaire: str) -> None:
    """Take back that a person sent a questionnaire; one that was released stays."""
    its = participation.c
    mine = (its.person_id == person_id, its.questionnaire == questionnaire, its.state == PENDING)
    await conn.execute(delete(participation).where(*mine))


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Erase everything that is kept here of a person."""
    await conn.execute(delete(participation).where(participation.c.person_id == person_id))


async def states(conn: AsyncConnection, person_id: int) -> dict[str, str]:
    """Tell for each questionnaire that a person sent whether it waits, was released, or was withheld."""
    its = participation.c
    rows = await conn.execute(select(its.questionnaire, its.state).where(its.person_id == person_id))
    return {row.questionnaire: row.state for row in rows}


async def sent(conn: AsyncConnection, questionnaire: str) -> AsyncIterator[Sent]:
    """Give everybody whose answers to a questionnaire wait. For the release alone."""
    its = participation.c
    waits = select(its.person_id, its.unit_id, its.waited).where(
        its.questionnaire == questionnaire, its.state == PENDING
    )
    async with conn.stream(waits) as rows:
        async for chunk in rows.partitions(CHUNK):
            for row in chunk:
                yield Sent(*row)


async def settle(conn: AsyncConnection, questionnaire: str, people: Iterable[int], state: str, period: str) -> None:
    """Mark people's answers released or withheld, as of a period. For the release alone."""
    for chunk in chunks(people):
        values = {"new_state": state, "new_period": period, "of": questionnaire, "people": chunk}
        await conn.execute(_SETTLE, values)


async def wait_on(conn: AsyncConnection, questionnaire: str) -> None:
    """Count one more closed period for everybody who still waits. For the release alone."""
    its = participation.c
    still = update(participation).where(its.questionnaire == questionnaire, its.state == PENDING)
    await conn.execute(still.values(waited=its.waited + 1))


async def move(conn: AsyncConnection, questionnaire: str, old: int, new: int) -> None:
    """Let one participation pass from one record of a person to another that has none."""
    its = participation.c
    mine = update(participation).where(its.person_id == old, its.questionnaire == questionnaire)
    await conn.execute(mine.values(person_id=new))


async def questionnaires(conn: AsyncConnection) -> dict[str, str]:
    """Name the questionnaires that anybody is known to have sent, each with the last period it was released in."""
    its = participation.c
    rows = await conn.execute(select(its.questionnaire, func.max(its.period).label("last")).group_by(its.questionnaire))
    return {row.questionnaire: row.last for row in rows}


async def expire(conn: AsyncConnection, questionnaire: str, last_period: str) -> None:
    """Forget who took part in a questionnaire that closed in `last_period`: each keeps the period of the last alone."""
    its = participation.c
    over = its.questionnaire == questionnaire
    older = or_(person.c.last_period.is_(None), person.c.last_period < last_period)
    took_part = person.c.id.in_(select(its.person_id).where(over))
    await conn.execute(update(person).where(took_part, older).values(last_period=last_period))
    await conn.execute(delete(participation).where(over))


def chunks(people: Iterable[T]) -> Iterable[Sequence[T]]:
    """Cut into pieces that fit one statement."""
    rest = iter(people)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
