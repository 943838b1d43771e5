"""A house at work that people talk to, and that sends them a broadcast: started, and looked at every second."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.bench.dialogue import ROOT, SECRET, TOKEN
from bot.bench.machine import (
    Process,
    cores,
    cpu_seconds,
    environment,
    free_port,
    last_complaint,
    product,
    resident_mb,
    running,
    wait_ready,
)
from bot.bench.subscribers import settings_of
from bot.broadcasting.paces import SHARE
from bot.settings import Settings

CROWD = ROOT / "tests/crowd/talking.py"
STALLED = 30.0  # seconds without one copy more


@dataclass(frozen=True, slots=True)
class Heard:
    """What the crowd measured: answers with their times in seconds, and the copies that its Bot API took."""

    steps: int
    p50: float
    p95: float
    p99: float
    p100: float
    by_second: list[int]
    first: float
    last: float
    all: int
    doubles: int
    crowd_cpu: float

    def rate(self, seconds: int) -> float:
        """Copies a second over so many seconds, or until the last one where that was before."""
        if len(self.by_second) > seconds:
            return sum(self.by_second[:seconds]) / seconds
        return (self.all - 1) / (self.last - self.first) if self.all > 1 else 0.0


@dataclass(slots=True)
class Watched:
    """One stretch of time: what was heard in it, and of the house's process the share of a core and MB by second."""

    heard: Heard
    seconds: float
    cpu: float
    memory: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Scene:
    """The house's process and the crowd's."""

    bot: Process
    people: Process
    folder: Path

    def ask(self, fresh: bool = False) -> Heard:
        """Hear from the crowd; `fresh` lets its figures begin anew."""
        self.say({"fresh": int(fresh)})
        return Heard(**self.told())

    def watch(self, enough: Callable[[Heard], bool], begin: Callable[[], object] | None = None) -> Watched:
        """Look every second until it is enough. `begin` lets copies come: RuntimeError where there are none."""
        self.ask(fresh=True)
        began, cpu, memory = time.monotonic(), cpu_seconds(self.bot.pid), [resident_mb(self.bot.pid)]
        if begin:
            begin()
        while True:
            time.sleep(1.0 - (time.monotonic() - began) % 1.0)
            heard, at = self.ask(), time.monotonic()
            memory.append(resident_mb(self.bot.pid))
            if enough(heard):
                return Watched(heard, at - began, cpu_seconds(self.bot.pid) - cpu, memory)
            if begin and at - max(began, heard.last) > STALLED:
                raise RuntimeError(f"no copy came for {STALLED:.0f} seconds: {last_complaint(self.folder)}")

    def say(self, words: dict[str, int]) -> None:
        """Tell the crowd a line."""
        assert self.people.stdin is not None
        self.people.stdin.write(json.dumps(words) + "\n")
        self.people.stdin.flush()

    def told(self) -> dict[str, Any]:
        """Read a line of the crowd's."""
        assert self.people.stdout is not None
        line = self.people.stdout.readline()
        if not line:
            raise RuntimeError(f"the crowd ended before its time: {last_complaint(self.folder)}")
        words: dict[str, Any] = json.loads(line)
        return words


@contextmanager
def opened(folder: Path, pace: float, talkers: int, database: str = "") -> Iterator[Scene]:
    """Start the house in a folder as an operator does; its setting is such that broadcasts have `pace`."""
    crowd_core, bot_core = cores()
    port = free_port()
    with ExitStack() as started:
        command = [sys.executable, "-m", "tests.crowd.talking", "--hook-port", str(port), "--secret", SECRET]
        command += ["--people", str(talkers)]
        own = environment(pythonpath=ROOT)
        people = started.enter_context(running(command, crowd_core, folder, own, spoken=True))
        scene = Scene(people, people, folder)
        env = _environment(settings_of(folder, database), port, int(scene.told()["port"]), pace)
        scene.bot = started.enter_context(running(product("run"), bot_core, folder, env, spoken=False))
        wait_ready(port, scene.bot, folder)
        scene.say({})
        yield scene


def _environment(settings: Settings, port: int, api: int, pace: float) -> dict[str, str]:
    return environment(
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        campaign=settings.campaign,
        as_of=settings.as_of,
        web_port=port,
        public_url=f"http://127.0.0.1:{port}",
        telegram_token=TOKEN,
        telegram_base_url=f"http://127.0.0.1:{api}/bot",
        telegram_mode="webhook",
        telegram_webhook_secret=SECRET,
        telegram_pace=pace / SHARE,
    )
