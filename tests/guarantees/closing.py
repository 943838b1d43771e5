"""A period about to close, and the whole of its closing as the clock does it: for those who let it die on the way."""

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.after import after_release
from bot.foundation import Foundation
from bot.settings import Settings
from bot.writer import Writer
from handlers.house import House
from models import answers, outbox, people
from models.database import open_engine
from models.keys import Keys
from models.messages import Address, Outbound
from models.release import release
from models.slips import Slip
from models.tables import metadata
from tests.models.world import FORM, World, build_tree, join_people, order, record
from tests.transcripts.house import CAMPAIGN, PHRASES

PERIOD, NEXT = "2020-01", "2020-02"
AT = datetime(2020, 1, 6, 3, tzinfo=UTC)
KEYS = "keys.json"
SAID = record({"q1": ["yes"], "q2": ["x", "y"]})
DRAFT = 5000  # the person who never sends


@dataclass(frozen=True, slots=True)
class Crowd:
    """`together` people of one unit, who are a group; `few` of another, too few to be one, who wait on."""

    together: int = 6
    few: int = 2

    @property
    def released(self) -> range:
        """The people of the group."""
        return range(1, self.together + 1)

    @property
    def waiting(self) -> range:
        """The people who wait on."""
        return range(self.together + 1, self.together + self.few + 1)


async def fill(engine: AsyncEngine, folder: Path, crowd: Crowd) -> None:
    """Make everything anew: keys, people, their answers, a draft, and a message to each that was not delivered yet."""
    (folder / KEYS).unlink(missing_ok=True)
    keys = Keys.open(folder / KEYS)
    async with engine.begin() as conn:
        for table in reversed(metadata.sorted_tables):
            await conn.execute(table.delete())
        await build_tree(conn)
        await join_people(conn, [*crowd.released, *crowd.waiting, DRAFT])
        for number in (*crowd.released, *crowd.waiting):
            await World(conn, keys).send(number, "a" if number in crowd.released else "b", SAID)
            await conn.execute(insert(people.address), {"channel": "web", "user": str(number), "person_id": number})
            await outbox.put(conn, keys, PERIOD, [Outbound(to=Address("web", str(number)), text="Xem lại: yes")], AT)
        await answers.keep(conn, keys, PERIOD, Slip(DRAFT, FORM, b"draft"))


async def close(engine: AsyncEngine, folder: Path) -> bool:
    """Release the period and do all that follows, on a house opened for it."""
    house = House(pack=CAMPAIGN, phrases=PHRASES, keys=Keys.open(folder / KEYS))
    foundation = Foundation(Settings(_env_file=None), engine, house, lambda: AT)
    writer = Writer(engine)
    writer.start()
    try:
        await writer.write(lambda conn: release(conn, house.keys, order(PERIOD)))
        return await after_release(foundation, writer, NEXT)
    finally:
        await writer.close()


@dataclass(frozen=True, slots=True)
class Found:
    """What a house finds when it is opened again."""

    stages: Counter[tuple[str, bool]]  # of people who sent: their stage, and whether their record can be read
    draft: bytes | None
    counts: tuple[tuple[str, str, str, int], ...]
    releases: int
    messages: int  # that can be read by those they are for
    keys: tuple[str, ...]


async def look(engine: AsyncEngine, folder: Path, crowd: Crowd) -> Found:
    """Open the house again and see what there is. Everything that is kept of answers must be readable."""
    keys = Keys.open(folder / KEYS)
    async with engine.begin() as conn:
        stages: Counter[tuple[str, bool]] = Counter()
        messages = 0
        for number in (*crowd.released, *crowd.waiting):
            found = await answers.find(conn, keys, number, FORM)
            assert found.record in (None, SAID)
            stages[found.stage, found.record == SAID] += 1
            messages += len(await outbox.waiting(conn, keys, Address("web", str(number))))
        draft = (await answers.find(conn, keys, DRAFT, FORM)).record
        releases = (await conn.execute(text("SELECT count(*) FROM release"))).scalar_one()
        return Found(stages, draft, await _counts(conn), releases, messages, tuple(keys.names()))


async def _counts(conn: AsyncConnection) -> tuple[tuple[str, str, str, int], ...]:
    cells = "SELECT unit_id, question, option, c.n FROM released_count c JOIN release_group g ON g.id = c.group_id"
    return tuple(sorted((unit, question, option, n) for unit, question, option, n in await conn.execute(text(cells))))


async def _live(url: str, folder: Path) -> None:
    engine = open_engine(url)
    async with engine.begin():  # everything is loaded and connected: what follows is the closing and nothing else
        print("ready", flush=True)
    await close(engine, folder)
    await engine.dispose()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(_live(sys.argv[1], Path(sys.argv[2])))
