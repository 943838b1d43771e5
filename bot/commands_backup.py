"""`langnghe backup` and `langnghe restore`, for the embedded database."""

from pathlib import Path

import click

from bot.settings import OperatorError, read
from models import copies

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@FILE
def backup(file: Path) -> None:
    """Copy the database to FILE while the house runs. The keys are not in it, and must not be kept beside it."""
    settings = read()
    try:
        copies.back_up(copies.database_file(settings.database), file)
    except copies.BadCopy as fault:
        raise OperatorError(f"backup: {fault}") from None
    click.echo(f"Copied to {file}. The keys ({settings.key_file}) are not in it.")


@click.command()
@FILE
def restore(file: Path) -> None:
    """Put the copy FILE where the database was; the house must be stopped and the old database moved away."""
    settings = read()
    try:
        copies.restore(file, copies.database_file(settings.database))
    except copies.BadCopy as fault:
        raise OperatorError(f"restore: {fault}") from None
    click.echo(f"Restored {file}. Answers that were pending can be read only if their keys still exist.")
