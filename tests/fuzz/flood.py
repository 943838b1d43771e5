"""The flood: requests by lot through a running house, sane people among them, and what must be true all the while."""

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.bench.machine import resident_mb
from bot.foundation import PACKS
from conversations.packs import load
from tests.fuzz.doors import KINDS, SHARES, Door, Ground
from tests.fuzz.mutants import CANARY, CANARY_ASCII
from tests.fuzz.records import records, unsent
from tests.fuzz.telegram import TelegramDoor
from tests.fuzz.web import WebDoor
from tests.fuzz.wire import Line, Request
from tests.fuzz.zalo_bot import ZaloBotDoor
from tests.fuzz.zalo_oa import ZaloOADoor
from tests.platforms.zalo_bot import TOKEN as ZALO_TOKEN
from tests.platforms.zalo_oa import APP_SECRET, OA_SECRET
from tests.walks.product import SECRET, TOKEN, Product, links, settings
from tests.walks.walker import Walker

DOORS: dict[str, Callable[[Ground], Door]] = {
    "telegram": TelegramDoor,
    "web": WebDoor,
    "zalo-bot": ZaloBotDoor,
    "zalo-oa": ZaloOADoor,
}
AT_ONCE = 12
SLOW = 5.0  # seconds; a sane person or a request that waits longer is a stall
LANES = 3  # sane people at the same time
PULLED = ("web",)  # channels whose messages wait until they are fetched
MORE_FILES = 100  # connections in and out, of a flood that keeps them open
GROWTH = 1.10  # of memory from the first half to the second


