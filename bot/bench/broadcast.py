"""A broadcast to very many while people talk: how much of the pace is reached, and what that costs and whom."""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench.machine import size_mb
from bot.bench.officers import Officers
from bot.bench.scene import CROWD, Heard, Scene, Watched, opened
from bot.bench.start import verdict
from bot.bench.subscribers import fill, settings_of

BYTES_EACH = 3000  # of a subscriber's rows, while they are written twice
SETTLE = 3.0  # seconds after the last copy until the house has counted it
LIMIT_MB = 150
LIMIT_P99 = 300  # milliseconds
FAST = 100.0  # from this pace on, less of it has to be reached
SLOW_SHARE, FAST_SHARE = 0.99, 0.95


@dataclass(frozen=True, slots=True)
class Load:
    """How many subscribers, how many copies a second, and who talks meanwhile.

    Measured are the first `seconds`, after `control` seconds without a broadcast. `database` is the URL of an
    empty one, "" for the embedded one.
    """

    people: int
    pace: float
    seconds: int = 300
    talkers: int = 50
    control: int = 60
    database: str = ""


def missing() -> str:
    """Why this benchmark cannot run here, in one line; "" when it can."""
    return "" if CROWD.exists() else "the crowd is in a source checkout only: run this from one"


def report(load: Load, home: Path) -> Iterator[str]:
    """Fill a house, let people talk, then send to everybody meanwhile; yields lines to print."""
    with TemporaryDirectory(dir=home, prefix="bench-") as place:
        folder = Path(place)
        yield filled(folder, load.people, load.database)
        with opened(folder, load.pace, load.talkers, load.database) as scene:
            time.sleep(min(5.0, load.control / 2))  # until everybody has found the questionnaire
            until = time.monotonic() + load.control
            alone = scene.watch(lambda _heard: time.monotonic() >= until)
            yield f"{load.talkers} people talk, {answers(alone)}; {cpu(alone)}"
            officers = Officers(settings_of(folder, load.database))
            id = officers.hand_in()
            sent = scene.watch(lambda heard: _over(heard, load), begin=lambda: officers.approve(id))
            yield f"meanwhile {load.pace:g} copies/s, {answers(sent)}; {cpu(sent)}"
            yield from _copies(sent, load)
            yield _counted(scene, officers, id)


def filled(folder: Path, people: int, database: str = "") -> str:
    """Fill a house with subscribers; gives a line that tells so. Raises RuntimeError where the disk is short."""
    if shutil.disk_usage(folder).free < people * BYTES_EACH:
        raise RuntimeError(f"{folder}: {people} subscribers need {people * BYTES_EACH / 1e9:.1f} GB of free disk")
    began = time.monotonic()
    units = asyncio.run(fill(folder, people, database))
    size = "" if database else f"{size_mb(folder / 'data', '*.db*'):,.0f} MB, "
    return f"{people:,} subscribers of {units} units, {size}filled in {time.monotonic() - began:.0f} s"


def answers(watched: Watched) -> str:
    """How soon people were answered."""
    heard = watched.heard
    times = "  ".join(f"p{share} {1000 * getattr(heard, f'p{share}'):.0f}" for share in (50, 95, 99))
    return f"{heard.steps / watched.seconds:.1f} answers/s: {times} ms"


def cpu(watched: Watched) -> str:
    """What the house's process needed of its core, and the crowd of its own: near 100 %, that is what was measured."""
    crowd = watched.heard.crowd_cpu / watched.seconds
    return f"{watched.cpu / watched.seconds:.0%} of a core (the crowd {crowd:.0%} of its own)"


def _over(heard: Heard, load: Load) -> bool:
    return heard.all >= load.people or len(heard.by_second) > load.seconds


def _copies(watched: Watched, load: Load) -> Iterator[str]:
    heard, memory = watched.heard, watched.memory
    reached, wanted = heard.rate(load.seconds) / load.pace, FAST_SHARE if load.pace >= FAST else SLOW_SHARE
    said = f"{'within' if reached >= wanted else 'UNDER'} the wanted {wanted:.0%}"
    whole = heard.by_second[: load.seconds][:-1] if heard.all >= load.people else heard.by_second[: load.seconds]
    worst = min(whole, default=heard.all)
    yield f"{heard.rate(load.seconds):.1f} copies/s, {reached:.1%} of the pace, {said}; worst second {worst}"
    yield f"p99 of answers {1000 * heard.p99:.0f} ms, {verdict(1000 * heard.p99, LIMIT_P99)} ms"
    tenth = memory[len(memory) // 10]
    peak = f"{max(memory):.0f} MB at most, {verdict(max(memory), LIMIT_MB)} MB"
    yield f"memory {memory[0]:.0f} MB before, {tenth:.0f} after a tenth, {memory[-1]:.0f} at the end; {peak}"


def _counted(scene: Scene, officers: Officers, id: int) -> str:
    """What the house has counted, beside what its platform took, once both stand still."""
    time.sleep(SETTLE)
    officers.pause(id)
    time.sleep(SETTLE)
    heard, counted = scene.ask(), Counter({each.what: n for each, n in officers.counts(id).items()})
    said = ", ".join(f"{what} {n:,}" for what, n in sorted(counted.items()))
    agrees = "agrees" if counted["sent"] == heard.all else "DIFFERS"
    return f"{heard.all:,} copies taken, {heard.doubles} of them twice; the house's own count {agrees}: {said}"
