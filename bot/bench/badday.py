"""One channel on a bad day, and what it costs the others: people on each wait for answers meanwhile."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench.dialogue import ROOT
from bot.bench.machine import end, environment

PEOPLE = ROOT / "tests/badday"


def missing() -> str:
    """Why this cannot run here, in one line; "" when it can."""
    return "" if PEOPLE.exists() else "the people and the platforms are in a source checkout only: run this from one"


def report(seconds: int, retry_after: int, home: Path) -> Iterator[str]:
    """Let each trouble last for some seconds; yields lines to print. Raises RuntimeError where it breaks off."""
    command = [sys.executable, "-m", "tests.badday", "--seconds", str(seconds), "--retry-after", str(retry_after)]
    with TemporaryDirectory(dir=home, prefix="bench-") as folder:
        env = environment(pythonpath=ROOT)
        with subprocess.Popen(command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE) as people:
            try:
                assert people.stdout is not None
                yield from (line.rstrip() for line in people.stdout)
            finally:
                end(people)
        if people.returncode:
            raise RuntimeError("the bad days could not be lived through to the end")
