"""A small federation for tests of answers and their release: three workplaces, people, and records to read."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers, rules
from models.keys import Keys
from models.people import person
from models.release import Counted, ReleaseOrder, release
from models.rules import Rules
from models.slips import Slip
from models.unit_tables import unit, unit_span
from models.veil import Histogram

DAY = date(2020, 1, 6)
AT = datetime(2020, 1, 6, 3, tzinfo=UTC)
PARENTS = {"p": None, "d": "p", "a": "d", "b": "d", "e": "p"}
OPTIONS = {"q1": ("yes", "no"), "q2": ("x", "y", "z")}
HISTOGRAMS = {question: Histogram(frozenset(options)) for question, options in OPTIONS.items()}
FORM = "du-thao"
RULES = Rules(5, 2, exact=frozenset(OPTIONS))  # most tests count; those of the noise take NOISY
NOISY = Rules(5, 2)


async def build_tree(conn: AsyncConnection) -> None:
    """Plant p over d (over a and b) and e."""
    await conn.execute(insert(unit), [{"id": name, "successor_id": None} for name in PARENTS])
    spans = [
        {"unit_id": name, "valid_from": date(2019, 1, 1), "kind": "cdcs", "code": name, "name": f"Đơn vị {name}"}
        | {"short_name": name, "parent_id": parent}
        for name, parent in PARENTS.items()
    ]
    await conn.execute(insert(unit_span), spans)


async def join_people(conn: AsyncConnection, people: Iterable[int], period: str = "2019-12") -> None:
    """Let people have joined in a period."""
    common = {"language": "vi", "talk_name": "start", "talk_data": "{}", "revision": 0, "met_on": "2019-12-01"}
    rows = [{"id": number, "joined_period": period, **common} for number in people]
    await conn.execute(insert(person), rows)


def record(options: dict[str, list[str]], words: dict[str, str] | None = None) -> bytes:
    """Write a record that `count` reads."""
    return json.dumps({"options": options, "words": words or {}}, ensure_ascii=False).encode()


def count(read: bytes) -> Counted:
    """Read a record."""
    data = json.loads(read)
    return Counted({question: tuple(keys) for question, keys in data["options"].items()}, data["words"])


def order(period: str = "2020-01", *, final: bool = False, questionnaire: str = FORM) -> ReleaseOrder:
    """Order the release of a period."""
    return ReleaseOrder(questionnaire, period, 8, RULES, final, count, HISTOGRAMS)


@dataclass(frozen=True, slots=True)
class World:
    """A connection and its keys, with what tests do most."""

    conn: AsyncConnection
    keys: Keys

    async def send(self, person_id: int, at_unit: str, said: bytes, period: str = "2020-01") -> bool:
        """Send a record from a unit."""
        await rules.freeze(self.conn, FORM, RULES, DAY, "v1")
        return await answers.submit(self.conn, self.keys, period, at_unit, Slip(person_id, FORM, said))

    async def release(self, period: str = "2020-01", *, final: bool = False) -> bool:
        """Release as the clock does, with what comes after."""
        done = await release(self.conn, self.keys, order(period, final=final))
        await answers.rekey(self.conn, self.keys, "2020-02" if period == "2020-01" else "2020-03")
        return done


async def world(conn: AsyncConnection, folder: Path) -> World:
    """A federation with nobody in it."""
    await build_tree(conn)
    return World(conn, Keys.open(folder / "keys.json"))
