"""Mutants of what platforms bring, by the thousand, into a house at work: what it answers, and what it must not do."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench.machine import end, environment

ROOT = Path(__file__).parents[2]
FLOOD = ROOT / "tests/fuzz"
CHANNELS = ("telegram", "web", "zalo-bot", "zalo-oa")


def missing() -> str:
    """Why this cannot run here, in one line; "" when it can."""
    return "" if FLOOD.exists() else "the mutants are in a source checkout only: run this from one"


def report(channels: tuple[str, ...], updates: int, seed: int, home: Path) -> Iterator[str]:
    """Flood one house after the other; yields lines to print. Raises RuntimeError where a promise was broken."""
    broken = []
    for channel in channels:
        command = [sys.executable, "-m", "tests.fuzz", "--channel", channel, "--updates", str(updates)]
        with TemporaryDirectory(dir=home, prefix="bench-") as folder:
            env = environment(pythonpath=ROOT)
            command += ["--seed", str(seed)]
            with subprocess.Popen(command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE) as flood:
                try:
                    assert flood.stdout is not None
                    yield from (line.rstrip() for line in flood.stdout)
                finally:
                    end(flood)
        broken += [channel] * bool(flood.returncode)
    if broken:
        raise RuntimeError(f"promises were broken: {', '.join(broken)}")
