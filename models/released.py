"""What a release leaves behind: groups and counts a question, texts in one pool. Refuses rows of people, times, order.

Only `models.release` has these written, and only `models.figures` reads them. Counts come as `models.veil` leaves them.
"""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models.buckets import bucket
from models.noise import Below
from models.planner import LEAST_TEXTS, Group
from models.schema import metadata
from models.upserts import Upsert, on_both
from models.veil import Veil

CHUNK = 5000

release_made = Table(
    "release",
    metadata,
    Column("questionnaire", String(80), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("final", Boolean, nullable=False),
    Column("withheld", String(4), nullable=False),
    CheckConstraint("withheld IN ('0', '1-9', '10+')", name="withheld"),
    sqlite_with_rowid=False,
)

released_question = Table(
    "released_question",
    metadata,
    Column("questionnaire", String(80), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("question", String(80), primary_key=True),
    Column("scale", String(40), nullable=False),  # of the noise in every count of it, as a fraction; "0" for exact
    sqlite_with_rowid=False,
)

released_wording = Table(
    "released_wording",
    metadata,
    Column("wording", String(32), primary_key=True),
    Column("questionnaire", String(80), primary_key=True),
    sqlite_with_rowid=False,
)

release_group = Table(
    "release_group",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("questionnaire", String(80), nullable=False),
    Column("unit_id", String(16), nullable=False),
    Column("period", String(7), nullable=False),
    Column("n", Integer, nullable=False),
    CheckConstraint("n >= 5", name="n"),
    Index("uq_release_group_place", "questionnaire", "unit_id", "period", unique=True),
    sqlite_with_rowid=False,
)

released_count = Table(
    "released_count",
    metadata,
    Column("group_id", String(32), ForeignKey(release_group.c.id), primary_key=True),
    Column("question", String(80), primary_key=True),
    Column("option", String(80), primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

released_text = Table(
    "released_text",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("questionnaire", String(80), nullable=False),
    Column("question", String(80), nullable=False),
    Column("open", Boolean, nullable=False, server_default=false()),
    Column("text", Text, nullable=False),
    Index("ix_released_text_question", "questionnaire", "question"),
    sqlite_with_rowid=False,
)

release_waiting = Table(
    "release_waiting",
    metadata,
    Column("questionnaire", String(80), primary_key=True),
    Column("unit_id", String(16), primary_key=True),
    Column("bucket", String(4), nullable=False),
    CheckConstraint("bucket IN ('1-9', '10+')", name="bucket"),
    sqlite_with_rowid=False,
)


def _if_new(into: Upsert) -> Upsert:
    return into.values(wording=bindparam("wording"), questionnaire=bindparam("questionnaire")).on_conflict_do_nothing()


_WORDING = on_both(released_wording, _if_new)


async def write_group(
    conn: AsyncConnection, of: tuple[str, str], group: Group, values: Mapping[tuple[str, str], int]
) -> None:
    """Keep one group of a questionnaire and period (`of`) with its values, by question and option."""
    questionnaire, period = of
    # The id is drawn from what the row says anyway, so that not even a random number differs between two worlds.
    name = hashlib.sha256("\n".join((*of, group.unit)).encode()).hexdigest()[:32]
    row = {"id": name, "questionnaire": questionnaire, "unit_id": group.unit, "period": period, "n": len(group.members)}
    await conn.execute(insert(release_group), row)
    counts = [
        {"group_id": name, "question": of, "option": option, "n": n} for (of, option), n in sorted(values.items())
    ]
    if counts:
        await conn.execute(insert(released_count), counts)


async def write_questions(conn: AsyncConnection, of: tuple[str, str], veil: Veil) -> None:
    """Keep how far off each question's counts in this questionnaire and period (`of`) may be, and what was asked."""
    questionnaire, period = of
    where = {"questionnaire": questionnaire, "period": period}
    rows = [{**where, "question": question, "scale": str(veil.scales[question])} for question in sorted(veil.asked)]
    wordings = sorted({wording for its in veil.asked.values() for wording in its.wordings})
    if rows:
        await conn.execute(insert(released_question), rows)
    if wordings:
        asked = [{"wording": wording, "questionnaire": questionnaire} for wording in wordings]
        await conn.execute(_WORDING[conn.dialect.name], asked)


async def asked_elsewhere(conn: AsyncConnection, questionnaire: str, wordings: Iterable[str]) -> dict[str, str]:
    """Tell which wordings have figures under another questionnaire already, each with that one."""
    its = released_wording.c
    found = select(its.wording, its.questionnaire).where(its.wording.in_(sorted(set(wordings))))
    rows = await conn.execute(found.where(its.questionnaire != questionnaire))
    return {row.wording: row.questionnaire for row in rows}


async def write_texts(
    conn: AsyncConnection, questionnaire: str, texts: Iterable[tuple[str, str]], below: Below
) -> None:
    """Add words, by question, to the pool of the whole questionnaire, in an order that says nothing.

    They are opened when at least 10 of a question can be opened together: a few new ones among many that were read
    before would tell when theirs were written.
    """
    # In the order of random numbers, so that not even the place on the disk keeps the order of people.
    pool = sorted((below(2**63), question, words) for question, words in sorted(texts))
    of = {"questionnaire": questionnaire, "open": False}
    for start in range(0, len(pool), CHUNK):
        rows = [{"id": id, "question": asked, "text": words, **of} for id, asked, words in pool[start : start + CHUNK]]
        await conn.execute(insert(released_text), rows)
    its = released_text.c
    closed = (its.questionnaire == questionnaire, its.open.is_(False))
    enough = select(its.question).where(*closed).group_by(its.question).having(func.count() >= LEAST_TEXTS)
    ready = list((await conn.execute(enough)).scalars())
    await conn.execute(update(released_text).where(*closed, its.question.in_(ready)).values(open=True))


async def drop_texts(conn: AsyncConnection, questionnaire: str) -> None:
    """Erase the words that were too few to be opened and that no others will join."""
    its = released_text.c
    await conn.execute(delete(released_text).where(its.questionnaire == questionnaire, its.open.is_(False)))


async def write_waiting(conn: AsyncConnection, questionnaire: str, below: Mapping[str, int]) -> None:
    """Keep how many wait below each unit, coarsely, in the place of what was kept at the last close."""
    waiting = [(unit, people) for unit, people in sorted(below.items()) if people]
    rows = [{"questionnaire": questionnaire, "unit_id": unit, "bucket": bucket(people)} for unit, people in waiting]
    await conn.execute(delete(release_waiting).where(release_waiting.c.questionnaire == questionnaire))
    if rows:
        await conn.execute(insert(release_waiting), rows)
