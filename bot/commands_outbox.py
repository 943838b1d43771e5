"""`langnghe outbox`: what waits to be sent and what was given up, by channel. Shows no text and no address."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import click

from bot.clock import Clock, clock_of
from bot.foundation import usable
from bot.settings import OperatorError, Settings, read
from locales.formats import VIETNAM
from models import dead_letters, outbox, rests
from models.database import Connection, Engine, open_engine, open_reading
from models.dead_letters import Heap
from models.migrate import is_current
from models.outbox import Waiting
from models.rests import Rested

IDS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class State:
    """What waits, rests and was given up, by channel."""

    waiting: Mapping[str, Waiting]
    rests: Mapping[str, Rested]
    heaps: list[Heap]


@click.group("outbox", invoke_without_command=True)
@click.pass_context
def outbox_group(ctx: click.Context) -> None:
    """What waits to be sent and what was given up. May be used while the house runs."""
    if ctx.invoked_subcommand is None:
        asyncio.run(_print(read()))


@outbox_group.command()
@click.option("--channel", default="", help="Only those of this channel.")
@click.option("--id", "ids", type=int, multiple=True, help="Only this one; may be given several times.")
def retry(channel: str, ids: tuple[int, ...]) -> None:
    """Let what was given up be sent again: all of it, or what the options say. A running house takes it at once."""
    asyncio.run(_retry(read(), channel, ids))


async def _print(settings: Settings) -> None:
    async with _opened(settings, open_reading) as (conn, now):
        state = State(
            await outbox.state(conn, before=dead_letters.NEVER),
            await rests.known(conn),
            await dead_letters.heaps(conn),
        )
        for line in lines(state, now()):
            click.echo(line)


async def _retry(settings: Settings, channel: str, ids: tuple[int, ...]) -> None:
    async with _opened(settings, open_engine) as (conn, now):
        again = await dead_letters.raise_again(conn, now(), channel, ids)
        click.echo(f"{again} will be sent again.")


def lines(state: State, now: datetime) -> Iterator[str]:
    """Say a state, a line for each channel and each reason."""
    channels = sorted({*state.waiting, *state.rests, *(heap.channel for heap in state.heaps)})
    for channel in channels:
        yield f"{channel}: {_waiting(state.waiting.get(channel), now)}{_rest(state.rests.get(channel), now)}"
        yield from (_heap(heap) for heap in state.heaps if heap.channel == channel)
    if not channels:
        yield "Nothing waits to be sent, and nothing was given up."


def _waiting(waiting: Waiting | None, now: datetime) -> str:
    return f"{waiting.count} waiting, the oldest for {_long(now, waiting.oldest)}" if waiting else "nothing waiting"


def _rest(rested: Rested | None, now: datetime) -> str:
    if rested is None or rested.until < now:
        return ""
    return f"; nothing gets through since {_local(rested.since)}, asked again at {_local(rested.until)}"


def _heap(heap: Heap) -> str:
    days = heap.first if heap.first == heap.last else f"{heap.first} to {heap.last}"
    ids = ", ".join(map(str, heap.kept[:IDS_SHOWN])) + (", …" if len(heap.kept) > IDS_SHOWN else "")
    can = f"; {len(heap.kept)} can be retried: {ids}" if heap.kept else ""
    return f"  given up: {heap.count} ({heap.reason}), {days}{can}"


def _long(now: datetime, since: datetime) -> str:
    minutes = max(0, int((now - since).total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _local(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m %H:%M}"


@asynccontextmanager
async def _opened(settings: Settings, opening: Callable[[str], Engine]) -> AsyncIterator[tuple[Connection, Clock]]:
    """Open the database beside whoever uses it. Raises OperatorError where there is none of this version."""
    engine = opening(settings.database)
    try:
        with usable():
            async with engine.begin() as conn:
                if not await is_current(conn):
                    raise OperatorError("DATABASE_URL: this database is not of this version: langnghe migrate")
                yield conn, clock_of(settings.as_of)
    finally:
        await engine.dispose()
