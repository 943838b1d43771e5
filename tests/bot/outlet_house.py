"""Processes of a house that post to public places, on one database, beside one of each platform."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channel import Ground
from bot.channels.facebook import Page
from bot.channels.facebook_calls import Graph
from bot.channels.session import open_session
from bot.channels.telegram import Access, Telegram
from bot.channels.telegram_places import Places
from bot.channels.zalo_oa_calls import Calls
from bot.channels.zalo_oa_posts import Articles
from bot.foundation import Foundation
from bot.outlets.covers import Covers
from bot.outlets.own import OwnWeb
from bot.outlets.publisher import Publisher
from bot.outlets.steps import Door
from bot.receive import Road
from bot.settings import Settings
from bot.writer import Writer
from conversations import packs
from conversations.posts import Content
from handlers.house import House
from locales import phrases
from locales.formats import VIETNAM
from models import broadcasts, outlets, postings, posts
from models.audit import Act
from models.broadcasts import Plan
from models.database import Connection
from models.keys import Keys
from models.messages import Inbound, Outbound
from models.outlets import FACEBOOK, FEED, TELEGRAM, ZALO, Outlet
from models.postings import Posting
from models.posts import Written
from tests.platforms.clock import Clock
from tests.platforms.facebook import APP_ID, APP_SECRET, PAGE, FakeFacebook
from tests.platforms.telegram import FakeTelegram
from tests.platforms.telegram_places import POSTS, Place, opened
from tests.platforms.zalo_oa import FakeZaloOA

PACK = Path(__file__).parents[2] / "conversations" / "campaigns" / "kh136"
CHANNEL = "telegram:-1001"


async def nobody(_conn: object, _inbound: Inbound) -> list[Outbound]:
    """Answer nothing."""
    return []


class Purse:
    """Tokens of the Official Account."""

    def __init__(self, server: FakeZaloOA) -> None:
        self.token = server.oauth.explorer()[0]

    async def access(self, but_not: str = "") -> str:
        return self.token


class Given:
    """The page's token."""

    def __init__(self, token: str) -> None:
        self.token = token

    async def access(self, but_not: str = "") -> str:
        return self.token


class Town:
    """All there is: the platforms with one clock, and processes as they come and go."""

    def __init__(self, engine: AsyncEngine, folder: Path) -> None:
        self.engine = engine
        self.keys = Keys.open(folder / "keys.json")
        self.clock = Clock()
        self.telegram, self.zalo = FakeTelegram(clock=self.clock), FakeZaloOA(clock=self.clock)
        self.facebook = FakeFacebook(clock=self.clock)
        self.session, self.fresh = open_session(), open_session(fresh=True)
        self.writers: list[Writer] = []
        self.public_url = "https://langnghe.example.vn"
        self.to_hour(12)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def to_hour(self, hour: int, minute: int = 0) -> None:
        """Let it be that time of a day in Vietnam."""
        here = self.now().astimezone(VIETNAM)
        then = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        self.clock.skip(((then - here) % timedelta(days=1)).total_seconds())

    def process(self, writer: Writer | None = None) -> Publisher:
        """One more process."""
        writer = writer or Writer(self.engine)
        writer.start()
        self.writers.append(writer)
        house = House(packs.load(PACK), phrases.load(), self.keys, public_url=self.public_url)
        foundation = Foundation(Settings(_env_file=None), self.engine, house, self.now)
        road = Road(writer, self.keys, nobody, lambda _: None, lambda _: "2020-01")
        ground = Ground(foundation, writer, road, f"process {len(self.writers)}")
        return Publisher(ground, self._doors(writer))

    def _doors(self, writer: Writer) -> dict[str, Door]:
        telegram = Telegram(Access(self.telegram.token, self.telegram.base_url), self.session, self.now)
        graph = Graph(self.fresh, self.facebook.base_url, APP_ID, APP_SECRET)
        page = Page(graph, PAGE, Given(self.facebook.give()))
        calls = Calls(self.session, self.zalo.base_url, Purse(self.zalo))
        covers = Covers(writer, self.public_url, "Công đoàn")
        return {
            TELEGRAM: Door(Places(telegram)),
            FACEBOOK: Door(page, lambda: "Công đoàn tỉnh"),
            ZALO: Door(Articles(calls, "Công đoàn", covers, self.now), lambda: ""),
            FEED: Door(OwnWeb(), lambda: ""),
        }

    async def place(self, id: int = -1001, kind: str = "channel") -> Place:
        """A channel or group that an officer let us into."""
        place = opened(self.telegram.chats, id, kind)
        place.spot.rights = POSTS
        async with self.engine.begin() as conn:
            await outlets.keep(conn, Outlet(f"telegram:{id}", TELEGRAM, "Công đoàn", True, self.now()))
        return place

    async def broadcast(self, *places: str, text: str = "Nội dung.", **more: object) -> int:
        """A broadcast that has just begun; gives its id."""
        vi_en = {"vi": f"Tin {self.clock.now():.6f}", "en": "News"}
        source = {"issuer": "Ban Tuyên giáo", "date": date(2020, 1, 6)}
        given = {"title": vi_en, "text": {"vi": text}, "phase": "dot-1", "source": source, **more}
        content = Content.model_validate(given)
        async with self.engine.begin() as conn:
            written = Written(content.canonical(), content.digest, "dot-1", "", "")
            post = await posts.add(conn, written, Act(self.now(), "1"))
            id = await broadcasts.draft(conn, Plan(post, 1, None, tuple(places)), Act(self.now(), "1"))
            await broadcasts.submit(conn, id, Act(self.now(), "1"))
            known = await broadcasts.find(conn, id)
            assert known
            await broadcasts.approve(conn, id, await broadcasts.seal(conn, known), Act(self.now(), "2"))
            assert await broadcasts.start(conn, id, self.now())
            await postings.open_all(conn, id, places, self.now())
        return id

    async def go(self, publisher: Publisher, rounds: int = 12, seconds: float = 20.0) -> None:
        """Let a process look some times, with time in between."""
        for _ in range(rounds):
            await publisher.look()
            await publisher.settled()
            self.clock.skip(seconds)

    async def at(self, broadcast: int, place: str = CHANNEL) -> Posting:
        """Where a broadcast stands at an outlet."""
        async with self.engine.connect() as conn:
            return next(each for each in await postings.of(conn, broadcast) if each.outlet == place)

    async def state(self, broadcast: int, place: str = CHANNEL) -> tuple[str, str]:
        """Its state and the reason."""
        posting = await self.at(broadcast, place)
        return posting.state, posting.reason

    async def outlet(self, key: str = CHANNEL) -> Outlet:
        """An outlet as it is kept."""
        async with self.engine.connect() as conn:
            found = await outlets.find(conn, key)
        assert found
        return found

    async def decide(self, what: object, broadcast: int, place: str = CHANNEL) -> bool:
        """An officer decides (`postings.again`, `postings.settled_by_hand`)."""

        async def decided(conn: Connection) -> bool:
            return await what(conn, broadcast, place, Act(self.now(), "2"))  # type: ignore[operator,no-any-return]

        async with self.engine.begin() as conn:
            return await decided(conn)


@asynccontextmanager
async def town(engine: AsyncEngine, folder: Path) -> AsyncIterator[Town]:
    """Open all platforms."""
    here = Town(engine, folder)
    async with AsyncExitStack() as stack:
        for platform in (here.telegram, here.zalo, here.facebook, here.session, here.fresh):
            await stack.enter_async_context(platform)
        yield here
        for writer in here.writers:
            await writer.close()
    assert here.zalo.complaints == []
    assert here.facebook.complaints == []
