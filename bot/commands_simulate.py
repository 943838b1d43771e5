"""`langnghe simulate`: fills a rehearsal with synthetic workers."""

import asyncio
import secrets

import click

from bot.foundation import Foundation, lay
from bot.logs import set_up
from bot.settings import REHEARSAL, OperatorError, Settings, read
from bot.simulate import Crowd, Simulation
from locales.formats import local_day


@click.command()
@click.option("--people", default=300, show_default=True, type=click.IntRange(1, 1_000_000), help="How many workers.")
@click.option("--units", default=20, show_default=True, type=click.IntRange(1), help="Of how many units.")
@click.option("--periods", default=3, show_default=True, type=click.IntRange(1, 12), help="Over how many periods.")
@click.option("--seed", type=int, help="Walk the same walks again, in a new database (default: others each time).")
@click.option("--database", help="URL of the rehearsal's database (default: the one of the settings).")
def simulate(people: int, units: int, periods: int, seed: int | None, database: str | None) -> None:
    """Let synthetic workers walk the real desk over several periods, in a rehearsal only."""
    settings = read(database_url=database)
    if settings.as_of is None:
        settings = read(database_url=database, as_of=REHEARSAL)
    set_up(settings.secrets)
    asyncio.run(_simulate(settings, Crowd(people, units, periods, secrets.randbits(32) if seed is None else seed)))


async def _simulate(settings: Settings, crowd: Crowd) -> None:
    foundation = await lay(settings)
    try:
        await _walk(foundation, crowd)
    finally:
        await foundation.close()


async def _walk(foundation: Foundation, crowd: Crowd) -> None:
    if not foundation.house.rehearsal:
        raise OperatorError("simulate: this is not a rehearsal's database")
    with click.progressbar(length=crowd.people, label="Workers") as bar:
        simulation = Simulation(foundation, crowd, bar.update, foundation.now())
        ended = await simulation.run()
    day = local_day(ended).isoformat()
    click.echo(f"{crowd.people} workers of {crowd.units} units, {simulation.steps} steps, {crowd.periods} periods.")
    click.echo(f"Look at it: langnghe run --as-of {day}")
