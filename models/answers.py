"""What people answered, sealed until its release: the only module that touches these rows, given to their owner alone.

One row a person and questionnaire, running or sent, sealed under the key of a period. Whoever reads the table without
the key reads nothing; once the key is destroyed, neither does anybody else, whatever copies there are. Every function
writes this table first and `participation` after, so that a release and a person never wait for each other.
"""

from collections.abc import AsyncIterator, Container, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    LargeBinary,
    String,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models import participation
from models.keys import KeyDestroyed, KeyLost, Keys
from models.participation import PENDING, chunks
from models.people import person
from models.periods import is_period, open_period
from models.schema import metadata
from models.slips import SEALED_SIZES, Slip, seal, unseal
from models.upserts import Upsert, on_both

PAGE = 1000

_pending = Table(
    "pending",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("questionnaire", String(80), primary_key=True),
    Column("period", String(7), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # The period in which its owner last kept it, whatever key it has come under since; "" where that was not noted yet.
    Column("touched", String(7), nullable=False, server_default=""),
    sqlite_with_rowid=False,  # a hidden row number would keep the order of writing
)


@dataclass(frozen=True, slots=True)
class Found:
    """How far a person is with a questionnaire (see `stage`), and the record while there is one."""

    stage: str
    record: bytes | None


_ITS, _THEIRS = _pending.c, participation.participation.c
_MINE = (_ITS.person_id == bindparam("person_id"), _ITS.questionnaire == bindparam("questionnaire"))
_SENT = (_THEIRS.person_id == bindparam("person_id"), _THEIRS.questionnaire == bindparam("questionnaire"))
_STATE = select(_THEIRS.state).where(*_SENT).scalar_subquery()
_FIND = select(
    _STATE, select(_ITS.period).where(*_MINE).scalar_subquery(), select(_ITS.sealed).where(*_MINE).scalar_subquery()
)
_STAGE = select(_STATE, exists().where(*_MINE))
_DROP = delete(_pending).where(*_MINE)
_ERASE = delete(_pending).where(_MINE[1], _ITS.person_id.in_(bindparam("people", expanding=True)))
_ROW = (_ITS.person_id, _ITS.questionnaire, _ITS.period, _ITS.sealed)


def _kept(empty: Upsert) -> Upsert:
    # The condition stands in the statement, because a release may come between a person's reading and writing.
    row = select(*(bindparam(column.name, type_=column.type) for column in _ITS))
    row = row.where(~exists().where(*_SENT, _THEIRS.state != PENDING))
    into = empty.from_select([column.name for column in _ITS], row)
    new = {name: into.excluded[name] for name in ("period", "sealed", "touched")}
    return into.on_conflict_do_update(index_elements=["person_id", "questionnaire"], set_=new)


_KEEP = on_both(_pending, _kept)


def begun(person_id: ColumnElement[int], questionnaire: str) -> ColumnElement[bool]:
    """Say in a query that a person has a record that waits, sent or not; nothing of what stands in it."""
    return exists().where(_pending.c.person_id == person_id, _pending.c.questionnaire == questionnaire)


async def find(conn: AsyncConnection, keys: Keys, person_id: int, questionnaire: str) -> Found:
    """Give a person's stage and record in one question to the database. Raises KeyLost where it cannot be read."""
    key = {"person_id": person_id, "questionnaire": questionnaire}
    state, period, sealed = (await conn.execute(_FIND, key)).one()
    if sealed is None:
        return Found(state or "none", None)
    return Found(state or "draft", unseal(keys, (person_id, questionnaire, period, sealed)).record)


async def stage(conn: AsyncConnection, person_id: int, questionnaire: str) -> str:
    """Tell how far a person is: "none", "draft", "pending" (sent; can be changed and withdrawn), "released".

    "withheld" says that at the end too few people had answered, and that the answers were erased uncounted.
    """
    state, running = (await conn.execute(_STAGE, {"person_id": person_id, "questionnaire": questionnaire})).one()
    return state or ("draft" if running else "none")


async def keep(conn: AsyncConnection, keys: Keys, period: str, slip: Slip) -> None:
    """Seal a record in the place of the one before; nothing is kept after the release. Raises TooLong."""
    while True:
        period = open_period(period, keys.destroyed)
        try:
            row = _row(keys, period, slip)
        except KeyDestroyed:
            continue
        await conn.execute(_KEEP[conn.dialect.name], row)
        # While the row waited for a release in another process, that process may have closed the period.
        if keys.alive(period):
            return


def _row(keys: Keys, period: str, slip: Slip) -> dict[str, object]:
    sealed = seal(keys, period, slip)
    key = {"person_id": slip.person_id, "questionnaire": slip.questionnaire}
    return {**key, "period": period, "sealed": sealed, "touched": period}


async def submit(conn: AsyncConnection, keys: Keys, period: str, unit_id: str, slip: Slip) -> bool:
    """Keep a record as sent, with the participation and its unit. False, and nothing kept, after the release."""
    await keep(conn, keys, period, slip)
    return await participation.join(conn, slip.person_id, slip.questionnaire, period, unit_id)


async def withdraw(conn: AsyncConnection, person_id: int, questionnaire: str) -> bool:
    """Take everything back, sent or not. False after the release: nobody can find the answers any more."""
    await drop(conn, person_id, questionnaire)
    await participation.leave(conn, person_id, questionnaire)
    return await stage(conn, person_id, questionnaire) == "none"


async def drop(conn: AsyncConnection, person_id: int, questionnaire: str) -> None:
    """Erase a running record. One that was sent is taken back by `withdraw`."""
    await conn.execute(_DROP, {"person_id": person_id, "questionnaire": questionnaire})


async def forget(conn: AsyncConnection, person_id: int) -> None:
    """Erase everything that is kept of a person's answers and participations."""
    await conn.execute(delete(_pending).where(_ITS.person_id == person_id))
    await participation.forget(conn, person_id)


async def slips(conn: AsyncConnection, keys: Keys, person_id: int) -> list[Slip]:
    """Give a person every record that is kept of them, as it is. Raises KeyLost."""
    rows = await conn.execute(select(*_ROW).where(_ITS.person_id == person_id).order_by(_ITS.questionnaire))
    return [unseal(keys, row) for row in rows]


async def touched(conn: AsyncConnection, person_id: int) -> dict[str, str]:
    """Tell for each record of a person in which period they last kept it."""
    rows = await conn.execute(select(_ITS.questionnaire, _ITS.touched).where(_ITS.person_id == person_id))
    return {row.questionnaire: row.touched for row in rows}


async def drop_stale(conn: AsyncConnection, before: str) -> int:
    """Erase what was begun, never sent, and not touched since before a period; give how many."""
    its_owner = (_THEIRS.person_id == _ITS.person_id, _THEIRS.questionnaire == _ITS.questionnaire)
    stale = delete(_pending).where(_ITS.touched != "", _ITS.touched < before, ~exists().where(*its_owner))
    return (await conn.execute(stale)).rowcount


def running(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that something is kept here of the people of another statement."""
    return exists().where(_ITS.person_id == person_id)


async def questionnaires(conn: AsyncConnection) -> list[str]:
    """Name the questionnaires of which something is kept here, in order."""
    rows = await conn.execute(select(_ITS.questionnaire).distinct().order_by(_ITS.questionnaire))
    return list(rows.scalars())


# What follows is for the release and the change of periods alone.


async def hold_still(conn: AsyncConnection) -> None:
    """Let nobody write here until this transaction ends. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        await conn.execute(text("LOCK TABLE pending IN SHARE ROW EXCLUSIVE MODE"))


async def records(
    conn: AsyncConnection, keys: Keys, questionnaire: str, wanted: Container[int]
) -> AsyncIterator[list[Slip]]:
    """Give the wanted people's records of a questionnaire, page by page. Raises KeyLost."""
    last = -1
    while True:
        page = select(*_ROW).where(_ITS.questionnaire == questionnaire, _ITS.person_id > last)
        rows = (await conn.execute(page.order_by(_ITS.person_id).limit(PAGE))).all()
        if not rows:
            return
        last, steady = rows[-1].person_id, keys.steady()
        yield [unseal(steady, row) for row in rows if row.person_id in wanted]


async def erase(conn: AsyncConnection, questionnaire: str, people: Iterable[int]) -> None:
    """Erase people's records of a questionnaire."""
    for chunk in chunks(people):
        await conn.execute(_ERASE, {"questionnaire": questionnaire, "people": chunk})


async def erase_rest(conn: AsyncConnection, questionnaire: str) -> None:
    """Erase every record of a questionnaire that has ended, with those never sent."""
    await conn.execute(delete(_pending).where(_ITS.questionnaire == questionnaire))


async def rekey(conn: AsyncConnection, keys: Keys, current: str) -> None:
    """Seal what is left of earlier periods under the key of the current one. What cannot be read stays as it is."""
    await hold_still(conn)
    readable = [name for name in keys.names() if is_period(name) and name < current]
    place, last = tuple_(_ITS.person_id, _ITS.questionnaire), (-1, "")
    update_one = update(_pending).where(_ITS.person_id == bindparam("at"), _ITS.questionnaire == bindparam("of"))
    renew = update_one.values(period=current, sealed=bindparam("anew"))
    while True:
        page = select(*_ROW).where(_ITS.period.in_(readable), place > last).order_by(_ITS.person_id, _ITS.questionnaire)
        rows = (await conn.execute(page.limit(PAGE))).all()
        if not rows:
            return
        last = (rows[-1].person_id, rows[-1].questionnaire)
        opened = [unseal(keys, row) for row in rows]
        anew = [{"at": one.person_id, "of": one.questionnaire, "anew": seal(keys, current, one)} for one in opened]
        await conn.execute(renew, anew)


async def periods(conn: AsyncConnection) -> list[str]:
    """Name the periods under whose keys something is kept here, in order."""
    return list((await conn.execute(select(_ITS.period).distinct().order_by(_ITS.period))).scalars())


async def lost(conn: AsyncConnection, keys: Keys) -> list[str]:
    """Name the periods whose sealed answers can never be read again, because their key is not in the key file."""
    return [period for period in await periods(conn) if not keys.alive(period)]


async def drop_lost(conn: AsyncConnection, periods: Iterable[str]) -> None:
    """Erase what was sealed in periods whose keys are lost for good, so that people can answer anew."""
    for period in periods:
        mine = select(_ITS.questionnaire, _ITS.person_id).where(_ITS.period == period)
        for questionnaire, person_id in (await conn.execute(mine)).all():
            await withdraw(conn, person_id, questionnaire)


# What follows is for the audit alone, which is told numbers and never a row.


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records are kept under each period's key; and of all of them: those whose length tells something, those
    of people whose answers were settled, of people who are not known or never agreed, and drafts untouched for long.
    """

    periods: Mapping[str, int]
    misshapen: int
    settled: int
    unasked: int
    stale: int


async def tally(conn: AsyncConnection, before: str) -> Tally:
    """Count in one reading of the whole; `before`: the period since which a draft must have been touched."""
    owner = (_THEIRS.person_id == _ITS.person_id) & (_THEIRS.questionnaire == _ITS.questionnaire)
    wrong = (
        func.length(_ITS.sealed).not_in(SEALED_SIZES),
        _THEIRS.state != PENDING,
        person.c.consent_version.is_(None),
        and_(_THEIRS.state.is_(None), _ITS.touched != "", _ITS.touched < before),
    )
    numbers = (func.sum(case((each, 1), else_=0)) for each in wrong)
    counts = select(_ITS.period, func.count(), *numbers).group_by(_ITS.period)
    joined = counts.outerjoin(participation.participation, owner).outerjoin(person, person.c.id == _ITS.person_id)
    rows = (await conn.execute(joined)).all()
    sums = (sum(int(row[at]) for row in rows) for at in range(2, 6))
    return Tally({row[0]: row[1] for row in rows}, *sums)


async def unreadable(conn: AsyncConnection, keys: Keys, start: int, most: int) -> int:
    """How many of so many records, from a person's number on, are not what a key that is alive has sealed."""
    rows = await conn.execute(select(*_ROW).where(_ITS.person_id >= start).order_by(_ITS.person_id).limit(most))
    wrong = 0
    for row in rows:
        try:
            unseal(keys, row)
        except KeyLost:
            wrong += 1
    return wrong
