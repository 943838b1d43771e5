"""Whole conversations, as people have them. `pytest tests/test_transcripts.py --update` writes the answers anew."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import pytest

from conversations.questions import Question
from handlers.commands import COMMAND_WORDS
from handlers.talks import TALKS
from locales.vietnamese import fold
from models.messages import Address, Button, Outbound
from tests.transcripts.house import PACKS, PHRASES, plant, settle
from tests.transcripts.phones import faults
from tests.transcripts.playing import play
from tests.transcripts.reading import Line, read, scripts
from tests.transcripts.stage import Stage

SCRIPTS = {script.stem: script for script in scripts()}
SOURCES = {name: script.read_text(encoding="utf-8") for name, script in SCRIPTS.items()}
LINES = [line for source in SOURCES.values() for line in read(source)]
COMMANDS = [talk.name for talk in TALKS if talk.open]
KINDS = sorted(get_args(each.model_fields["kind"].annotation)[0] for each in get_args(get_args(Question)[0]))


@dataclass(frozen=True, slots=True)
class Played:
    """A transcript as it reads now, or why it could not be played to its end."""

    text: str
    shown: list[Outbound]
    kinds: set[str]
    error: Exception | None = None


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    return asyncio.run(_play_all(tmp_path_factory))


async def _play_all(folders: pytest.TempPathFactory) -> dict[str, Played]:
    planted = {}
    for name, pack in PACKS.items():
        planted[name] = folders.mktemp(name)
        await plant(planted[name], pack)
    return {name: await _play(source, planted, folders.mktemp(name)) for name, source in SOURCES.items()}


async def _play(source: str, planted: dict[str, Path], folder: Path) -> Played:
    pack = "moi-loai" if source.startswith("# Khảo sát thử") else "kh136"
    engine, house = settle(planted[pack], folder, PACKS[pack])
    stage = Stage(engine, house)
    try:
        return Played(await play(read(source), stage), stage.shown, stage.kinds)
    except Exception as error:  # told by the transcript's own test
        return Played("", stage.shown, stage.kinds, error)
    finally:
        await engine.dispose()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_transcript_reads_as_it_did(name: str, played: dict[str, Played], request: pytest.FixtureRequest) -> None:
    if error := played[name].error:
        raise error
    if request.config.getoption("--update"):
        SCRIPTS[name].write_text(played[name].text, encoding="utf-8")
    assert played[name].text == SCRIPTS[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_screen_fits_a_phone_and_has_a_way_out(name: str, played: dict[str, Played]) -> None:
    record = PHRASES.say("vi", "mydata.title")
    found = [(fault, each.text[:80]) for each in played[name].shown for fault in faults(each, each.title == record)]
    assert found == []


def test_what_does_not_fit_a_phone_is_found() -> None:
    good = Outbound(Address("telegram", "1"), "Chào", buttons=((Button("Dừng", "1.stop"),),))
    wide = tuple(Button("Dừng", f"1.{n}") for n in range(4))
    bad = {
        "label": replace(good, buttons=((Button("x" * 65, "1.stop"),),)),
        "tap": replace(good, buttons=((Button("Dừng", "1." + "x" * 63),), *good.buttons)),
        "not ASCII": replace(good, buttons=((Button("Dừng", "1.dừng"),), *good.buttons)),
        "text": replace(good, text="🙂" * 2049),
        "way out": replace(good, buttons=((Button("Có", "1.o:co", 1),),)),
        "nothing": replace(good, text=" "),
    }
    assert list(faults(good)) == []
    assert [name for name, outbound in bad.items() if len(list(faults(outbound))) != 1] == []
    assert list(faults(replace(good, buttons=(wide, *good.buttons)))) == []  # Telegram's own rows break it


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_typed_as_a_command_and_as_a_word_with_and_without_accents(command: str) -> None:
    typed = {line.typed for line in LINES if line.typed is not None}
    words = PHRASES.say("vi", COMMAND_WORDS[command]).split("|")
    assert f"/{command}" in typed
    assert [word for word in words if word in typed] != []
    assert [word for word in words if fold(word) in typed] != []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_button_that_is_pressed(command: str, played: dict[str, Played]) -> None:
    buttons = {
        button.label
        for each in played.values()
        for outbound in each.shown
        for row in outbound.buttons
        for button in row
        if button.tap.partition(".")[2] == f"go:{command}"
    }
    assert buttons & set(_pressed(LINES))


def _pressed(lines: list[Line]) -> Iterator[str]:
    return (line.deed.removeprefix("bấm ") for line in lines if line.deed.startswith("bấm "))


def test_every_kind_of_question_stands_in_a_transcript(played: dict[str, Played]) -> None:
    shown = set[str]().union(*(each.kinds for each in played.values()))
    assert [kind for kind in KINDS if kind not in shown] == []


def test_a_whole_questionnaire_is_answered_without_buttons() -> None:
    sent = [line for line in LINES if line.channel == "console" and fold(line.typed or "") == "gui"]
    assert sent
