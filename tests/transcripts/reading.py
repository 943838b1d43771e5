"""Reads a transcript: what people say and do, stage directions, comments. Replies are indented and are not read.

    # a comment
    -- 2020-01-09                the day, from which the calendar runs
    mai> đồng ý                  what Mai types
    mai@console> 1               the same Mai on another channel
    mai bấm Đồng ý               what Mai taps, by its label on the last screen

All the verbs are in `deeds.VERBS`, all the directions in `directions.DIRECTIONS`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
INDENT = "    "
SPEECH = re.compile(r"(?P<who>\w+)(?:@(?P<channel>[\w-]+))?(?:>(?: (?P<typed>.*))?| (?P<deed>.+))")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not a reply. `who` is "" for comments and directions; `deed` is what is done, not typed."""

    number: int
    text: str
    who: str = ""
    channel: str = ""
    typed: str | None = None
    deed: str = ""

    @property
    def direction(self) -> str:
        """The words of a stage direction; "" for anything else."""
        return self.text.removeprefix("-- ") if self.text.startswith("-- ") else ""


def scripts() -> list[Path]:
    """All transcripts, by name."""
    return sorted(HERE.glob("*.txt"))


def read(source: str) -> list[Line]:
    """Read a transcript. Refuses (ValueError) a line that is nothing known."""
    numbered = enumerate(source.split("\n"), start=1)
    return [_line(number, text) for number, text in numbered if text.strip() and not text.startswith(INDENT)]


def _line(number: int, text: str) -> Line:
    if text.startswith(("#", "-- ")):
        return Line(number, text)
    found = SPEECH.fullmatch(text)
    if found is None:
        raise ValueError(f"line {number}: {text!r} is neither speech nor a direction")
    typed = found["typed"] if found["deed"] else found["typed"] or ""
    return Line(number, text, found["who"], found["channel"] or "", typed, found["deed"] or "")
