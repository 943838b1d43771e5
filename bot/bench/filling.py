"""Fills a house with people whose answers are pending, in bulk: the rows that many sendings would have left."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.bench.federation import AT, PERIOD, QUESTIONNAIRE
from bot.foundation import Foundation
from handlers.content import pack_rules
from models import rules
from models.database import Connection
from models.keys import Keys
from models.participation import PENDING
from models.slips import Slip, seal
from models.tables import metadata

WAVES = 4  # rows that came in order would lie closer together in the file than those of life
BATCH = 5000
JOINED = "2019-10"  # before the first period of the questionnaire, so that everybody counts
SEED = b'"seed":'  # what every record holds of its own


@dataclass(frozen=True, slots=True)
class Pending:
    """One person who has sent: an id, the unit, what was said, and in which period."""

    person: int
    unit: str
    record: bytes
    period: str = PERIOD


def pending(places: dict[str, float], records: list[bytes], people: int, chance: random.Random) -> Iterator[Pending]:
    """Draw people of the units (id: weight), each with one of the records as a seed of their own makes it."""
    units, weights = list(places), list(places.values())
    ids = [chance.getrandbits(62) + 1 for _ in range(people)]
    size = -(-people // WAVES)
    for start in range(0, people, size):
        wave = sorted(ids[start : start + size])
        for person, unit in zip(wave, chance.choices(units, weights, k=len(wave)), strict=True):
            yield Pending(person, unit, _own(chance.choice(records), person % 2**31))


def _own(record: bytes, seed: int) -> bytes:
    """Put another person's seed into a record."""
    head, _, tail = record.partition(SEED)
    return head + SEED + str(seed).encode() + tail.lstrip(b"0123456789")


async def fill(foundation: Foundation, people: Iterable[Pending]) -> None:
    """Keep everybody's person, participation and sealed record, and freeze the rules as the first sending does."""
    house = foundation.house
    form = house.pack.questionnaires[QUESTIONNAIRE]
    async with foundation.engine.begin() as conn:
        await rules.freeze(conn, QUESTIONNAIRE, pack_rules(house.pack)[QUESTIONNAIRE], AT.date(), form.version)
    batch: list[Pending] = []
    for one in people:
        batch.append(one)
        if len(batch) == BATCH:
            await _keep(foundation, batch)
            batch = []
    await _keep(foundation, batch)


async def _keep(foundation: Foundation, batch: list[Pending]) -> None:
    if not batch:
        return
    keys, consent = foundation.house.keys, foundation.house.consent.version
    async with foundation.engine.begin() as conn:
        await insert(conn, "person", [person_row(one.person, one.unit, consent) for one in batch])
        await insert(conn, "participation", [_sent(one) for one in batch])
        await insert(conn, "pending", [_sealed(one, keys) for one in batch])


def _sent(one: Pending) -> dict[str, Any]:
    waits = {"person_id": one.person, "unit_id": one.unit, "waited": 0, "state": PENDING}
    return {**waits, "questionnaire": QUESTIONNAIRE, "period": one.period}


def _sealed(one: Pending, keys: Keys) -> dict[str, Any]:
    sealed = seal(keys, one.period, Slip(one.person, QUESTIONNAIRE, one.record))
    row = {"person_id": one.person, "questionnaire": QUESTIONNAIRE, "sealed": sealed}
    return {**row, "period": one.period, "touched": one.period}


def person_row(person: int, unit: str, consent: str) -> dict[str, Any]:
    """The row of somebody who joined long ago."""
    who = {"id": person, "language": "vi", "unit_id": unit, "consent_version": consent, "consented_at": AT}
    talk = {"talk_name": "start", "talk_data": "{}", "revision": 30}
    return {**who, **talk, "joined_period": JOINED, "met_on": "2019-10-01"}


async def insert(conn: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Write rows as they are."""
    await conn.execute(metadata.tables[table].insert(), rows)
