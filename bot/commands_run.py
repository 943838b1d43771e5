"""`langnghe run` and `langnghe migrate`."""

import asyncio
import fcntl
import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from bot.foundation import Foundation, lay
from bot.logs import set_up
from bot.run import Running, open_door, stop_signs
from bot.settings import OperatorError, Settings, read
from handlers.invitations import invite_officer
from models.audit import Act
from models.database import is_sqlite
from models.units import has_units


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rehearse on this day, with a database of its own.")
def run(as_of: datetime | None) -> None:
    """Run the house: every channel that has its keys, and the web chat."""
    settings = read(as_of=as_of.date() if as_of else None)
    set_up(settings.secrets)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    door = open_door(settings)  # before anything is written: a port that is taken leaves no trace
    foundation = await lay(settings)
    with _the_only_one(settings):
        await _work(foundation, door)


@contextmanager
def _the_only_one(settings: Settings) -> Iterator[None]:
    """Hold an embedded database for this process: a second one would take the work of the first for left over."""
    if not is_sqlite(settings.database):
        yield
        return
    with settings.key_file.with_suffix(".run").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError(f"DATA_DIR: another langnghe runs on {settings.data_dir} already") from None
        yield


async def _work(foundation: Foundation, door: socket.socket) -> None:
    told = stop_signs()
    running = Running(foundation, door)
    try:
        await running.start()
    except BaseException:
        await running.stop()
        raise
    for line in await _welcome(running, foundation):
        click.echo(line)
    _set_aside_what_stays()
    await told.wait()
    await running.stop()


def _set_aside_what_stays() -> None:
    """Let no search for garbage go through what lives as long as the process: each held up answers for 0.15 s."""
    gc.freeze()


async def _welcome(running: Running, foundation: Foundation) -> list[str]:
    settings = foundation.settings
    address = settings.public_url.rstrip("/") or f"http://{settings.web_host}:{running.port}"
    lines = [f"Web chat: {address}/"]
    if not await running.writer.write(has_units):
        lines.append("No units yet: langnghe units import FILE --apply")
    if settings.as_of:
        token = await running.writer.write(
            lambda conn: invite_officer(conn, foundation.house, None, "officer", Act(foundation.now(), "shell"))
        )
        lines.insert(0, f"Rehearsal on {settings.as_of.isoformat()} (campaign {settings.campaign})")
        lines.append(f"Officer invitation, good once: {address}/join/{token}")
    return lines


@click.command()
@click.option("--erase-lost", is_flag=True, help="Erase pending answers whose key is gone for good.")
def migrate(*, erase_lost: bool) -> None:
    """Bring the database to the schema of this version, and stop."""
    settings = read()

    async def open_and_close() -> None:
        await (await lay(settings, erase_lost=erase_lost)).close()

    asyncio.run(open_and_close())
    click.echo("The database is up to date.")
