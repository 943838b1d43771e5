"""`langnghe broadcast`: what is being sent to people and how far it is; pause, resume, cancel. Names nobody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import click

from bot.broadcasting.paces import paces
from bot.clock import Clock, clock_of
from bot.foundation import pack_folder, usable
from bot.settings import OperatorError, Settings, read
from handlers.content import PackFaults, read_pack
from handlers.house import House
from handlers.pausing import why
from handlers.progress import FAILED, SENT, SKIPPED, UNKNOWN, Progress, progress
from handlers.quiet import awake, quiet
from locales import phrases
from locales.formats import VIETNAM
from models import broadcasts
from models.audit import Act
from models.broadcasts import CANCELLED, FINISHED, PAUSED, RUNNING, UNENDED, Broadcast, Refused
from models.database import Connection, Engine, open_engine, open_reading
from models.keys import Keys
from models.migrate import is_current

EVERY = 1.0
LISTED = 30
ALL = (*UNENDED, FINISHED, CANCELLED)
Step = Callable[[Connection, int, Act], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Look:
    """An open database, the house it belongs to, and the clock."""

    engine: Engine
    house: House
    now: Clock

    async def at(self, id: int) -> Progress:
        """How far a broadcast is. Raises OperatorError for an unknown one."""
        async with self.engine.begin() as conn:
            return await progress(conn, self.house, await _found(conn, id), self.now())


@click.group("broadcast")
def broadcast_group() -> None:
    """What is sent to people. May be used while the house runs."""


@broadcast_group.command("list")
def list_() -> None:
    """The last broadcasts, the newest first."""
    asyncio.run(_list(read()))


@broadcast_group.command()
@click.argument("id", type=int)
@click.option("--follow", is_flag=True, help="Look every second, until it has ended.")
def status(id: int, *, follow: bool) -> None:
    """How far a broadcast is."""
    asyncio.run(_follow(read(), id) if follow else _status(read(), id))


@broadcast_group.command()
@click.argument("id", type=int)
def pause(id: int) -> None:
    """Stop sending; what is on its way still arrives."""
    asyncio.run(_step(read(), id, broadcasts.pause))
    click.echo(f"Broadcast {id} is paused.")


@broadcast_group.command()
@click.argument("id", type=int)
def resume(id: int) -> None:
    """Go on with a paused broadcast."""
    asyncio.run(_step(read(), id, broadcasts.resume))
    click.echo(f"Broadcast {id} goes on.")


@broadcast_group.command()
@click.argument("id", type=int)
def cancel(id: int) -> None:
    """End a broadcast for good; what was sent stays sent."""
    asyncio.run(_step(read(), id, broadcasts.cancel))
    click.echo(f"Broadcast {id} is cancelled.")


async def _list(settings: Settings) -> None:
    async with _opened(settings, open_reading) as look, look.engine.begin() as conn:
        found = await broadcasts.listed(conn, ALL, most=LISTED)
        for known in found:
            moment = known.started_at or known.due
            when = f"  {moment.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if moment else ""
            click.echo(f"{known.id:>6}  {known.status:<10} {known.plan.kind:<8}{when}")
        if not found:
            click.echo("There is no broadcast.")


async def _status(settings: Settings, id: int) -> None:
    async with _opened(settings, open_reading) as look:
        for line in lines(await look.at(id), look):
            click.echo(line)


async def _follow(settings: Settings, id: int) -> None:
    async with _opened(settings, open_reading) as look:
        found = await look.at(id)
        with click.progressbar(length=max(found.total, 1), label=f"Broadcast {id}", item_show_func=_short) as bar:
            while True:
                bar.length = max(found.total, 1)
                bar.update(found.done - bar.pos, found)
                if found.over:
                    break
                await asyncio.sleep(EVERY)
                found = await look.at(id)
        for line in lines(found, look):
            click.echo(line)


def _short(found: Progress | None) -> str | None:
    return f"{found.known.status}, {found.of(SENT)} sent" if found else None


async def _step(settings: Settings, id: int, step: Step) -> None:
    async with _opened(settings, open_engine) as look, look.engine.begin() as conn:
        known = await _found(conn, id)
        try:
            await step(conn, id, Act(look.now(), "shell"))
        except Refused:
            raise OperatorError(f"broadcast {id} is {known.status} and cannot be {DONE[step]}") from None


async def _found(conn: Connection, id: int) -> Broadcast:
    known = await broadcasts.find(conn, id)
    if known is None:
        raise OperatorError(f"there is no broadcast {id}: langnghe broadcast list")
    return known


DONE: dict[Step, str] = {
    broadcasts.pause: "paused",
    broadcasts.resume: "resumed",
    broadcasts.cancel: "cancelled",
}


def lines(found: Progress, look: Look) -> Iterator[str]:
    """Say how far a broadcast is."""
    known, at = found.known, look.now()
    because = f": {why(look.house, 'en', known.reason)}" if known.reason else ""
    yield f"Broadcast {known.id} ({known.plan.kind}) is {known.status}{because}"
    if known.started_at is None:
        return
    yield f"  {found.done} of {found.total} people, {found.share:.1%}"
    yield f"  sent {found.of(SENT)}, of these {found.became['placed']} where they are fetched"
    yield f"  failed {found.of(FAILED)}{_causes(found, FAILED)}, unknown {found.became[UNKNOWN]}"
    yield f"  skipped {found.of(SKIPPED)}{_causes(found, SKIPPED)}"
    yield f"  waiting {found.waiting.total()}, not yet looked at {found.ahead.total()}"
    yield from (f"    refused: {cause} ({n})" for cause, n in found.causes.most_common(5))
    if known.status in (RUNNING, PAUSED) and quiet(at, look.house.pack):
        until = awake(at, look.house.pack).astimezone(VIETNAM)
        yield f"  these are quiet hours: nothing is sent before {until:%d/%m %H:%M}"
    if found.over_at:
        yield f"  over at about {found.over_at.astimezone(VIETNAM):%d/%m %H:%M}"


def _causes(found: Progress, kinds: tuple[str, ...]) -> str:
    told = [f"{kind} {found.became[kind]}" for kind in kinds if found.became[kind]]
    return f" ({', '.join(told)})" if told else ""


@asynccontextmanager
async def _opened(settings: Settings, opening: Callable[[str], Engine]) -> AsyncIterator[Look]:
    """Open the database beside whoever uses it. Raises OperatorError where there is none of this version."""
    try:
        pack = read_pack(pack_folder(settings.campaign))
    except PackFaults as faults:
        raise OperatorError(f"CAMPAIGN: {faults}") from None
    house = House(pack, phrases.load(), Keys(settings.key_file), rehearsal=settings.as_of is not None)
    house.paces = paces(settings)
    house.mailing = list(house.paces)
    engine = opening(settings.database)
    try:
        with usable():
            async with engine.begin() as conn:
                if not await is_current(conn):
                    raise OperatorError("DATABASE_URL: this database is not of this version: langnghe migrate")
            yield Look(engine, house, clock_of(settings.as_of))
    finally:
        await engine.dispose()
