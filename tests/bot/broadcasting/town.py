"""Many subscribers on the strict Telegram, and the product as a process of its own that sends them a broadcast."""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import yaml
from sqlalchemy import insert

from bot.clock import clock_of, wall
from bot.foundation import PACKS, lay
from bot.settings import Settings
from handlers.content import written
from locales.formats import VIETNAM
from models import broadcasts, people, postings, posts, recipients, subscriptions
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Broadcast, Plan
from models.database import Engine, open_engine
from models.units import load_tree
from tests.bot.broadcasting.stage import CONTENT
from tests.platforms.telegram import FakeTelegram
from tests.platforms.telegram_chats import Chat
from tests.walks.product import AS_OF, TOKEN, Product

FIRST = 100_000  # the first person's chat


def awake(folder: Path) -> Path:
    """A copy of the campaign whose quiet hours are not now, whatever the time."""
    pack = folder / "kh136"
    shutil.copytree(PACKS / "kh136", pack)
    told = yaml.safe_load((pack / "campaign.yaml").read_text("utf-8"))
    hour = wall().astimezone(VIETNAM).hour
    told["quiet"] = {"from": (hour + 12) % 24, "to": (hour + 13) % 24}
    (pack / "campaign.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    return pack


@dataclass
class Town:
    """The people, their chats, the product. `times` is when the platform took a message, on the loop's clock."""

    given: Settings
    platform: FakeTelegram
    product: Product
    chats: list[Chat]
    engine: Engine
    times: list[float] = field(default_factory=list)

    @property
    def shown(self) -> int:
        """How many messages stand on people's phones."""
        return len(self.times)

    async def approve(self) -> int:
        """Approve a broadcast to everybody; it is due at once."""
        at = clock_of(AS_OF)()
        async with self.engine.begin() as conn:
            post_id = await posts.add(conn, written(CONTENT), Act(at, "1"))
            id = await broadcasts.draft(conn, Plan(post_id, 1, Audience("news")), Act(at, "1"))
            await broadcasts.submit(conn, id, Act(at, "1"))
            known = await broadcasts.find(conn, id)
            assert known is not None
            await broadcasts.approve(conn, id, await broadcasts.seal(conn, known), Act(at, "2"))
        return id

    async def known(self, id: int) -> Broadcast:
        """How a broadcast stands."""
        async with self.engine.begin() as conn:
            known = await broadcasts.find(conn, id)
        assert known is not None
        return known

    async def until(self, id: int, status: str, seconds: float) -> None:
        """Wait until a broadcast has a status."""
        async with asyncio.timeout(seconds):
            while (await self.known(id)).status != status:  # noqa: ASYNC110 - a row rings no bell
                await asyncio.sleep(0.1)

    async def counts(self, id: int) -> Counter[str]:
        """What became of the copies."""
        found: Counter[str] = Counter()
        async with self.engine.begin() as conn:
            assert not await recipients.left_of(conn, id)
            for each, n in (await postings.counts(conn, id)).items():
                found[each.what] += n
        return found

    def fastest(self, seconds: float) -> int:
        """The most messages that the platform took in any so many seconds."""
        times, most, first = sorted(self.times), 0, 0
        for last, at in enumerate(times):
            while times[first] < at - seconds:
                first += 1
            most = max(most, last - first + 1)
        return most


@asynccontextmanager
async def town(folder: Path, count: int, pace: float, database: str = "") -> AsyncIterator[Town]:
    """Let people have joined and subscribed; the product is not yet started."""
    pack = awake(folder)
    given = Settings(data_dir=folder / "data", as_of=AS_OF, campaign=str(pack), database_url=database, _env_file=None)
    foundation = await lay(given)
    async with FakeTelegram(TOKEN) as platform:
        chats = [platform.chats.known(FIRST + number) for number in range(count)]
        engine = foundation.engine
        async with engine.begin() as conn:
            unit = next(iter((await load_tree(conn, AS_OF)).units)).id
            common: dict[str, object] = {
                "language": "vi",
                "unit_id": unit,
                "consent_version": "1",
                "joined_period": "2019-12",
            }
            common |= {"talk_name": "start", "talk_data": "{}", "revision": 0, "met_on": "2019-12-01"}
            since = clock_of(AS_OF)() - timedelta(hours=1)
            ids = [7 + 1_000_003 * number for number in range(count)]
            await conn.execute(insert(people.person), [{"id": id, "consented_at": since, **common} for id in ids])
            users = zip((str(chat.user) for chat in chats), ids, strict=True)
            where = [{"channel": "telegram", "user": user, "person_id": id} for user, id in users]
            await conn.execute(insert(people.address), where)
            topic = [{"topic": "news", "person_id": id, "since": since} for id in ids]
            await conn.execute(insert(subscriptions.subscription), topic)
        product = Product(
            folder / "data", platform.base_url, CAMPAIGN=str(pack), TELEGRAM_PACE=str(pace), DATABASE_URL=database
        )
        found = Town(given, platform, product, chats, open_engine(given.database))
        await foundation.close()
        for chat in chats:
            chat.started = True
            chat.watch = lambda _shown: found.times.append(time.monotonic())
        try:
            yield found
        finally:
            await product.close()
            await found.engine.dispose()
