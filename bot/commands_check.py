"""`langnghe check`: says whether a campaign pack is sound, naming file, line and field of every fault."""

from pathlib import Path

import click

from bot.foundation import PACKS
from bot.settings import OperatorError
from handlers.content import check_pack


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=PACKS / "kh136")
def check(folder: Path) -> None:
    """Check a campaign pack (default: the one that ships)."""
    if faults := check_pack(folder):
        raise OperatorError("\n".join([f"{len(faults)} fault(s) in {folder}", *faults]))
    click.echo(f"{folder}: sound")
