"""`langnghe` in a process of its own, forked from one that has imported everything: no second of imports a start.

What is forked has its own environment, folder, streams and exit code, and ends as any process does.
"""

import atexit
import importlib
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.shell import COMMANDS, main

ROOT = Path(__file__).parent.parent.parent


class Warm:
    """The process that is forked from, started with nothing of our own environment but the path."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.warm"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lock = threading.Lock()
        atexit.register(self.close)

    def run(
        self, *arguments: str, folder: Path, environment: Mapping[str, str], seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; raises `TimeoutExpired` where that does not come."""
        with self._lock, tempfile.TemporaryDirectory() as place:
            order = {"arguments": arguments, "folder": str(folder), "environment": {**environment}, "streams": place}
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            print(json.dumps(order), file=self._process.stdin, flush=True)
            if not select.select([self._process.stdout], [], [], seconds)[0]:
                raise subprocess.TimeoutExpired(["langnghe", *arguments], seconds)
            code = int(self._process.stdout.readline())
            out, err = ((Path(place) / name).read_text("utf-8") for name in ("out", "err"))
            return subprocess.CompletedProcess(["langnghe", *arguments], code, out, err)

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


@cache
def warm() -> Warm:
    """One for all tests of a worker."""
    return Warm()


def serve() -> bool:
    """Fork for each order that is read; tells whether this is a fork that has its order, not the end of all orders."""
    for line in sys.stdin:
        if not (pid := os.fork()):
            _take(json.loads(line))
            return True
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return False


def _take(order: dict[str, object]) -> None:
    """Become the process that is asked for."""
    arguments, environment, streams = order["arguments"], order["environment"], Path(str(order["streams"]))
    assert isinstance(arguments, list)
    assert isinstance(environment, dict)
    for number, file in enumerate((Path(os.devnull), streams / "out", streams / "err")):
        held = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(held, number)
        os.close(held)
    os.chdir(str(order["folder"]))
    os.environ.update(environment)
    sys.argv = ["langnghe", *arguments]


if __name__ == "__main__":
    for command in COMMANDS.values():
        importlib.import_module(command.partition(":")[0])
    if serve():
        main()
