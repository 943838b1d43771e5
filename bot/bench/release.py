"""How long the release of very many answers takes, what memory it needs, and for how long nobody else can write."""

import asyncio
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench import heard
from bot.bench.dialogue import ROOT
from bot.bench.federation import QUESTIONNAIRE, federation, open_house, plant, walked
from bot.bench.filling import fill, pending
from bot.bench.machine import environment
from bot.bench.releasing import Spent
from models.database import PRAGMAS
from models.keys import Keys
from models.slips import unseal

WALKED = 150
PAGE = 1000
BYTES_EACH = 5000  # of disk for one answer: the row, the log of its erasure, and a copy of both for the floor
LIMIT_SECONDS, LIMIT_MB = 60, 500


@dataclass(frozen=True, slots=True)
class Load:
    """How many answers are pending, of how many units, drawn from which seed."""

    people: int
    units: int
    seed: int


async def build(load: Load, folder: Path, database: str = "") -> None:
    """Fill a house in a folder with answers that are pending."""
    chance = random.Random(load.seed)
    records = await walked(WALKED, load.seed)
    foundation = await open_house(folder, database)
    made = federation(load.units, chance)
    async with foundation.engine.begin() as conn:
        ids = await plant(conn, made, folder)
    places = {ids[code]: weight for code, weight in made.weights.items()}
    await fill(foundation, pending(places, records, load.people, chance))
    await foundation.close()


def release(folder: Path, database: str = "") -> Spent:
    """Release what is pending in a folder, in a fresh process. Raises RuntimeError with its last complaint."""
    command = [sys.executable, "-m", "bot.bench.releasing", str(folder), *filter(None, [database])]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the release failed: {done.stderr.strip().splitlines()[-1]}")
    return Spent(**json.loads(done.stdout))


def floor(folder: Path) -> float:
    """Seconds to read, unseal and erase the same rows with the driver alone, and to empty the log: nothing is less."""
    keys = Keys.open(folder / "keys.json")
    base = sqlite3.connect(folder / "langnghe.db", isolation_level=None)
    for pragma in PRAGMAS:
        base.execute(f"PRAGMA {pragma}")
    began, last = time.perf_counter(), -1
    base.execute("BEGIN IMMEDIATE")
    page = "SELECT person_id, questionnaire, period, sealed FROM pending WHERE questionnaire = ? AND person_id > ?"
    while rows := base.execute(f"{page} ORDER BY person_id LIMIT {PAGE}", (QUESTIONNAIRE, last)).fetchall():
        last = rows[-1][0]
        for row in rows:
            unseal(keys, row)
    base.execute("DELETE FROM pending WHERE questionnaire = ?", (QUESTIONNAIRE,))
    base.execute("COMMIT")
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    return time.perf_counter() - began


def coverage(seed: int, home: Path) -> Iterator[str]:
    """Release the federation of example to its end; yields lines to print."""
    with TemporaryDirectory(dir=home, prefix="bench-") as place:
        found = asyncio.run(heard.heard(Path(place), seed))
    yield from heard.told(found)


def report(load: Load, home: Path) -> Iterator[str]:
    """Fill, release, and do the least on a copy; yields lines to print. Raises RuntimeError where the disk is short."""
    if shutil.disk_usage(home).free < load.people * BYTES_EACH:
        raise RuntimeError(f"{home}: {load.people} answers need {load.people * BYTES_EACH / 1e9:.1f} GB of free disk")
    with TemporaryDirectory(dir=home, prefix="bench-") as place:
        folder, copy = Path(place) / "house", Path(place) / "copy"
        began = time.perf_counter()
        asyncio.run(build(load, folder))
        size = (folder / "langnghe.db").stat().st_size / 2**20
        yield f"{load.people:,} answers pending of {load.units:,} units: filled in {time.perf_counter() - began:.0f} s"
        shutil.copytree(folder, copy)
        spent, least = release(folder), floor(copy)
    yield from told(load, spent, size, least)


def told(load: Load, spent: Spent, size: float, least: float) -> Iterator[str]:
    """The figures as lines; `size` is the database's in MB, `least` the seconds of the floor."""
    total = spent.release + spent.after
    within = "within" if total <= LIMIT_SECONDS and spent.peak_mb <= LIMIT_MB else "OVER"
    yield f"  release {spent.release:.1f} s, what follows {spent.after:.1f} s; {load.people / total:,.0f} answers/s"
    yield f"  the writer's lock held for at most {max(spent.locked):.2f} s at a stretch"
    yield f"  memory at most {spent.peak_mb:.0f} MB, of it {spent.idle_mb:.0f} MB before the release"
    yield f"  database {size:.0f} MB, log at its largest {spent.wal_mb:.0f} MB"
    yield f"  {total / least:.1f} x the floor of {least:.1f} s: the driver alone reads, unseals, erases the same rows"
    yield f"  {within} the limits of {LIMIT_SECONDS} s and {LIMIT_MB} MB, which are those for a million"
