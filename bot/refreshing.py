"""Keeps the screens on which officers watch a broadcast up to date, every few seconds, in one process at a time."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from bot.channel import Channel, Ground
from bot.lease import alone
from models import watches
from models.database import Connection
from models.messages import Inbound
from models.watches import Watch

NAME = "refreshing"
EVERY = 3.0
LASTS = timedelta(minutes=30)


def refreshing(ground: Ground) -> Channel:
    """The job, as what runs beside the channels."""

    async def run() -> None:
        await alone(ground, NAME, lambda: _refresh_all(ground))

    return Channel(NAME, [run])


async def _refresh_all(ground: Ground) -> None:
    while True:
        await asyncio.sleep(EVERY)
        at = ground.foundation.now()
        for watch in await ground.writer.write(partial(_fresh, at)):
            await ground.road.receive(asked(watch, at))


async def _fresh(at: datetime, conn: Connection) -> list[Watch]:
    found = await watches.listed(conn)
    if found:
        await watches.purge(conn, at - LASTS)
    return found


def asked(watch: Watch, at: datetime) -> Inbound:
    """What the house itself asks for: this screen, anew. Two processes ask once within a turn."""
    turn = int(at.timestamp() / EVERY)
    return Inbound(f"refresh:{watch.address.user}:{turn}", watch.address, at, refresh=watch.screen)
