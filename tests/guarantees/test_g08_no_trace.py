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
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.foundation import lay
from bot.logs import Lines
from bot.outcomes import Unavailable
from bot.receive import Road
from bot.settings import Settings
from bot.writer import Writer
from models.database import Connection, open_engine
from models.joining import make_link
from models.keys import KeyLost, Keys
from models.messages import Address, Inbound, Outbound
from tests.guarantees.canaries import (
    ACCOUNT,
    CAPTION,
    CHOSEN,
    NAME,
    NUMBER,
    OTHER,
    PHONE,
    PLACE,
    SHOWN,
    SURNAME,
    TYPED,
    WORDS,
    pack,
    sung,
    words,
)
from tests.guarantees.dumps import dump
from tests.guarantees.visitor import Visitor
from tests.platforms.telegram import FakeTelegram, Phone
from tests.transcripts.stage import OPENING
from tests.walks.product import AS_OF, COMMAND, TOKEN, Product
from tests.walks.reading import read

TOGETHER, ALONE, HALFWAY = range(6), 6, 7  # six of one unit, one of another, and one who never sends
AFTER = "2020-01-09"  # when the period has closed, and pages that nobody came back to still wait for them
SEALED = {
    "pending": "SELECT period, sealed, 'pending:' || person_id || ':' || questionnaire FROM pending",
    "outbox": "SELECT period, sealed, channel || ':' || \"user\" FROM outbox",
}
PERSONAL = ("person", "address", "participation", "pending", "outbox", "seen", "audit")


@dataclass
class Scene:
    """A product with a Telegram beside it, and the tokens of two units."""

    folder: Path
    url: str
    product: Product
    telegram: FakeTelegram
    tokens: tuple[str, str]
    copies: list[Path] = field(default_factory=list)

    @property
    def keys(self) -> Keys:
        """The keys as they are now."""
        return Keys.open(self.folder / "data" / "rehearsal-keys.json")

    @property
    def address(self) -> str:
        """Where the product is reached."""
        return f"http://127.0.0.1:{self.product.port}"

    async def silent(self, canaries: Sequence[str]) -> None:
        """No canary stands in any file, in any table, or in what was printed."""
        for path in [*(self.folder / "data").iterdir(), *self.copies]:
            content = path.read_bytes() if path.is_file() else b""
            assert sung(content, canaries) == [], path.name
        assert sung(self.product.output.encode(), canaries) == []
        engine = open_engine(self.url)
        async with engine.connect() as conn:
            tables = await dump(conn, sealed=True)
        await engine.dispose()
        for name, rows in tables.items():
            assert sung(repr(rows).encode(), canaries) == [], name

    async def sealed(self, table: str, url: str = "") -> list[tuple[str, bytes, bytes]]:
        """Everything sealed in a table: the key's name, the bytes, and what they are bound to."""
        engine = open_engine(url or self.url)
        async with engine.connect() as conn:
            rows = (await conn.execute(text(SEALED[table]))).all()
        await engine.dispose()
        return [(period, bytes(sealed), bound.encode()) for period, sealed, bound in rows]


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    data = tmp_path / "data"
    if database_url.startswith("sqlite"):
        database_url = f"sqlite+aiosqlite:///{data}/rehearsal.db"
    campaign = str(pack(tmp_path))
    given = Settings(data_dir=data, as_of=AS_OF, database_url=database_url, campaign=campaign, _env_file=None)
    foundation = await lay(given)
    async with foundation.engine.begin() as conn:
        tree = await foundation.house.tree(conn, AS_OF)
        units = [unit.id for unit in tree.post_order() if unit.kind.startswith("cdcs")][:2]
        first, second = [await make_link(conn, unit, OPENING) for unit in units]
    await foundation.close()
    async with FakeTelegram(TOKEN) as telegram:
        product = Product(data, telegram.base_url, DATABASE_URL=database_url, CAMPAIGN=campaign)
        yield Scene(tmp_path, database_url, product, telegram, (first, second))
        await product.close()


@asynccontextmanager
async def answered(scene: Scene) -> AsyncIterator[list[Visitor]]:
    """Everybody has answered on the web; all but one have sent."""
    async with AsyncExitStack() as browsers:
        people = [await browsers.enter_async_context(Visitor(scene.address)) for _ in (*TOGETHER, ALONE, HALFWAY)]
        for number, visitor in enumerate(people):
            await visitor.say(start=scene.tokens[number == ALONE])
            await visitor.walk({"chọn gì": "1", "một số": str(NUMBER), "nói thêm": words(number)})
            if number != HALFWAY:
                await visitor.tap("send")
        yield people


async def shows_everything(scene: Scene) -> None:
    """Somebody with a name on Telegram sends all that one can send, in the midst of a question."""
    phone = Phone(scene.telegram, 4711)
    named = {"id": 4711, "is_bot": False, "first_name": NAME, "last_name": SURNAME, "username": ACCOUNT}
    place = {"id": 4711, "type": "private", "first_name": NAME, "last_name": SURNAME, "username": ACCOUNT}
    photo = [{"file_id": CAPTION, "file_unique_id": CAPTION, "width": 90, "height": 90}]
    contents: list[dict[str, object]] = [
        {"photo": photo, "caption": CAPTION},
        {"document": {"file_id": CAPTION, "file_unique_id": CAPTION, "file_name": f"{CAPTION}.pdf"}, "caption": WORDS},
        {"contact": {"phone_number": PHONE, "first_name": NAME}},
        {"location": {"latitude": PLACE, "longitude": PLACE}},
        {"text": words(99)},
        {"text": f"/{WORDS}"},
    ]
    await phone.start(scene.tokens[1])
    while "chọn gì" not in (await phone.next_screen(30)).text:
        seen = read(phone.screen)
        assert seen is not None
        step = next(tap for name, tap in seen.taps.items() if name == "yes" or name.startswith(("q:", "begin:")))
        phone.tap_data(step, seen.message)
    for content in contents:
        phone.send_content({**content, "from": named, "chat": place})
        await phone.next_screen(30)


async def back_up(scene: Scene) -> str:
    """Copy the embedded database while the house runs, as an operator does; gives the copy's URL."""
    copy = scene.folder / f"copy-{len(scene.copies)}.db"
    made = await asyncio.create_subprocess_exec(
        COMMAND, "backup", str(copy), env=scene.product.environment, cwd=scene.folder
    )
    assert await made.wait() == 0
    scene.copies.append(copy)
    return f"sqlite+aiosqlite:///{copy}"


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
    assert await _left(scene) == {"pending": {"pending": 1, "draft": 2}, "addresses": 0}
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
    """What is still sealed, by the state of its owner; and how many of the released people are still written to."""
    state = "SELECT coalesce(p.state, 'draft'), count(*) FROM pending s LEFT JOIN participation p"
    state += " ON p.person_id = s.person_id AND p.questionnaire = s.questionnaire GROUP BY 1"
    beside = 'SELECT count(*) FROM outbox o JOIN address a ON a.channel = o.channel AND a."user" = o."user"'
    beside += " JOIN participation p ON p.person_id = a.person_id WHERE p.state = 'released'"
    engine = open_engine(scene.url)
    async with engine.connect() as conn:
        pending = {row[0]: row[1] for row in await conn.execute(text(state))}
        addresses = (await conn.execute(text(beside))).scalar_one()
    await engine.dispose()
    return {"pending": pending, "addresses": addresses}


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
    handler.setFormatter(Lines())
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