@dataclass(slots=True)
class Found:
    """What a flood found. `faults` are broken promises, each a sentence."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest: float = 0.0
    seconds: float = 0.0
    memory: list[float] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    walked: int = 0
    kept: int = 0
    inbound: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Flood:
    """`updates` requests by `seed` through one door, into a house in `folder`; `lanes` sane people at once."""

    def __init__(self, channel: str, folder: Path, updates: int, seed: int, lanes: int = LANES) -> None:
        self.channel, self.updates, self.seed, self.lanes = channel, updates, seed, lanes
        self.given = settings(folder / "data")
        self.found = Found()
        self._drawn = 0
        self._people: list[tuple[Walker, str]] = []

    async def run(self) -> Found:
        """Let it come, and look at everything afterwards."""
        tokens = {token: unit for unit, token in (await links(self.given, 5)).items()}
        ground = Ground(self.given.data_dir, dict(load(PACKS / "kh136").questionnaires), tokens, self.seed)
        door = DOORS[self.channel](ground)
        product = Product(self.given.data_dir, "http://127.0.0.1:9/bot")
        try:
            product.environment |= await door.open(product.port)
            await product.start()
            await self._come(door, product, tokens)
            await self._look_back(door, product)
            await door.close()
            if (code := await product.stop()) != 0:
                self._fault(f"the house ended with code {code}")
        finally:
            await product.close()
        kept, wrong = await records(self.given, self.channel, self._people)
        self.found.kept, self.found.faults = kept, self.found.faults + wrong
        if self.channel not in PULLED and (left := await unsent(self.given, self.channel)):
            self._fault(f"{left} messages were left unsent")
        self.found.faults += list(told(product.output))
        return self.found

    async def _come(self, door: Door, product: Product, tokens: dict[str, str]) -> None:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            flood = [tasks.create_task(self._stream(door, Line(product.port))) for _ in range(AT_ONCE)]
            for lane in range(self.lanes):
                tasks.create_task(self._walk(door, lane, tokens, flood))
            tasks.create_task(self._weigh(product, flood))
        self.found.seconds = time.perf_counter() - began

    async def _stream(self, door: Door, line: Line) -> None:
        while self._drawn < self.updates:
            number, self._drawn = self._drawn, self._drawn + 1
            lots = random.Random(f"{self.seed} {number}")
            (kind,) = lots.choices(KINDS, SHARES)
            request = door.draw(kind, lots)
            began = time.perf_counter()
            try:
                status, body = await line.ask(request)
            except TimeoutError:
                status, body = -1, b""
                await line.close()
            self._note(door, number, request, status, time.perf_counter() - began)
            await door.heard(request, status, body)
        await line.close()

    def _note(self, door: Door, number: int, request: Request, status: int, seconds: float) -> None:
        self.found.statuses[request.kind, status] += 1
        self.found.slowest = max(self.found.slowest, seconds)
        if status not in door.answers[request.kind]:
            self._fault(f"update {number} ({request.kind}) was answered {status}: {request.body[:300]!r}")
        if seconds > SLOW:
            self._fault(f"update {number} ({request.kind}) waited {seconds:.1f} s")

    async def _walk(self, door: Door, lane: int, tokens: dict[str, str], flood: list[asyncio.Task[None]]) -> None:
        """One sane person after the other, as long as the flood lasts, each to the end."""
        number = lane
        while number == lane or not all(task.done() for task in flood):
            token = sorted(tokens)[number % len(tokens)]
            walker = door.walker(number, token)
            self._people.append((walker, tokens[token]))
            try:
                await walker.walk()
            except Exception as stuck:  # whatever it was, it is told and the others go on
                self._fault(f"sane person {number}: {type(stuck).__name__} {str(stuck)[:300]}")
            number += self.lanes
            self.found.walked += 1

    async def _weigh(self, product: Product, flood: list[asyncio.Task[None]]) -> None:
        pid = product.pid
        next_at = 0
        while not all(task.done() for task in flood):
            if self._drawn >= next_at:
                next_at += max(self.updates // 40, 1)
                self.found.memory.append(resident_mb(pid))
                self.found.open.append(product.open_files)
            await asyncio.sleep(0.05)

    async def _look_back(self, door: Door, product: Product) -> None:
        found = self.found
        figures = await _metrics(product.port)
        found.inbound = {name: int(figures.get(f'langnghe_inbound_total{{outcome="{name}"}}', 0)) for name in INBOUND}
        for name, value in figures.items():
            if "failed" in name and value:
                self._fault(f"{name} is {value:g}")
        first, second = halves(found.memory)
        if second > first * GROWTH:
            self._fault(f"memory grew from {first:.0f} MB in the first half to {second:.0f} MB in the second")
        if found.open[-1] > found.open[0] + MORE_FILES:
            self._fault(f"{found.open[-1]} files are open, and {found.open[0]} were at first")
        found.faults += door.faults()[:10]

    def _fault(self, sentence: str) -> None:
        if len(self.found.faults) < 30:
            self.found.faults.append(sentence)


KEYS = (SECRET, TOKEN, ZALO_TOKEN, APP_SECRET, OA_SECRET)
INBOUND = ("received", "repeated", "failed")


def halves(memory: list[float]) -> tuple[float, float]:
    """The most memory of the first half and of the second, the start left out."""
    middle = len(memory) // 2
    return max(memory[1:middle] or [0.0]), max(memory[middle:] or [0.0])


def told(printed: str) -> list[str]:
    """Faults in what the house printed: words of people, secrets, errors."""
    faults = []
    for word in (CANARY, CANARY_ASCII, json.dumps(CANARY)[1:-1], CANARY.encode().hex(), *KEYS):
        if word.casefold() in printed.casefold():
            line = next(line for line in printed.splitlines() if word.casefold() in line.casefold())
            faults.append(f"the log says {word}: {line[:300]}")
    bad = Counter(re.sub(r'"at": "[^"]*"', "", line) for line in printed.splitlines() if _bad(line))
    return faults + [f"{number} x in the log: {line[:400]}" for line, number in bad.most_common(8)]


def _bad(line: str) -> bool:
    return '"level": "error"' in line or '"level": "critical"' in line or "Traceback" in line or "Warning:" in line


async def _metrics(port: int) -> dict[str, float]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
