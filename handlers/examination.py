"""Examines a live database, guarantee by guarantee: what `langnghe audit privacy` prints. Changes nothing.

Each check reads in a transaction of its own, so that no long one keeps anybody from tidying up; what looks broken is
looked at a second time, since a house at work may have been between two steps.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from conversations import personal
from handlers import overdue
from handlers.content import forms_of, pack_rules
from handlers.histograms import histograms
from handlers.house import House
from handlers.unproved import BY_TESTS
from models import (
    examine_groups,
    examine_keys,
    examine_ledger,
    examine_noise,
    examine_pages,
    examine_pending,
    examine_people,
    examine_rules,
    examine_schema,
    examine_texts,
)
from models.database import Connection, Engine
from models.examine_noise import Single
from models.examine_pending import Sealing
from models.finding import Finding, Verdict, together
from models.periods import period_of

GRACE = timedelta(days=2)  # what goes once a day may be a day late, and the clock may stand for a night
Check = Callable[[Connection], Awaitable[list[Finding]]]


@dataclass(frozen=True, slots=True)
class Examined:
    """What is examined, at which moment: a house, the file of its keys, and that of its database if it is embedded."""

    house: House
    now: datetime
    key_file: Path
    database: Path | None
    chance: Random


async def examine(engine: Engine, what: Examined) -> dict[int, Finding]:
    """Give one finding for each of the twenty guarantees."""
    found = list(BY_TESTS)
    for check in checks(what):
        for finding in await _looked(engine, check):
            found.append(finding)
    return together(found)


async def _looked(engine: Engine, check: Check) -> list[Finding]:
    async with engine.connect() as conn, conn.begin():
        found = await check(conn)
    if all(one.verdict is not Verdict.BROKEN for one in found):
        return found
    async with engine.connect() as conn, conn.begin():
        return await check(conn)


def checks(what: Examined) -> Iterable[Check]:
    """Every check, with what it needs to know beside the database."""
    house = what.house
    yield examine_schema.shape
    yield examine_rules.waiting
    yield examine_groups.names
    yield examine_groups.sizes
    yield partial(examine_ledger.linear, chance=what.chance)
    yield partial(examine_ledger.values, chance=what.chance)
    yield examine_noise.scales
    yield partial(_noise, house)
    yield partial(_waiting, what)
    yield partial(_copies, what.key_file)
    yield partial(examine_pages.file, database=what.database, chance=what.chance) if what.database else _server
    yield examine_groups.whole
    yield partial(examine_rules.frozen, wanted=pack_rules(house.pack))
    if not house.rehearsal:
        yield partial(examine_rules.timely, now=what.now, close_day=house.pack.period_close_day)
    yield examine_rules.repeats
    yield partial(examine_texts.pool, telling=_telling, chance=what.chance)
    yield examine_texts.numbers
    yield examine_people.rights
    yield partial(_retention, house, what.now - GRACE)


async def _server(conn: Connection) -> list[Finding]:
    return await examine_pages.server(conn)


async def _copies(key_file: Path, _conn: Connection) -> list[Finding]:
    return examine_keys.copied(key_file)


async def _noise(house: House, conn: Connection) -> list[Finding]:
    return await examine_noise.sizes(conn, await _single(conn, house))


async def _single(conn: Connection, house: House) -> Single:
    """Questions in which everybody chooses one option of a closed list, in every version that was ever run."""
    found = {}
    for questionnaire in house.pack.questionnaires:
        asked = histograms((await forms_of(conn, house, questionnaire)).values())
        found[questionnaire] = frozenset(name for name, its in asked.items() if its.options and its.most == 1)
    return found


async def _waiting(what: Examined, conn: Connection) -> list[Finding]:
    house = what.house
    current = period_of(what.now, house.pack.period_close_day)
    drafts = (await overdue.limits(conn, house.pack, what.now - GRACE)).drafts
    return await examine_pending.pending(conn, Sealing(house.keys, current, drafts, what.chance))


async def _retention(house: House, at: datetime, conn: Connection) -> list[Finding]:
    return await examine_people.retention(conn, await overdue.limits(conn, house.pack, at))


async def size(engine: Engine) -> str:
    """Say of about how many answers there is something, never exactly: another day's number would tell who came."""
    async with engine.connect() as conn, conn.begin():
        answers = await examine_groups.answers_in_all(conn)
    if answers < 1000:
        return "Fewer than 1,000 answers"
    unit = 10 ** (len(str(answers)) - 2)
    return f"About {answers // unit * unit:,} answers"


def _telling(text: str) -> bool:
    """Whether a text holds what is never kept."""
    return personal.never_kept(personal.found(text))
