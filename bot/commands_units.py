"""`langnghe units`: import the unit tree from a file, and make join links. Refuses to use a file by halves."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.clock import Clock, clock_of
from bot.commands_poster import poster
from bot.foundation import make_folder, usable
from bot.settings import OperatorError, Settings, read
from handlers.rendering.qr import qr_png, qr_svg
from locales.formats import local_day
from models.audit import Act
from models.database import Connection, is_sqlite, open_engine
from models.joining import end_link, make_link
from models.migrate import upgrade
from models.unit_changes import Change
from models.unit_import import FaultyFile, apply, plan_file
from models.unit_plan import Plan
from models.units import load_tree

SHOWN = 40
BIG = 2000  # records from which on a progress bar is worth its line

SENTENCES = {
    "established": "established: {name} [{code}]",
    "renamed": "renamed: {before} → {after} [{code}]",
    "moved": "moved: {name} [{code}] from {before} to {after}",
    "recoded": "recoded: {name}, {before} → {after}",
    "retyped": "retyped: {name} [{code}], {before} → {after}",
    "reopened": "reopened: {name} [{code}]",
    "ended": "ended: {name} [{code}]",
    "merged": "merged: {name} [{code}] into {after}",
}

DATABASE = click.option("--database", metavar="URL", help="Instead of DATABASE_URL.")
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def units() -> None:
    """The tree of union units."""


units.add_command(poster)


@units.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--apply", "applied", is_flag=True, help="Publish the changes; without it they are only listed.")
@click.option("--all", "every", is_flag=True, help=f"List every change, not only the first {SHOWN}.")
@DATABASE
def import_command(file: Path, *, applied: bool, every: bool, database: str | None) -> None:
    """List what FILE (CSV or XLSX) would change in the unit tree, and with --apply publish it.

    Columns: valid_from, valid_to, kind, code, name, short_name, parent, successor, and if wanted id (ties the rows of
    one unit together). Parent and successor are codes; dates are 2025-07-01 or 01/07/2025.
    """
    asyncio.run(import_units(_settings(database), file, applied=applied, shown=None if every else SHOWN))


async def import_units(settings: Settings, file: Path, *, applied: bool, shown: int | None = SHOWN) -> None:
    """Print the changes that a file makes and, if `applied`, publish them. Raises OperatorError naming file and row."""
    async with _opened(settings) as (conn, now):
        try:
            plan = await plan_file(conn, file)
        except FaultyFile as error:
            raise OperatorError("\n".join(_limited(error.lines, shown))) from None
        for line in listing(plan, shown):
            click.echo(line)
        if applied and len(plan):
            with click.progressbar(length=len(plan), label="Publishing", hidden=len(plan) < BIG) as bar:
                number = await apply(conn, plan, Act(now(), "shell"), bar.update)
            click.echo(f"Published as edition {number}.")
        elif len(plan):
            click.echo("Nothing was written. Publish with --apply.")


def listing(plan: Plan, shown: int | None) -> Iterator[str]:
    """Say what a plan changes, a line a change by day, then how much in all."""
    yield from _limited([sentence(change) for change in plan.changes], shown)
    yield f"{len(plan.changes)} changes; {plan.unchanged} units as they were."


def sentence(change: Change) -> str:
    """Say one change: "01/07/2025 merged: CĐCS xã Vân Hồ [04048] into Công đoàn xã Vân Hồ (row 28)"."""
    said = SENTENCES[change.kind].format(
        name=change.name, code=change.code, before=change.before or "–", after=change.after or "–"
    )
    under = f" under {change.after}" if change.kind == "established" and change.after else ""
    return f"{change.on:%d/%m/%Y} {said}{under} (row {change.row})"


def _limited(lines: Sequence[str], shown: int | None) -> list[str]:
    if shown is None or len(lines) <= shown:
        return list(lines)
    return [*lines[:shown], f"… and {len(lines) - shown} more (--all lists them)"]


@dataclass(frozen=True, slots=True)
class Drawings:
    """Where a link's QR code is to be drawn; None = not."""

    png: Path | None = None
    svg: Path | None = None


@units.command("link")
@click.argument("code")
@click.option("--png", type=FILE, help="Draw the web address as a QR code into this file.")
@click.option("--svg", type=FILE, help="The same for print.")
@click.option("--telegram", metavar="NAME", default="", help="The Telegram bot's name, for its own address.")
@click.option("--renew", is_flag=True, help="End the link of before, as when a poster fell into wrong hands.")
@DATABASE
def link_command(**asked: Any) -> None:
    """Print the addresses by which people join the unit with CODE; the same ones each time."""
    drawings = Drawings(asked.pop("png"), asked.pop("svg"))
    asyncio.run(print_link(_settings(asked.pop("database")), drawings, **asked))


async def print_link(settings: Settings, drawings: Drawings, *, code: str, telegram: str, renew: bool = False) -> None:
    """Print and draw a unit's addresses, making its link if it has none. Raises OperatorError."""
    async with _opened(settings) as (conn, now):
        unit = (await load_tree(conn, local_day(now()))).coded(code)
        if unit is None:
            raise OperatorError(f"{code!r} is the code of no unit today")
        token = await make_link(conn, unit.id, now())
        if renew:
            await end_link(conn, token, now())
            token = await make_link(conn, unit.id, now())
    click.echo(unit.name)
    click.echo(web := f"{settings.address}/join/{token}")
    if telegram:
        click.echo(f"https://t.me/{telegram.removeprefix('@')}?start={token}")
    for path, draw in ((drawings.png, qr_png), (drawings.svg, qr_svg)):
        if path:
            _save(path, draw(web))


def _save(path: Path, drawing: bytes) -> None:
    try:
        path.write_bytes(drawing)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written ({error.strerror})") from None


def _settings(database: str | None) -> Settings:
    return read(database_url=database)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[Connection, Clock]]:
    """One transaction on the database, brought to this version's schema. Raises OperatorError."""
    if is_sqlite(settings.database) and not settings.database_url:
        make_folder(settings.data_dir)
    engine = open_engine(settings.database)
    try:
        with usable():
            await upgrade(engine)
            async with engine.begin() as conn:
                yield conn, clock_of(settings.as_of)
    finally:
        await engine.dispose()
