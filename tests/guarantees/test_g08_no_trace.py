"""G8, no trace: what people say and are stands in no file, no log and no figure, and a release leaves nothing to open.

Through the real product as a process of its own: people answer by the web and on Telegram, the house is copied,
and the period closes. Everything that it wrote is searched, and everything sealed is tried with every key there is.
"""

import asyncio
import io
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import Lines
from bot.outcomes import Unavailable
from bot.receive import Road
from bot.redact import Redact
from bot.writer import Writer
from models.database import Connection, open_engine
from models.keys import KeyLost, Keys
from models.messages import Address, Inbound, Outbound
from models.revisions import first
from tests.guarantees.canaries import (
    ACCOUNT,
    CHOSEN,
    NUMBER,
    OTHER,
    PHONE,
    SHOWN,
    TYPED,
    WORDS,
    sung,
    words,
)
from tests.guarantees.dumps import dump
from tests.guarantees.scene import ALONE, HALFWAY, SEALED, TOGETHER, Scene, answered, back_up, shows_everything, staged
from tests.transcripts.stage import OPENING

AFTER = "2020-01-09"  # when the period has closed, and pages that nobody came back to still wait for them
PERSONAL = ("person", "address", "participation", "pending", "outbox", "seen", "audit")


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with staged(database_url, tmp_path) as scene:
        yield scene


async def closed(scene: Scene) -> None:
    """The period closes for people who joined long ago, and its key is destroyed."""
    engine = open_engine(scene.url)
    async with engine.begin() as conn:
        await conn.execute(text("UPDATE person SET joined_period = '2019-12'"))
    await engine.dispose()
    scene.product.environment["AS_OF"] = AFTER
    await scene.product.start()
    async with asyncio.timeout(60):
        while scene.keys.alive("2020-01"):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)
    assert await scene.product.stop() == 0


def opens(keys: Keys, rows: Sequence[tuple[str, bytes, bytes]]) -> int:
    """How many sealed things can be opened with any key that there is."""
    return sum(any(_opens(keys, name, row) for name in keys.names()) for row in rows)


def _opens(keys: Keys, name: str, row: tuple[str, bytes, bytes]) -> bool:
    try:
        keys.unseal(name, row[1], row[2])
    except KeyLost:
        return False
    return True


async def test_nothing_that_people_say_or_are_can_be_found_anywhere(scene: Scene) -> None:
    embedded = scene.url.startswith("sqlite")
    canaries = (*TYPED, *SHOWN)
    await scene.product.start()
    async with answered(scene) as people:
        await shows_everything(scene)
        copy = await back_up(scene) if embedded else ""
        before = {table: await scene.sealed(table, copy) for table in SEALED}
        assert min(len(rows) for rows in before.values()) >= len(people), "both stores are full"
        assert all(opens(scene.keys, rows) == len(rows) for rows in before.values()), "and the keys open them"
        async with ClientSession() as session, session.get(f"{scene.address}/metrics") as answer:
            assert sung(await answer.read(), canaries) == []
        await scene.silent(canaries)
        await _options_tell_nobody(scene)
    assert await scene.product.stop() == 0
    await scene.silent(canaries)

    await closed(scene)
    for table, rows in before.items():
        assert opens(scene.keys, rows) == 0, f"{table}: a copy of before the release can be opened with today's keys"
    assert await _left(scene) == {"pending": {"pending": 1, "draft": 2}, "addresses": 0, "screens": {first("2020-01")}}
    await scene.silent((*SHOWN, str(NUMBER), PHONE, words(ALONE), words(HALFWAY), words(99)))
    await _options_tell_nobody(scene)
    if embedded:
        await _words_stand_in_the_pool_alone(scene)
        whole = _files(scene)
        assert not [row for rows in before.values() for row in rows if row[1][12:44] in whole], "nor sealed"


def _files(scene: Scene) -> bytes:
    """The embedded database with its logs, byte for byte."""
    files = [path for path in (scene.folder / "data").iterdir() if path.name.startswith("rehearsal.db")]
    return b"".join(path.read_bytes() for path in files)


