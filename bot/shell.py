"""`langnghe`: the commands of the shell. An operator's mistake is one line on standard error and exit code 2."""

import gc
import importlib
import os
import resource
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from bot.settings import OperatorError

# A command's module is loaded when the command is called, so that none pays for the libraries of another.
COMMANDS: Mapping[str, str] = {
    "run": "bot.commands_run:run",
    "chat": "bot.commands_chat:chat",
    "check": "bot.commands_check:check",
    "simulate": "bot.commands_simulate:simulate",
    "units": "bot.commands_units:units",
    "officer": "bot.commands_officer:officer",
    "backup": "bot.commands_backup:backup",
    "restore": "bot.commands_backup:restore",
    "migrate": "bot.commands_run:migrate",
    "outbox": "bot.commands_outbox:outbox_group",
    "broadcast": "bot.commands_broadcast:broadcast_group",
    "audit": "bot.commands_audit:audit",
    "bench": "bot.commands_bench:bench",
}


class Shell(click.Group):
    """A group that knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        gc.disable()  # modules are no garbage: looking for some among them takes a seventh of the start
        command: click.Command = getattr(importlib.import_module(module), name)
        gc.freeze()
        gc.enable()
        return command


@click.command(cls=Shell)
def langnghe() -> None:
    """Lắng Nghe hears the members of a trade union, and nobody learns who said what."""


def main() -> None:
    """Run a command; operators' mistakes are one line and exit code 2."""
    _keep_private()
    try:
        langnghe.main(standalone_mode=False)
    except OperatorError as error:
        fail(str(error))
    except click.ClickException as error:
        fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the interpreter flushes it at exit


def _keep_private() -> None:
    """Let nobody else read a file that we make, nor the memory of a crash: it would hold keys and answers."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def fail(message: str) -> None:
    """Say what the operator can put right, and leave."""
    click.echo(f"langnghe: {message}", err=True)
    sys.exit(2)
