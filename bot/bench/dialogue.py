"""How fast people are answered: a crowd walks a questionnaire with this product, then with a peer held in memory."""

import json
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench.machine import Process, cores, environment, free_port, last_complaint, product, running, wait_ready

ROOT = Path(__file__).parents[2]
QUESTIONNAIRE = ROOT / "conversations/campaigns/kh136/questionnaires/doi-song.yaml"
PEER = ROOT / "tests/peers/aiogram_peer.py"
SECRET = "bench"
TOKEN = "1:bench"
REHEARSAL = "2020-01-06"


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people walk at once, and how many take the place of each one after the other."""

    people: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What one walk gave.

    Steps answered a second, seconds of the bot's processor per 1,000 steps, milliseconds until the next screen, and the
    share of its own core that the crowd needed: near 1, it was the crowd that was measured.
    """

    steps: int
    steps_per_second: float
    cpu_per_1000: float
    p50: float
    p95: float
    p99: float
    crowd_busy: float


@dataclass(frozen=True, slots=True)
class Bot:
    """A contender: its name and the command and environment that start it on a port, for a Bot API on another."""

    name: str
    start: Callable[[int, int], tuple[list[str], dict[str, str]]]


def ours(port: int, api: int) -> tuple[list[str], dict[str, str]]:
    """This product as an operator runs it: webhook, SQLite with every commit flushed to the disk."""
    return product("run"), environment(
        data_dir="data",
        as_of=REHEARSAL,
        web_port=port,
        public_url=f"http://127.0.0.1:{port}",
        telegram_token=TOKEN,
        telegram_base_url=f"http://127.0.0.1:{api}/bot",
        telegram_mode="webhook",
        telegram_webhook_secret=SECRET,
    )


def peer(port: int, api: int) -> tuple[list[str], dict[str, str]]:
    """The same questionnaire with aiogram, its state in memory."""
    command = [sys.executable, "-m", "tests.peers.aiogram_peer", "--port", str(port), "--token", TOKEN]
    command += ["--api", f"http://127.0.0.1:{api}", "--secret", SECRET, "--questionnaire", str(QUESTIONNAIRE)]
    return command, environment(pythonpath=ROOT)


BOTS = (Bot("Lắng Nghe, durable", ours), Bot("aiogram, in memory", peer))


def missing() -> str:
    """Why this benchmark cannot run here, in one line; "" when it can."""
    if not PEER.exists():
        return "the crowd and the peer are in a source checkout only: run this from one"
    if find_spec("aiogram") is None:
        return "the peer needs the development dependencies: run `make lint` once"
    return ""


def measure(bot: Bot, crowd: Crowd, home: Path) -> Figures:
    """Start a bot and a crowd, let everybody walk, end both. Data goes to a folder below `home`, removed afterwards."""
    crowd_core, bot_core = cores()
    with TemporaryDirectory(dir=home, prefix="bench-") as place, ExitStack() as running_things:
        folder, port = Path(place), free_port()
        command = [sys.executable, "-m", "tests.crowd", "--hook-port", str(port), "--secret", SECRET]
        command += ["--people", str(crowd.people), "--rounds", str(crowd.rounds)]
        people = running_things.enter_context(
            running(command, crowd_core, folder, environment(pythonpath=ROOT), spoken=True)
        )
        api = int(told(people, folder)["port"])
        command, env = bot.start(port, api)
        process = running_things.enter_context(running(command, bot_core, folder, env, spoken=False))
        wait_ready(port, process, folder)
        say(people, {"pid": process.pid})
        return figures(told(people, folder))


def say(process: Process, words: dict[str, int]) -> None:
    """Tell a process one line of JSON."""
    assert process.stdin is not None
    process.stdin.write(json.dumps(words) + "\n")
    process.stdin.flush()


def told(process: Process, folder: Path) -> dict[str, float]:
    """Read one line of JSON from a process. Raises RuntimeError with the last complaint when it ended instead."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"the crowd ended before its time: {last_complaint(folder)}")
    words: dict[str, float] = json.loads(line)
    return words


def figures(raw: dict[str, float]) -> Figures:
    """Turn what the crowd measured into what is printed."""
    return Figures(
        steps=int(raw["steps"]),
        steps_per_second=raw["steps"] / raw["seconds"],
        cpu_per_1000=1000 * raw["cpu_seconds"] / raw["steps"],
        p50=1000 * raw["p50"],
        p95=1000 * raw["p95"],
        p99=1000 * raw["p99"],
        crowd_busy=raw["crowd_cpu_seconds"] / raw["seconds"],
    )


def median(runs: list[Figures]) -> Figures:
    """The run whose speed is the middle one."""
    middle = statistics.median_low(run.steps_per_second for run in runs)
    return next(run for run in runs if run.steps_per_second == middle)


def compare(crowd: Crowd, runs: int, home: Path) -> Iterator[str]:
    """Measure the contenders in turns, so that a slow minute of the machine meets both; yields lines to print."""
    found: dict[str, list[Figures]] = {bot.name: [] for bot in BOTS}
    for run in range(runs):
        for bot in BOTS:
            got = measure(bot, crowd, home)
            found[bot.name].append(got)
            yield f"run {run + 1} of {runs}: {bot.name:<20} {got.steps_per_second:7.0f} steps/s"
    yield from table({name: median(all_runs) for name, all_runs in found.items()})


def table(middle: dict[str, Figures]) -> Iterator[str]:
    """The medians, and how the first stands to the second."""
    yield ""
    yield f"{'median':<20} steps/s  CPU s/1,000  p50 ms  p95 ms  p99 ms  crowd busy"
    for name, got in middle.items():
        speed = f"{got.steps_per_second:7.0f}  {got.cpu_per_1000:11.2f}"
        yield f"{name:<20} {speed}  {got.p50:6.0f}  {got.p95:6.0f}  {got.p99:6.0f}  {got.crowd_busy:10.0%}"
    first, second = middle.values()
    yield ""
    yield f"ratio {first.steps_per_second / second.steps_per_second:.2f} x the peer's steps/s"
