"""Examines where the keys are (G8): in their one file, and in no other beside it."""

import json
from pathlib import Path

from models.finding import Finding, counted, judged

SMALL = 2**20  # bytes; no copy of a key file is larger


def copied(key_file: Path) -> list[Finding]:
    """Look for a key in the other files of the key file's folder."""
    try:
        kept = json.loads(key_file.read_bytes())["keys"].values()
    except (OSError, ValueError, KeyError, AttributeError):
        return []  # whoever uses the keys says what is wrong with their file
    needles = [str(key).encode() for key in kept]
    others = [file for file in key_file.parent.iterdir() if file.is_file() and file != key_file]
    small = [file for file in others if file.stat().st_size <= SMALL]
    held = sum(any(needle in file.read_bytes() for needle in needles) for file in small)
    return [
        judged(
            8,
            [counted(held, "file(s) beside the key file hold a copy of a key")],
            "no copy of a key lies beside its file",
        )
    ]
