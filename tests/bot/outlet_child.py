"""A process that posts until it is killed: `python -m tests.bot.outlet_child DATABASE_URL TELEGRAM_BASE_URL FOLDER`."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.channel import Ground
from bot.channels.session import open_session
from bot.channels.telegram import Access, Telegram
from bot.channels.telegram_places import Places
from bot.foundation import Foundation
from bot.outlets.publisher import Publisher
from bot.outlets.steps import Door
from bot.receive import Road
from bot.settings import Settings
from bot.writer import Writer
from conversations import packs
from handlers.house import House
from locales import phrases
from models import leases
from models.database import open_engine
from models.keys import Keys
from models.outlets import TELEGRAM
from tests.bot.outlet_house import PACK, nobody


async def run(database: str, base_url: str, folder: str) -> None:
    """Post, as the one process of an embedded database."""
    engine = open_engine(database)
    house = House(packs.load(PACK), phrases.load(), Keys.open(Path(folder) / "keys.json"))
    writer = Writer(engine)
    writer.start()
    await writer.write(leases.drop_all)
    foundation = Foundation(Settings(_env_file=None), engine, house, lambda: datetime.now(UTC))
    road = Road(writer, house.keys, nobody, lambda _: None, lambda _: "2020-01")
    async with open_session() as session:
        telegram = Telegram(Access("1:fake", base_url), session, foundation.now)
        publisher = Publisher(Ground(foundation, writer, road, "child"), {TELEGRAM: Door(Places(telegram))})
        print("ready", flush=True)
        await publisher.run()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
