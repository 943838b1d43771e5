"""People who go on talking while a broadcast is sent: `python -m tests.crowd.talking --people 50 --hook-port 8080`.

Prints the port of its Bot API as a line of JSON, and begins when it reads a first line, with a bot to talk to. Each
further line is answered with figures of the time since they were last begun anew, which a line of {"fresh": 1} does.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.crowd.measures import cpu_seconds, percentile
from tests.crowd.people import Person
from tests.crowd.platform import Platform, Screen
from tests.crowd.wire import Line

FIRST = 1_000_000_000  # chats from here on are of subscribers, who are sent things and say nothing
THINK = (1.0, 3.0)  # seconds before each answer, by lot


@dataclass(slots=True)
class Copies:
    """What subscribers were sent: how many in each second since the first copy, and to whom, once or more often."""

    by_second: list[int] = field(default_factory=list)
    first: float = 0.0
    last: float = 0.0
    all: int = 0
    doubles: int = 0
    _had: bytearray = field(default_factory=bytearray)

    def note(self, subscriber: int) -> None:
        """Count one copy."""
        self.last = time.monotonic()
        self.first = self.first or self.last
        second = int(self.last - self.first)
        self.by_second += [0] * (second + 1 - len(self.by_second))
        self.by_second[second] += 1
        self.all += 1
        if subscriber >= len(self._had):
            self._had.extend(bytes(subscriber + 1 - len(self._had)))
        self.doubles += self._had[subscriber]
        self._had[subscriber] = 1

    def again(self) -> None:
        """Begin the seconds anew; who had a copy is not forgotten."""
        self.by_second, self.first, self.all = [], 0.0, 0


class Crowded(Platform):
    """A Bot API that counts what subscribers are sent."""

    def __init__(self) -> None:
        super().__init__()
        self.copies = Copies()

    def shown(self, asked: dict[str, Any]) -> Screen:
        """The message as it stands after the call."""
        screen = super().shown(asked)
        if (chat := screen["chat"]["id"]) >= FIRST:
            self.copies.note(chat - FIRST)
        return screen


@dataclass(slots=True)
class Talkers:
    """People on one bot; who has sent their answers is followed by somebody new."""

    platform: Crowded
    head: bytes
    latencies: list[float] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    cpu: float = 0.0

    async def talk(self, line: Line) -> None:
        """Let one after the other walk the questionnaire, for ever."""
        while True:
            person = Person(next(self.numbers), self.platform, line, self.head)
            think = random.Random(person.number)
            await person.arrive()
            while not person.sent:
                await asyncio.sleep(think.uniform(*THINK))
                update = person.chosen()
                began = time.perf_counter()
                await person.hear(update)
                self.latencies.append(time.perf_counter() - began)

    def figures(self) -> dict[str, Any]:
        """What was measured since the last fresh beginning."""
        latencies, copies = sorted(self.latencies), self.platform.copies
        told = {name: getattr(copies, name) for name in ("by_second", "first", "last", "all", "doubles")}
        times = {f"p{share}": percentile(latencies, share / 100) for share in (50, 95, 99, 100)}
        return {"steps": len(latencies), **times, **told, "crowd_cpu": cpu_seconds(os.getpid()) - self.cpu}

    def fresh(self) -> None:
        """Begin all figures anew."""
        self.latencies.clear()
        self.platform.copies.again()
        self.cpu = cpu_seconds(os.getpid())


async def crowd(args: argparse.Namespace) -> None:
    """Open the platform, then talk until the driver has no more questions."""
    platform = Crowded()
    print(json.dumps({"port": await platform.open(0)}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    head = f"POST /hook/telegram HTTP/1.1\r\nHost: 127.0.0.1:{args.hook_port}\r\nContent-Type: application/json\r\n"
    head += f"X-Telegram-Bot-Api-Secret-Token: {args.secret}\r\n"
    talkers = Talkers(platform, head.encode())
    async with asyncio.TaskGroup() as tasks:
        answering = tasks.create_task(answer(talkers))
        talking = [tasks.create_task(talkers.talk(await line(args.hook_port))) for _ in range(args.people)]
        await answering
        for each in talking:
            each.cancel()


async def line(port: int) -> Line:
    """One connection to the bot's webhook."""
    _, made = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
    return made


async def answer(talkers: Talkers) -> None:
    """Tell figures for each line that is read, until there is none."""
    while asked := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(talkers.figures()), flush=True)
        if json.loads(asked).get("fresh"):
            talkers.fresh()


def main() -> None:
    """Read the command line and gather the crowd."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hook-port", type=int, required=True)
    parser.add_argument("--secret", default="bench")
    parser.add_argument("--people", type=int, default=50)
    asyncio.run(crowd(parser.parse_args()))


if __name__ == "__main__":
    main()
