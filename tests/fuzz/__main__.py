"""`python -m tests.fuzz --channel telegram --updates 100000 --seed 1`: floods a house and prints what was found.

Exit code 1 where a promise was broken.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.flood import DOORS, Flood, Found, halves


def lines(channel: str, found: Found) -> Iterator[str]:
    """The figures of one flood."""
    updates = found.statuses.total()
    yield f"{channel}: {updates:,} updates in {found.seconds:.0f} s, {updates / found.seconds:.0f}/s"
    by_kind: dict[str, Counter[int]] = {}
    for (kind, status), number in sorted(found.statuses.items()):
        by_kind.setdefault(kind, Counter())[status] += number
    for kind, statuses in by_kind.items():
        yield f"  {kind:<7} " + ", ".join(f"{status or 'closed'}: {number:,}" for status, number in statuses.items())
    yield "  " + ", ".join(f"{name} {number:,}" for name, number in found.inbound.items())
    yield f"  {found.walked} sane people walked to the end; {found.kept:,} questionnaires were begun or sent"
    yield f"  the slowest request took {found.slowest:.2f} s"
    first, second = halves(found.memory)
    most = f"most in the first half {first:.0f}, in the second {second:.0f}"
    yield f"  memory at the start {found.memory[0]:.0f} MB, {most}"
    yield f"  open files at the start {found.open[0]}, at the end {found.open[-1]}"
    yield f"  {len(found.faults)} promises broken"
    yield from (f"    {fault}" for fault in found.faults)


def main() -> int:
    """Read the command line and flood."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channel", choices=sorted(DOORS), required=True)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with TemporaryDirectory(dir=Path.cwd(), prefix="fuzz-") as folder:
        found = asyncio.run(Flood(asked.channel, Path(folder), asked.updates, asked.seed).run())
    print("\n".join(lines(asked.channel, found)), flush=True)
    return bool(found.faults)


if __name__ == "__main__":
    sys.exit(main())
