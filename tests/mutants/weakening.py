"""A weakening: one change to the product that would break a promise, and the tests that have to see it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("bot", "handlers", "conversations", "models", "locales", "tests", "pyproject.toml", "README.md", "docs")
PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Weakening:
    """What is weakened, in plain words: in `file` the text `old`, found exactly once there, becomes `new`.

    `seen_by` are the tests that have to see it: names of modules in tests/guarantees/, or paths from the root; their
    runs on the embedded database, or `everywhere` those on PostgreSQL too.
    """

    name: str
    file: str
    old: str
    new: str
    seen_by: Sequence[str]
    everywhere: bool = False

    def fits(self) -> bool:
        """Whether the text to weaken still stands where it is said to."""
        return (ROOT / self.file).read_text().count(self.old) == 1

    def plant(self, copy: Path) -> None:
        """Change a copy of the product."""
        path = copy / self.file
        path.write_text(path.read_text().replace(self.old, self.new, 1))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the tests saw it (`red`), the first test that did, and seconds."""

    red: bool
    first: str
    seconds: float


def copied(to: Path) -> Path:
    """Copy what a test run needs."""
    to.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
        else:
            shutil.copy(source, to / name)
    return to


def judged(weakening: Weakening | None, copy: Path, tests: Sequence[str]) -> Verdict:
    """Run tests on a copy, weakened or (None) as it is, and put the copy right again."""
    kept = (copy / weakening.file).read_text() if weakening else ""
    if weakening:
        weakening.plant(copy)
    began = time.monotonic()
    chosen = () if weakening and weakening.everywhere else ("-k", "not postgres")
    options = ("-x", "-q", "-p", "no:cacheprovider", "--no-header", *chosen)
    command = [sys.executable, "-m", "pytest", *options, *map(place, tests)]
    here = {**os.environ, "PYTHONPATH": str(copy)}  # also for the processes that a test starts
    try:
        done = subprocess.run(
            command, cwd=copy, env=here, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    finally:
        if weakening:
            (copy / weakening.file).write_text(kept)
    lines = (line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR")))
    first = next(lines, "").partition(" - ")[0].partition(" ")[2].rpartition("/")[2]
    # 1 is pytest's code for tests that failed; anything else means that the weakening, or the call, was no good.
    return Verdict(done.returncode == 1, first or f"pytest ended with {done.returncode}", time.monotonic() - began)


def place(test: str) -> str:
    """The path of a test module."""
    return test if "/" in test else f"tests/guarantees/{test}.py"
