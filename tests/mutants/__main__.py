"""`make mutants`: plants every weakening in a copy of the product and says which test saw it; exit 1 if one did not."""

import sys
import tempfile
from pathlib import Path

from tests.mutants.list import WEAKENINGS
from tests.mutants.weakening import copied, judged


def main(wanted: list[str]) -> int:
    """Try all weakenings, or those whose names hold one of the words given."""
    chosen = [each for each in WEAKENINGS if not wanted or any(word in each.name for word in wanted)]
    unseen = 0
    with tempfile.TemporaryDirectory(prefix="langnghe-mutants-") as folder:
        copy = copied(Path(folder))
        sound = judged(None, copy, sorted({test for each in chosen for test in each.seen_by}))
        if sound.red or "pytest ended with 0" not in sound.first:
            print(f"the tests are not green before anything is weakened: {sound.first}")
            return 1
        for each in chosen:
            verdict = judged(each, copy, each.seen_by)
            unseen += not verdict.red
            print(
                f"{'seen  ' if verdict.red else 'UNSEEN'} {verdict.seconds:5.1f} s  {each.name}: {verdict.first}",
                flush=True,
            )
    print(f"{len(chosen)} weakenings, {len(chosen) - unseen} seen, {unseen} unseen")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
