"""A house at work in this process, with its Telegram and its web page, for people who come by any of its ways."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import func, select, update

from bot.foundation import lay
from bot.run import Running, open_door
from bot.settings import Settings
from handlers.calendar import SENDER
from models import answers, joining
from models.database import Connection
from models.messages import Inbound
from models.people import person
from models.slips import Slip
from models.tables import metadata
from models.units import Tree
from tests.guarantees.canaries import pack
from tests.platforms.telegram import FakeTelegram

AS_OF = date(2020, 1, 6)
PERIOD, LATER = "2020-01", datetime.fromisoformat("2020-01-09T12:00:00+07:00")
PERSONAL = ("person", "address", "pending", "participation")


@asynccontextmanager
async def opened(database_url: str, folder: Path, server: FakeTelegram) -> AsyncIterator[Running]:
    """A house at work on a database, with a questionnaire of three questions and groups of five."""
    settings = Settings(
        _env_file=None,
        data_dir=folder / "data",
        database_url=database_url,
        campaign=str(pack(folder)),
        as_of=AS_OF,
        web_port=0,
        telegram_token=SecretStr(server.token),
        telegram_base_url=server.base_url,
    )
    running = Running(await lay(settings), open_door(settings))
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


async def workplace(running: Running, conn: Connection) -> str:
    """A unit at the bottom of the tree."""
    tree: Tree = await running.house.tree(conn, AS_OF)
    return next(unit.id for unit in tree.post_order() if unit.kind.startswith("cdcs"))


async def link(running: Running) -> str:
    """The token of its join link."""

    async def made(conn: Connection) -> str:
        return await joining.make_link(conn, await workplace(running, conn), running.foundation.now())

    return await running.writer.write(made)


async def crowd(running: Running, form: str) -> None:
    """Five people who joined long ago send what the only person who answered has sent, at the same unit."""

    async def write(conn: Connection) -> None:
        unit = await workplace(running, conn)
        (mine,) = (await conn.execute(select(person.c.id))).scalars()
        found = await answers.find(conn, running.house.keys, mine, form)
        assert found.record is not None
        common = {"language": "vi", "talk_name": "start", "talk_data": "{}", "revision": 0, "met_on": "2019-12-01"}
        for number in range(1, 6):
            await conn.execute(person.insert().values(id=number, joined_period="2019-12", **common))
            await answers.submit(conn, running.house.keys, PERIOD, unit, Slip(number, form, found.record))

    await running.writer.write(write)


async def close(running: Running, form: str) -> None:
    """Let the calendar close the period."""
    text = f"release:{form}:{PERIOD}"
    await running.road.receive(Inbound(text, SENDER, LATER, text=text))
    assert running.road.failed == 0


async def disagree(running: Running) -> None:
    """Let everybody have agreed to an older text."""
    await running.writer.write(lambda conn: conn.execute(update(person).values(consent_version="older")))


async def kept(running: Running) -> dict[str, int]:
    """How many rows stand in each table of people."""

    async def count(conn: Connection) -> dict[str, int]:
        tables = [metadata.tables[name] for name in PERSONAL]
        return {
            table.name: int((await conn.execute(select(func.count()).select_from(table))).scalar_one())
            for table in tables
        }

    return await running.writer.write(count)
