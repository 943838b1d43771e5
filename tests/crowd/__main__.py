"""A crowd and its Bot API as one process: `python -m tests.crowd --people 100 --rounds 3 --hook-port 8080 --secret s`.

Prints its port as a line of JSON, waits for a line with the bot's process id, walks everybody, prints the figures.
"""

import argparse
import asyncio
import json
import os
import sys
import time

from tests.crowd.measures import cpu_seconds, percentile
from tests.crowd.people import Person
from tests.crowd.platform import Platform
from tests.crowd.wire import Line


async def crowd(args: argparse.Namespace) -> None:
    """Open the platform, bring everybody to the first question, then measure the walk."""
    platform = Platform()
    port = await platform.open(args.port)
    print(json.dumps({"port": port}), flush=True)
    told = json.loads(await asyncio.to_thread(sys.stdin.readline))
    head = f"POST /hook/telegram HTTP/1.1\r\nHost: 127.0.0.1:{args.hook_port}\r\nContent-Type: application/json\r\n"
    head += f"X-Telegram-Bot-Api-Secret-Token: {args.secret}\r\n"
    lines = [await line(args.hook_port) for _ in range(args.people)]
    rounds = [
        [Person(round * args.people + n + 1, platform, lines[n], head.encode()) for round in range(args.rounds)]
        for n in range(args.people)
    ]
    await asyncio.gather(*(arrive(chain) for chain in rounds))
    calls, used, own, began = platform.calls, cpu_seconds(told["pid"]), cpu_seconds(os.getpid()), time.perf_counter()
    await asyncio.gather(*(walk(chain) for chain in rounds))
    seconds = time.perf_counter() - began
    latencies = sorted(latency for chain in rounds for person in chain for latency in person.latencies)
    figures = {
        "steps": len(latencies),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds(told["pid"]) - used,
        "crowd_cpu_seconds": cpu_seconds(os.getpid()) - own,
        "calls": platform.calls - calls,
        **{f"p{share}": percentile(latencies, share / 100) for share in (50, 95, 99)},
    }
    print(json.dumps(figures), flush=True)


async def line(port: int) -> Line:
    """One connection to the bot's webhook."""
    _, made = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
    return made


async def arrive(chain: list[Person]) -> None:
    """Bring the people of one connection to their first question, one after the other."""
    for person in chain:
        await person.arrive()


async def walk(chain: list[Person]) -> None:
    """Let the people of one connection answer, one after the other."""
    for person in chain:
        await person.walk()


def main() -> None:
    """Read the command line and gather the crowd."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--hook-port", type=int, required=True)
    parser.add_argument("--secret", default="bench")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    asyncio.run(crowd(parser.parse_args()))


if __name__ == "__main__":
    main()