async def _options_tell_nobody(scene: Scene) -> None:
    """What was chosen stands beside no person."""
    engine = open_engine(scene.url)
    async with engine.connect() as conn:
        tables = await dump(conn, sealed=True)
    await engine.dispose()
    assert {name for name in PERSONAL if sung(repr(tables[name]).encode(), (CHOSEN, OTHER))} == set()


async def _left(scene: Scene) -> dict[str, object]:
    """What is still sealed, by the state of its owner; of the released people, how many are still written to, and at
    which screens they are.
    """
    state = "SELECT coalesce(p.state, 'draft'), count(*) FROM pending s LEFT JOIN participation p"
    state += " ON p.person_id = s.person_id AND p.questionnaire = s.questionnaire GROUP BY 1"
    beside = 'SELECT count(*) FROM outbox o JOIN address a ON a.channel = o.channel AND a."user" = o."user"'
    beside += " JOIN participation p ON p.person_id = a.person_id WHERE p.state = 'released'"
    screens = "SELECT p.revision FROM person p JOIN participation t ON t.person_id = p.id WHERE t.state = 'released'"
    engine = open_engine(scene.url)
    async with engine.connect() as conn:
        counted = set((await conn.execute(text(screens))).scalars())
        pending = {row[0]: row[1] for row in await conn.execute(text(state))}
        addresses = (await conn.execute(text(beside))).scalar_one()
    await engine.dispose()
    return {"pending": pending, "addresses": addresses, "screens": counted}


async def _words_stand_in_the_pool_alone(scene: Scene) -> None:
    """Released words are in the pool, each once, and no second copy of any is in the file or its log."""
    whole = _files(scene)
    assert [whole.count(words(number).encode()) for number in TOGETHER] == [1] * len(TOGETHER)
    with closing(sqlite3.connect(scene.folder / "data" / "rehearsal.db")) as database:
        pool = {row[0] for row in database.execute("SELECT text FROM released_text")}
    assert pool == {words(number) for number in TOGETHER}


async def test_a_fault_in_a_handler_tells_its_place_and_no_word(engine: AsyncEngine, tmp_path: Path) -> None:
    printed = io.StringIO()
    handler = logging.StreamHandler(printed)
    handler.setFormatter(Lines(Redact([])))
    logging.getLogger("bot").addHandler(handler)
    writer = Writer(engine)
    writer.start()

    async def stumble(_conn: Connection, inbound: Inbound) -> Sequence[Outbound]:
        faults = {"value": ValueError, "key": KeyError, "unicode": RuntimeError}
        raise faults[inbound.id](f"cannot read {inbound.text!r} of {inbound.sender}") from ValueError(inbound.text)

    def speechless(inbound: Inbound) -> Outbound | None:
        raise TypeError(inbound.text)

    keys = Keys.open(tmp_path / "keys.json")
    try:
        for id, apology in (("value", lambda _: None), ("key", lambda _: None)):
            road = Road(writer, keys, stumble, apology, lambda _: "2020-01")
            await road.receive(Inbound(id, Address("web", ACCOUNT), OPENING, words(1)))
            assert road.failed == 1
        road = Road(writer, keys, stumble, speechless, lambda _: "2020-01")
        with pytest.raises(Unavailable):
            await road.receive(Inbound("unicode", Address("web", ACCOUNT), OPENING, words(1)))
    finally:
        logging.getLogger("bot").removeHandler(handler)
        await writer.close()
    lines = [json.loads(line) for line in printed.getvalue().splitlines()]
    assert len(lines) == 4
    assert all("test_g08_no_trace.py" in line["place"] for line in lines)
    assert sung(printed.getvalue().encode(), (WORDS, ACCOUNT)) == []
    async with engine.connect() as conn:
        assert sung(repr(await dump(conn, sealed=True)).encode(), (WORDS, ACCOUNT)) == []
