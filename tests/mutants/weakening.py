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
PATIENCE = 300  # seconds for one module of tests


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
    """Pytest's exit code, None where it came to no end; the first test that was red; and seconds."""

    code: int | None
    first: str
    seconds: float

    @property
    def red(self) -> bool:
        """Whether a test was red. Any other code than 1 means that the weakening, or the call, was no good."""
        return self.code == 1

    @property
    def green(self) -> bool:
        """Whether all were green, or not for this database."""
        return self.code in (0, 5)


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
    try:
        code, printed = _run(copy, tests, everywhere=bool(weakening and weakening.everywhere))
    finally:
        if weakening:
            (copy / weakening.file).write_text(kept)
    lines = (line for line in printed.splitlines() if line.startswith(("FAILED tests/", "ERROR tests/")))
    first = next(lines, "").partition(" - ")[0].partition(" ")[2].rpartition("/")[2]
    return Verdict(code, first or f"pytest ended with {code}", time.monotonic() - began)


def _run(copy: Path, tests: Sequence[str], *, everywhere: bool) -> tuple[int | None, str]:
    """Give pytest's exit code, None where it came to no end, and what it printed."""
    chosen = () if everywhere else ("-k", "not postgres")
    options = ("-x", "-q", "-p", "no:cacheprovider", "--no-header", *chosen)
    command = [sys.executable, "-m", "pytest", *options, *map(place, tests)]
    here = {**os.environ, "PYTHONPATH": str(copy)}  # also for the processes that a test starts
    seconds = PATIENCE * len(tests)
    try:
        done = subprocess.run(command, cwd=copy, env=here, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout


def place(test: str) -> str:
    """The path of a test module."""
    return test if "/" in test else f"tests/guarantees/{test}.py"
