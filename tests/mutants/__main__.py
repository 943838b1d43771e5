"""`make mutants`: plants every weakening in a copy of the product and says which test saw it; exit 1 if one did not."""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from queue import Queue

from tests.mutants.list import WEAKENINGS
from tests.mutants.weakening import Verdict, Weakening, copied, judged

AT_ONCE = min(4, os.cpu_count() or 1)


def main(wanted: list[str]) -> int:
    """Try all weakenings, or those whose names or tests hold one of the words given."""
    chosen = [each for each in WEAKENINGS if not wanted or any(word in _said(each) for word in wanted)]
    if misfits := [each.name for each in chosen if not each.fits()]:
        print(f"what these weaken does not stand where they say: {'; '.join(misfits)}")
        return 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="langnghe-mutants-") as folder:
        unseen = _tried(chosen, [copied(Path(folder) / str(number)) for number in range(AT_ONCE)])
    if unseen is None:
        return 1
    minutes = (time.monotonic() - began) / 60
    print(f"{len(chosen)} weakenings, {len(chosen) - unseen} seen, {unseen} unseen, in {minutes:.0f} minutes")
    return 1 if unseen else 0


def _said(weakening: Weakening) -> str:
    return " ".join((weakening.name, *weakening.seen_by))


def _tried(chosen: Sequence[Weakening], copies: Sequence[Path]) -> int | None:
    """Print a line for each; give how many nobody saw, None if the tests are red even so."""
    free: Queue[Path] = Queue()
    for copy in copies:
        free.put(copy)

    def tried(weakening: Weakening | None, tests: Sequence[str]) -> Verdict:
        copy = free.get()
        try:
            return judged(weakening, copy, tests)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        tests = sorted({test for each in chosen for test in each.seen_by})
        alone = list(pool.map(tried, repeat(None), [[test] for test in tests]))
        if red := [verdict.first for verdict in alone if not verdict.green]:
            print(f"not green before anything is weakened: {'; '.join(red)}")
            return None
        print(f"{sum(verdict.seconds for verdict in alone):5.0f} s  nothing weakened, nothing red", flush=True)
        unseen = 0
        for each, verdict in zip(chosen, pool.map(tried, chosen, [each.seen_by for each in chosen]), strict=True):
            unseen += not verdict.red
            seen = "seen  " if verdict.red else "UNSEEN"
            print(f"{seen} {verdict.seconds:5.0f} s  {each.name}: {verdict.first}", flush=True)
    return unseen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
