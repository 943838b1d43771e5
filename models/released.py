"""What a release leaves behind: groups and counts a question, texts in one pool. Refuses rows of people, times, order.

Only `models.release` has these written, and only `models.figures` reads them.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

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
    delete,
    insert,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from models.buckets import bucket
from models.planner import Group
from models.schema import metadata

CHUNK = 5000

ANSWERED = "@answered"  # counted beside the options: how many people of the group gave any answer to the question
Cells = Counter[tuple[str, str]]  # how many people of a group, by question and option
Options = Mapping[str, Sequence[str]]  # keys of options by question

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


def add(cells: Cells, chosen: Options) -> None:
    """Count one person's keys; several of one question count that person once as having answered it."""
    for question, options in chosen.items():
        cells[question, ANSWERED] += 1
        for option in set(options):
            cells[question, option] += 1


def stored(cells: Cells, options: Options) -> dict[tuple[str, str], int]:
    """Turn one group's exact counts into the values that are kept: the one place where the two may differ."""
    every = {(question, option): 0 for question, listed in options.items() for option in (ANSWERED, *listed)}
    return {**every, **cells}


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


async def write_texts(conn: AsyncConnection, questionnaire: str, texts: Iterable[tuple[str, str]]) -> None:
    """Keep words by question in the pool of the whole questionnaire, in an order that says nothing."""
    shuffled = list(texts)
    secrets.SystemRandom().shuffle(shuffled)
    rows = [
        {"id": secrets.randbits(63), "questionnaire": questionnaire, "question": question, "text": words}
        for question, words in shuffled
    ]
    for start in range(0, len(rows), CHUNK):
        await conn.execute(insert(released_text), rows[start : start + CHUNK])


async def write_waiting(conn: AsyncConnection, questionnaire: str, below: Mapping[str, int]) -> None:
    """Keep how many wait below each unit, coarsely, in the place of what was kept at the last close."""
    waiting = [(unit, people) for unit, people in sorted(below.items()) if people]
    rows = [{"questionnaire": questionnaire, "unit_id": unit, "bucket": bucket(people)} for unit, people in waiting]
    await conn.execute(delete(release_waiting).where(release_waiting.c.questionnaire == questionnaire))
    if rows:
        await conn.execute(insert(release_waiting), rows)
