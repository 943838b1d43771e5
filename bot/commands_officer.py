"""`langnghe officer invite`."""

import asyncio

import click

from bot.foundation import lay
from bot.settings import OperatorError, Settings, read
from handlers.invitations import Refused, invite_officer
from models.audit import Act


@click.group()
def officer() -> None:
    """Roles of union officers."""


@officer.command()
@click.option("--unit", required=True, help="Code of the unit that the officer answers for.")
@click.option("--role", default="officer", show_default=True, help="What the person becomes; officers see results.")
def invite(unit: str, role: str) -> None:
    """Make a one-time invitation, good for 14 days, and print its address."""
    settings = read()
    token = asyncio.run(_invite(settings, unit, role))
    click.echo(f"{settings.address}/join/{token}")


async def _invite(settings: Settings, unit: str, role: str) -> str:
    foundation = await lay(settings)
    try:
        async with foundation.engine.begin() as conn:
            return await invite_officer(conn, foundation.house, unit, role, Act(foundation.now(), "shell"))
    except Refused as refused:
        raise OperatorError(str(refused)) from None
    finally:
        await foundation.close()
