"""What one person of a broadcast costs, among few subscribers and among very many: it is to be the same."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench.broadcast import filled
from bot.bench.machine import peak_mb_of
from bot.bench.officers import Officers
from bot.bench.scene import Heard, Scene, opened
from bot.bench.subscribers import settings_of

SIZES = (10_000, 100_000, 1_000_000)
PLACES = (0.0, 0.5, 0.75)  # of the key space, where there are enough people for it
PACE = 5000.0  # more than one core can send: it is the work that is measured
COPIES = 20_000  # at each place
IDS = 2**62


def report(home: Path, sizes: Sequence[int] = SIZES) -> Iterator[str]:
    """Send as fast as it goes, in houses of different sizes and at different places of each; yields lines to print."""
    for people in sizes:
        with TemporaryDirectory(dir=home, prefix="bench-") as place:
            folder = Path(place)
            yield filled(folder, people)
            with opened(folder, PACE, talkers=0) as scene:
                yield from _places(scene, Officers(settings_of(folder)), people)


def _places(scene: Scene, officers: Officers, people: int) -> Iterator[str]:
    id = officers.hand_in()
    copies = min(COPIES, people)
    for share in PLACES if people > len(PLACES) * COPIES else PLACES[:1]:
        sent = scene.watch(lambda heard: heard.all >= copies, begin=partial(_begin, officers, id, share))
        officers.pause(id)
        memory = f"memory {peak_mb_of(scene.bot.pid):.0f} MB at most"
        yield f"  from {share:.0%} of them on: {_each(sent.heard, sent.cpu)}, {memory}"


def _begin(officers: Officers, id: int, share: float) -> None:
    if not share:
        officers.approve(id)
        return
    officers.move(id, round(share * IDS))
    officers.resume(id)


def _each(heard: Heard, cpu: float) -> str:
    rate = heard.rate(len(heard.by_second))
    return f"{heard.all:,} copies, {rate:,.0f}/s, {1e6 / rate:.0f} µs each and {1e6 * cpu / heard.all:.0f} µs of CPU"
