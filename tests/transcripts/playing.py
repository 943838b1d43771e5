"""Plays a transcript through the real desk, engine, database and keys, and writes down what is answered."""

import re

from models.messages import Outbound
from tests.transcripts.deeds import VERBS, WITHOUT_BUTTONS
from tests.transcripts.directions import DIRECTIONS
from tests.transcripts.reading import Line
from tests.transcripts.stage import Deed, Stage
from tests.transcripts.writing import Writer


async def play(lines: list[Line], stage: Stage) -> str:
    """Play a whole transcript and write it anew with what was answered."""
    writer, written = Writer(), list[str]()
    for line in lines:
        if written and (written[-1].startswith(" ") or line.who):
            written.append("")
        written.append(line.text)
        try:
            outbounds = await (perform(stage, line) if line.who else direct(stage, line))
            stage.told[line.number] = outbounds
        except Exception as error:
            error.add_note("\n".join((*written[-40:], f"line {line.number}: {line.text}")))
            raise
        for outbound in outbounds:
            written += writer.reply(f"{line.who}@{line.channel}", outbound, stage.actor(line).address)
        if line.who and not outbounds:
            written.append("    (không trả lời)")
    return "\n".join(written) + "\n"


async def perform(stage: Stage, line: Line) -> list[Outbound]:
    """Do what a person does."""
    if line.typed is not None:
        return await stage.receive(line, text=line.typed.replace("<mã>", stage.code))
    return await _matching(VERBS if stage.buttons else WITHOUT_BUTTONS, stage, line, line.deed)


async def direct(stage: Stage, line: Line) -> list[Outbound]:
    """Follow a stage direction; a comment does nothing."""
    return await _matching(DIRECTIONS, stage, line, line.direction) if line.direction else []


async def _matching(acts: dict[str, Deed], stage: Stage, line: Line, words: str) -> list[Outbound]:
    for pattern, act in acts.items():
        if found := re.fullmatch(pattern, words):
            return await act(stage, line, *found.groups())
    raise ValueError(f"line {line.number}: nobody knows how to do {words!r}")
