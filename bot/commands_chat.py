"""`langnghe chat`: talk to the house on a terminal, with no account and no network."""

import asyncio
import sys
import uuid
from datetime import datetime

import click

from bot.channels.console import NAME, render
from bot.foundation import lay
from bot.front import front
from bot.logs import set_up
from bot.mailbox import Mailbox
from bot.settings import Settings, read
from models.messages import Address, Inbound


@click.command()
@click.option("--name", default="console", show_default=True, help="Which person of the terminal to be.")
def chat(name: str) -> None:
    """Talk to the house on this terminal. Ctrl-D ends."""
    settings = read()
    set_up([])
    asyncio.run(_chat(settings, Address(NAME, name)))


async def _chat(settings: Settings, me: Address) -> None:
    foundation = await lay(settings)
    begun = front(foundation)
    begun.writer.start()
    mailbox = Mailbox(begun.writer, foundation.house.keys, alone=True)
    said: str | None = "/start"
    while said is not None:
        await begun.road.receive(_inbound(said, me, foundation.now()))
        letters = await mailbox.waiting(me)
        for _, outbound in letters:
            click.echo(f"\n{render(outbound)}\n")
        await mailbox.settle(me, [id for id, _ in letters])
        said = await asyncio.to_thread(_typed)
    await begun.writer.close()
    await foundation.close()


def _inbound(said: str, me: Address, at: datetime) -> Inbound:
    start = said.removeprefix("/start").strip() if said.startswith("/start ") else ""
    return Inbound(id=uuid.uuid4().hex, sender=me, at=at, text="" if start else said, start=start)


def _typed() -> str | None:
    print("> ", end="", flush=True)
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
