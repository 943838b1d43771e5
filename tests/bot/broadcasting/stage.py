"""A small federation with subscribers on a made-up channel, an approved broadcast, and an engine that sends it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.broadcasting.engine import Engine
from bot.broadcasting.mail import Each, Mail
from bot.channel import Ground
from bot.foundation import Foundation
from bot.outcomes import Outcome, Sent
from bot.receive import Hand, Road
from bot.settings import Settings
from bot.settling import Counted
from bot.writer import Writer
from conversations.posts import Content, PostSource
from handlers.content import written
from handlers.house import House
from models import broadcasts, leases, people, postings, posts, received, recipients, subscriptions
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Broadcast, Plan
from models.database import Connection
from models.keys import Keys
from models.messages import Outbound
from models.postings import Tallied
from tests.models.world import build_tree
from tests.transcripts.house import PACKS, PHRASES

PACK = PACKS["kh136"]
NOON = datetime(2020, 1, 6, 5, tzinfo=UTC)  # in Vietnam
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
WIRE, SECOND = "wire", "second"
Does = Callable[[str], Outcome]


@dataclass
class Wire:
    """A platform that does as `does` says. `took` are the users that were sent something, each time; `now` when."""

    does: Does = lambda _user: Sent()
    took: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    slow: float = 0.0
    gate: asyncio.Event | None = None

    def ready(self, outbound: Outbound) -> Each:
        """Lay a message out for everybody."""

        async def each(user: str) -> Outcome:
            self.asked.append(user)
            self.times.append(asyncio.get_running_loop().time())
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(self.slow)
            outcome = self.does(user)
            if isinstance(outcome, Sent):
                self.took.append(user)
                self.texts.add(outbound.text)
            return outcome

        return each

    async def send(self, outbound: Outbound) -> Outcome:
        """Answer a person."""
        return await self.ready(outbound)(outbound.to.user)


@dataclass
class Stage:
    """Everything on one database; the test turns the clock `at`."""

    house: House
    engine: AsyncEngine
    writer: Writer
    folder: Path
    at: datetime = NOON

    async def join(
        self, ids: Iterable[int], unit: str | None = "a", *, channel: str = WIRE, lang: str = "vi", topic: str = "news"
    ) -> None:
        """Let people join, each with one address named after their id, and subscribe."""
        everybody = list(ids)
        common = {"talk_name": "start", "talk_data": "{}", "revision": 0, "met_on": "2019-12-01", "unit_id": unit}
        consent = {"consent_version": "1", "consented_at": SINCE, "joined_period": "2019-12"}
        async with self.engine.begin() as conn:
            await conn.execute(
                insert(people.person), [{"id": id, "language": lang, **common, **consent} for id in everybody]
            )
            if channel:
                at = [{"channel": channel, "user": f"u{id}", "person_id": id} for id in everybody]
                await conn.execute(insert(people.address), at)
            if topic:
                its = {"topic": topic, "since": SINCE}
                await conn.execute(insert(subscriptions.subscription), [{"person_id": id, **its} for id in everybody])

    async def approve(self, audience: Audience | None = None, **planned: object) -> int:
        """Write a post, let another approve its broadcast; it is due at once."""
        async with self.engine.begin() as conn:
            post_id = await posts.add(conn, written(CONTENT), Act(self.at, "1"))
            plan = replace(Plan(post_id, 1, audience or Audience("news")), **planned)  # type: ignore[arg-type]
            id = await broadcasts.draft(conn, plan, Act(self.at, "1"))
            await broadcasts.submit(conn, id, Act(self.at, "1"))
            known = await broadcasts.find(conn, id)
            assert known is not None
            await broadcasts.approve(conn, id, await broadcasts.seal(conn, known), Act(self.at, "2"))
        return id

    async def do(self, work: Callable[[Connection], Awaitable[object]]) -> None:
        """Do something in a transaction of its own."""
        async with self.engine.begin() as conn:
            await work(conn)

    async def known(self, id: int) -> Broadcast:
        """How a broadcast stands."""
        async with self.engine.begin() as conn:
            known = await broadcasts.find(conn, id)
        assert known is not None
        return known

    async def counts(self, id: int) -> Counter[str]:
        """What became of its copies, whatever the channel and the reason."""
        async with self.engine.begin() as conn:
            tallied = await postings.counts(conn, id)
        found: Counter[str] = Counter()
        for each, n in tallied.items():
            found[each.what] += n
        return found

    async def tallied(self, id: int) -> Counter[Tallied]:
        """What became of its copies."""
        async with self.engine.begin() as conn:
            return await postings.counts(conn, id)

    async def left(self, id: int) -> int:
        """How many copies wait or are being tried."""
        async with self.engine.begin() as conn:
            return (await recipients.left_of(conn, id)).total()

    async def had(self) -> set[tuple[int, int]]:
        """Who is known to have been sent what."""
        async with self.engine.begin() as conn:
            rows = await conn.execute(select(received.received.c.person_id, received.received.c.broadcast_id))
            return {(person, id) for person, id in rows}

    async def until(self, id: int, status: str, seconds: float = 10.0) -> None:
        """Wait until a broadcast has a status."""
        async with asyncio.timeout(seconds):
            while (await self.known(id)).status != status:  # noqa: ASYNC110 - a row rings no bell
                await asyncio.sleep(0.02)

    def ground(self, holder: str = "one") -> Ground:
        """A process on this database."""
        url = "sqlite+aiosqlite:///x" if self.engine.dialect.name == "sqlite" else "postgresql+psycopg://x"
        settings = Settings(database_url=url, data_dir=self.folder, _env_file=None)
        foundation = Foundation(settings, self.engine, self.house, lambda: self.at)
        road = Road(self.writer, self.house.keys, _nobody, lambda _: None, lambda _: "2020-01")
        return Ground(foundation, self.writer, road, holder)

    @asynccontextmanager
    async def sending(
        self,
        *wires: Wire,
        holder: str = "one",
        room: Callable[[Connection], Awaitable[int]] | None = None,
        counted: Counted | None = None,
        hands: dict[str, Hand] | None = None,
    ) -> AsyncIterator[Engine]:
        """Let an engine send over these wires ("wire", "second") while the test looks; a clean stop ends it."""
        ground = self.ground(holder)
        mails = []
        for name, wire in zip((WIRE, SECOND), wires, strict=False):
            mails.append(Mail(ground.delivery(name, wire), wire.ready, room))
            mails[-1].delivery.counted = counted
        ground.road.hands |= hands or {}
        engine = Engine(ground, mails)
        answers = [asyncio.create_task(mail.delivery.run()) for mail in mails]
        running = asyncio.create_task(engine.run())
        yield engine
        if running.done():
            running.result()
        await engine.hush()
        await engine.drain(5.0)
        await _ended(running, *answers)
        await engine.end()
        await self.writer.write(lambda conn: leases.leave_all(conn, holder))


async def _ended(*running: "asyncio.Task[None]") -> None:
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def _nobody(_conn: Connection, _inbound: object) -> Sequence[Outbound]:
    return ()


CONTENT = Content(
    title="Ngày hội đoàn viên",
    text={"vi": "Mời anh chị đến dự.", "en": "You are invited."},
    phase=PACK.phases[0].id,
    source=PostSource(issuer="Liên đoàn Lao động tỉnh", number="136/KH-LĐLĐ", date=date(2019, 11, 8)),
)


@asynccontextmanager
async def stage(engine: AsyncEngine, folder: Path, paces: dict[str, float] | None = None) -> AsyncIterator[Stage]:
    """Open it; the unit tree is p over d (over a and b) and e."""
    house = House(PACK, PHRASES, Keys.open(folder / "keys.json"))
    house.paces = paces or {WIRE: 400.0}
    house.mailing = list(house.paces)
    async with engine.begin() as conn:
        await build_tree(conn)
    writer = Writer(engine, 1 if engine.dialect.name == "sqlite" else 3)
    writer.start()
    yield Stage(house, engine, writer, folder)
    await writer.close()
