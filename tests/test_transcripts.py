"""Whole conversations, as people have them. `pytest tests/test_transcripts.py --update` writes the answers anew."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

import pytest

from bot.channels.in_words import in_words
from bot.channels.parts import utf16
from bot.channels.zalo_oa_screens import MAX_TEXT
from conversations.questions import Question
from conversations.screens import Choice, Said, Screen, Unclear
from conversations.typed import numbers, understand
from handlers.commands import COMMAND_WORDS
from handlers.posting import LANE
from handlers.talks import TALKS
from locales.vietnamese import fold
from models.messages import Address, Button, Outbound
from tests.transcripts.facts import facts
from tests.transcripts.house import PACKS, PHRASES, plant, settle
from tests.transcripts.limits import refused
from tests.transcripts.phones import faults
from tests.transcripts.playing import play
from tests.transcripts.reading import Line, read, scripts
from tests.transcripts.stage import Stage
from tests.transcripts.writing import CODE

SCRIPTS = {script.stem: script for script in scripts()}
SOURCES = {name: script.read_text(encoding="utf-8") for name, script in SCRIPTS.items()}
LINES = [line for source in SOURCES.values() for line in read(source)]
COMMANDS = [talk.name for talk in TALKS if talk.open]
KINDS = sorted(get_args(each.model_fields["kind"].annotation)[0] for each in get_args(get_args(Question)[0]))


# The tests of one transcript stand together (that is the scope), so that few workers play it more than once.
EACH = pytest.mark.parametrize("name", SCRIPTS, scope="module")
# Where typing comes to another screen than tapping does, and why.
UNLIKE = {
    ("dung-va-tiep-tuc", "mai bấm Trang chính"): "a tap on a screen that was left elsewhere is old; the word is obeyed",
    ("lich-khau-hieu", "minh bấm ‹ Trước"): "edited under the screen: a remark more",
    ("phat-tin", "minh bấm ‹ Trước"): "edited under the screen: a remark more",
    ("rut-lai-qua-muon", "mai bấm Rút lại và xóa: Góp ý các dự thảo văn kiện đại hội"): "released under the screen",
    ("sau-khi-tong-hop", "mai bấm Sửa câu 1"): "released under the screen: a remark more",
}


@dataclass(frozen=True, slots=True)
class Played:
    """A transcript as it reads now, or why it could not be played to its end."""

    text: str
    stage: Stage
    facts: list[object] = field(default_factory=list)
    error: Exception | None = None

    @property
    def shown(self) -> list[Outbound]:
        """All that came to a phone."""
        return self.stage.shown


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folders = {name: tmp_path_factory.mktemp(name) for name in PACKS}
    for name, folder in folders.items():
        asyncio.run(plant(folder, PACKS[name]))
    return folders


class Plays(Mapping[str, Played]):
    """Each transcript, played when it is first asked for."""

    def __init__(self, planted: dict[str, Path], folders: pytest.TempPathFactory, *, buttons: bool) -> None:
        self._planted, self._folders, self._buttons = planted, folders, buttons
        self._played: dict[str, Played] = {}

    def __getitem__(self, name: str) -> Played:
        if name not in self._played:
            folder = self._folders.mktemp(name)
            self._played[name] = asyncio.run(_play(SOURCES[name], self._planted, folder, buttons=self._buttons))
        return self._played[name]

    def __iter__(self) -> Iterator[str]:
        return iter(SOURCES)

    def __len__(self) -> int:
        return len(SOURCES)


@pytest.fixture(scope="module")
def played(planted: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Plays:
    return Plays(planted, tmp_path_factory, buttons=True)


@pytest.fixture(scope="module")
def typed(planted: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Plays:
    return Plays(planted, tmp_path_factory, buttons=False)


async def _play(source: str, planted: dict[str, Path], folder: Path, *, buttons: bool) -> Played:
    pack = "moi-loai" if source.startswith("# Khảo sát thử") else "kh136"
    engine, house = settle(planted[pack], folder, PACKS[pack])
    stage = Stage(engine, house, buttons=buttons)
    try:
        text = await play(read(source), stage)
        return Played(text, stage, await facts(stage))
    except Exception as error:  # told by the transcript's own test
        return Played("", stage, error=error)
    finally:
        await engine.dispose()


@EACH
def test_a_transcript_reads_as_it_did(name: str, played: Plays, request: pytest.FixtureRequest) -> None:
    if error := played[name].error:
        raise error
    if request.config.getoption("--update"):
        SCRIPTS[name].write_text(played[name].text, encoding="utf-8")
    assert played[name].text == SCRIPTS[name].read_text(encoding="utf-8")


@EACH
def test_without_buttons_the_same_people_come_to_the_same_screens_and_leave_the_same_facts(
    name: str, played: Plays, typed: Plays
) -> None:
    if error := typed[name].error:
        raise error
    for line in (line for line in read(SOURCES[name]) if line.who):
        tapped, said = (_faces(each[name].stage.told[line.number]) for each in (played, typed))
        # What is tapped twice is typed once, and nobody can tap an old screen.
        once = line.deed.startswith(("bấm hai lần", "bấm lại"))
        if (name, line.text) in UNLIKE:
            assert said != tapped, f"{line.text}: is alike after all"
        else:
            assert said == (tapped[: len(said)] if once else tapped), line.text
    assert typed[name].facts == played[name].facts


def _faces(outbounds: list[Outbound]) -> list[object]:
    return [_face(outbound) for outbound in outbounds if outbound.text]


def _face(outbound: Outbound) -> object:
    """What a person sees of a message, with or without buttons."""
    rows = [[(button.label, button.number, button.chosen) for button in row] for row in outbound.buttons]
    text = CODE.sub("", outbound.text)
    return outbound.to, outbound.title, text, rows, outbound.picture, outbound.banner, outbound.forget


@EACH
def test_every_choice_of_every_screen_can_be_typed(name: str, played: Plays) -> None:
    astray = []
    # What is typed is understood by these alone.
    screens = {(each.choices, each.nav, each.typed, each.strict): each for each in played[name].stage.screens}
    for screen in screens.values():
        for choice, typing in _typings(screen):
            said = understand(screen, typing)
            # "dung" is "dừng" and "đúng": where both are possible it is asked, and never taken for the other.
            asked = typing.isascii() and isinstance(said, Unclear) and choice in said.near
            if not asked and said != Said(action=choice.action):
                astray.append((typing, choice.action, said))
    assert astray == []


def _typings(screen: Screen) -> Iterator[tuple[Choice, str]]:
    """What may be typed for each choice: its number and its label; for a way also its word, also without accents."""
    for choice, number in zip(screen.choices, numbers(screen.choices), strict=True):
        if number is not None:
            yield choice, str(number)
        yield choice, choice.label
        yield choice, choice.full or choice.label
    for way in (way for way in screen.nav if not way.url):
        for typing in (way.label, fold(way.label), *way.aliases):
            yield way, typing


@EACH
def test_every_screen_fits_a_phone_and_has_a_way_out(name: str, played: Plays) -> None:
    record = PHRASES.say("vi", "mydata.title")
    screens = [each for each in played[name].shown if each.lane != LANE]  # a post is none: one button ends it
    found = [(fault, each.text[:80]) for each in screens for fault in faults(each, each.title == record)]
    assert found == []


@EACH
def test_every_screen_without_buttons_is_one_message_of_zalo(name: str, played: Plays) -> None:
    # What is quoted whole, the person's own record and official words, goes on in a second message.
    quoted = ("mydata.title", "broadcast.preview.title", "broadcast.review.title")
    phases = (PHRASES.say("vi", "topics.title", number=n) for n in range(1, 9))
    whole = (*(PHRASES.say("vi", key) for key in quoted), *phases)
    shown = (each for each in played[name].shown if each.title not in whole)
    assert [each.text[:80] for each in shown if utf16(in_words(each)) > MAX_TEXT] == []


@EACH
def test_no_platform_refuses_a_message(name: str, played: Plays) -> None:
    found = [(fault, each.text[:80]) for each in played[name].shown for fault in refused(each)]
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
def test_every_command_has_a_button_that_is_pressed(command: str, played: Plays) -> None:
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


def test_every_kind_of_question_stands_in_a_transcript(played: Plays) -> None:
    shown = set[str]().union(*(each.stage.kinds for each in played.values()))
    assert [kind for kind in KINDS if kind not in shown] == []


def test_a_whole_questionnaire_is_answered_without_buttons() -> None:
    sent = [line for line in LINES if line.channel == "console" and fold(line.typed or "") == "gui"]
    assert sent
