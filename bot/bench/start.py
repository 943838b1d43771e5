"""How soon the product answers after its start, and how much memory it holds while nobody talks to it."""

import statistics
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench.machine import environment, free_port, product, resident_mb, running, wait_ready

LIMIT_SECONDS = 1.5
LIMIT_MB = 120
IDLE_SECONDS = 5


def started(folder: Path, channels: Mapping[str, str], idle: float = 0) -> tuple[float, float]:
    """Start once on the folder's data; gives seconds until `/readyz` and MB after `idle` seconds without work."""
    port = free_port()
    env = environment(data_dir="data", as_of="2020-01-06", web_port=port, **channels)
    began = time.perf_counter()
    with running(product("run"), None, folder, env, spoken=False) as process:
        wait_ready(port, process, folder)
        seconds = time.perf_counter() - began
        time.sleep(idle)
        return seconds, resident_mb(process.pid)


def report(runs: int, home: Path) -> Iterator[str]:
    """Start on an empty folder, then `runs` times on what that left; yields lines to print.

    Telegram is measured out of reach: its library is loaded, and nobody answers.
    """
    out_of_reach = {"telegram_token": "1:bench", "telegram_base_url": f"http://127.0.0.1:{free_port()}/bot"}
    with TemporaryDirectory(dir=home, prefix="bench-") as place:
        folder = Path(place)
        yield f"first start, on an empty folder: {started(folder, {})[0]:.2f} s"
        for name, channels in (("web chat alone", {}), ("with Telegram", out_of_reach)):
            found = [started(folder, channels, IDLE_SECONDS) for _ in range(runs)]
            seconds, memory = (statistics.median(values) for values in zip(*found, strict=True))
            yield f"{name}, median of {runs}:"
            yield f"  start until /readyz: {seconds:.2f} s, {verdict(seconds, LIMIT_SECONDS)} s"
            yield f"  memory after {IDLE_SECONDS} idle seconds: {memory:.0f} MB, {verdict(memory, LIMIT_MB)} MB"


def verdict(value: float, limit: float) -> str:
    """How a value stands to its limit."""
    return f"{'within' if value <= limit else 'OVER'} the limit of {limit:g}"
