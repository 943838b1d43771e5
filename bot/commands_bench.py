"""`langnghe bench`: commands that print figures. None of them is a test; none touches the product's own data."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from bot.bench import badday as bad_days
from bot.bench import broadcast as broadcasts
from bot.bench import dialogue as walks
from bot.bench import fuzz as floods
from bot.bench import growth
from bot.bench import release as releases
from bot.bench import start as starts

HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    help="Folder on the disk to measure; what is written there is removed.",
)


@click.group()
def bench() -> None:
    """Measure this machine with this product."""
    if not sys.platform.startswith("linux"):
        raise click.ClickException("benchmarks read /proc and pin processes to cores: they run on Linux only")


@bench.command()
@click.option("--people", default=100, show_default=True, type=click.IntRange(1), help="How many walk at once.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="How many walk in each place.")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1), help="The median of these is reported.")
@HOME
def dialogue(people: int, rounds: int, runs: int, home: Path) -> None:
    """Let a crowd walk a questionnaire here and with an in-memory peer."""
    if wrong := walks.missing():
        raise click.ClickException(wrong)
    print_lines(lambda place: walks.compare(walks.Crowd(people, rounds), runs, place), home)


@bench.command()
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="The median of these is reported.")
@HOME
def start(runs: int, home: Path) -> None:
    """Measure the time until /readyz and the idle memory."""
    print_lines(lambda place: starts.report(runs, place), home)


@bench.command()
@click.option("--people", default=20_000, show_default=True, type=click.IntRange(1), help="How many answers wait.")
@click.option("--units", default=500, show_default=True, type=click.IntRange(3), help="Of how many units.")
@click.option("--seed", default=136, show_default=True, type=int, help="The same people and answers again.")
@HOME
def release(people: int, units: int, seed: int, home: Path) -> None:
    """See where a usual federation's answers appear, and release very many at once."""
    print_lines(partial(releases.coverage, seed), home)
    print_lines(partial(releases.report, releases.Load(people, units, seed)), home)


@bench.command()
@click.option("--channel", type=click.Choice(floods.CHANNELS), help="One channel instead of all.")
@click.option("--updates", default=100_000, show_default=True, type=click.IntRange(1), help="How many to each channel.")
@click.option("--seed", default=1, show_default=True, type=int, help="The same mutants again.")
@HOME
def fuzz(channel: str | None, updates: int, seed: int, home: Path) -> None:
    """Bring mutated updates to a house at work, and see that it holds."""
    if wrong := floods.missing():
        raise click.ClickException(wrong)
    channels = (channel,) if channel else floods.CHANNELS
    print_lines(partial(floods.report, channels, updates, seed), home)


@bench.command()
@click.option("--seconds", default=20, show_default=True, type=click.IntRange(1), help="How long each trouble lasts.")
@click.option("--retry-after", default=300, show_default=True, type=click.IntRange(1), help="What the 429 asks for.")
@HOME
def badday(seconds: int, retry_after: int, home: Path) -> None:
    """Measure answers on healthy channels while one platform is in trouble, and how soon that one is well again."""
    if wrong := bad_days.missing():
        raise click.ClickException(wrong)
    print_lines(lambda place: bad_days.report(seconds, retry_after, place), home)


@bench.command()
@click.option("--people", default=100_000, show_default=True, type=click.IntRange(1), help="How many subscribe.")
@click.option("--pace", default=30.0, show_default=True, type=click.FloatRange(1, 1000), help="Copies a second.")
@click.option("--seconds", default=300, show_default=True, type=click.IntRange(1), help="How many are measured.")
@click.option("--grow", is_flag=True, help="Instead, what one copy costs among 10,000 to 1,000,000 subscribers.")
@click.option("--database", default="", help="URL of an empty database to measure; what is written there stays.")
@HOME
def broadcast(home: Path, *, grow: bool, **load: Any) -> None:
    """Send a broadcast while 50 people talk."""
    if wrong := broadcasts.missing():
        raise click.ClickException(wrong)
    if grow and load["database"]:
        raise click.ClickException("--grow fills several houses: it measures the embedded database")
    print_lines(growth.report if grow else partial(broadcasts.report, broadcasts.Load(**load)), home)


def print_lines(measured: Callable[[Path], Iterator[str]], home: Path) -> None:
    """Print lines as they come; a failed measurement or a folder that cannot be written to is one line."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        for line in measured(home.resolve()):
            click.echo(line)
    except (RuntimeError, OSError) as failure:
        raise click.ClickException(str(failure)) from None
