"""`langnghe audit privacy`: looks whether a live database keeps what people were promised."""

import asyncio
import sys
import time
from collections.abc import Iterable
from random import SystemRandom

import click

from bot.clock import clock_of
from bot.foundation import pack_folder, usable
from bot.settings import OperatorError, Settings, read
from handlers.content import PackFaults, read_pack
from handlers.examination import Examined, examine, size
from handlers.house import House
from handlers.unproved import NAMES
from locales import phrases
from models import copies, kind, migrate
from models.database import Connection, is_sqlite, open_reading
from models.finding import Finding, Verdict
from models.keys import Keys


@click.group()
def audit() -> None:
    """Look into a database without changing it."""


@audit.command()
def privacy() -> None:
    """Say of each of the twenty guarantees whether it holds here, and by what that was seen. Exit code 1: one does not.

    The house may be at work meanwhile. Nothing that is printed tells of a person.
    """
    settings, began = read(), time.monotonic()
    found, answers = asyncio.run(_examine(settings))
    for line in lines(found.values()):
        click.echo(line)
    broken = sum(each.verdict is Verdict.BROKEN for each in found.values())
    said = f"{broken} BROKEN" if broken else "nothing is broken"
    click.echo(f"{answers}, examined in {time.monotonic() - began:.1f} s: {said}.")
    if broken:
        sys.exit(1)


def lines(found: Iterable[Finding]) -> Iterable[str]:
    """One line a guarantee, in columns."""
    width = max(map(len, NAMES))
    for each in found:
        name = NAMES[each.guarantee - 1]
        yield f"G{each.guarantee:<3}{name:<{width}}  {each.verdict:<11}  {each.evidence}"


async def _examine(settings: Settings) -> tuple[dict[int, Finding], str]:
    what = _examined(settings)
    engine = open_reading(settings.database)
    try:
        with usable():
            async with engine.connect() as conn, conn.begin():
                await _known(conn, settings)
            return await examine(engine, what), await size(engine)
    finally:
        await engine.dispose()


def _examined(settings: Settings) -> Examined:
    try:
        pack = read_pack(pack_folder(settings.campaign))
    except PackFaults as faults:
        raise OperatorError(f"CAMPAIGN: {faults}") from None
    house = House(pack, phrases.load(), Keys(settings.key_file), rehearsal=settings.as_of is not None)
    database = copies.database_file(settings.database) if is_sqlite(settings.database) else None
    return Examined(house, clock_of(settings.as_of)(), settings.key_file, database, SystemRandom())


async def _known(conn: Connection, settings: Settings) -> None:
    """Refuse what is not a database of this version, or not the one that the settings mean."""
    if not await migrate.is_current(conn):
        raise OperatorError("DATABASE_URL: the database is of another version: langnghe migrate")
    if await kind.is_rehearsal(conn) != (settings.as_of is not None):
        raise OperatorError("DATABASE_URL: the settings are for a rehearsal and the database is not, or the other way")
