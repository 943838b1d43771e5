"""A pack with the longest texts that the check allows makes no message that any platform would refuse."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from conversations.options import MOST_OPTIONS
from conversations.packs import Pack, check, load
from conversations.posts import TITLE
from conversations.text import HEADING, LISTED, LONGEST, SPEAKER
from handlers.commands import COMMAND_WORDS
from models.messages import Address, Button, Outbound, Picture
from tests.transcripts.house import CAMPAIGN, plant, settle
from tests.transcripts.limits import refused
from tests.transcripts.reading import Line
from tests.transcripts.stage import Stage

KH136 = Path(__file__).parents[1] / "conversations" / "campaigns" / "kh136"
LETTERS = ("🙂", "ộ", "<", "a &\n")  # two UTF-16 units; two bytes of UTF-8; four letters in HTML; room to cut
MOST = {"issuer": SPEAKER, **dict.fromkeys(("title", "short_title", "button", "short"), HEADING)}
MOST |= dict.fromkeys(("signer", "text", "intro", "hint", "error"), LONGEST)
STEPS = 300
TO_DO = ("yes", "begin:", "q:", "o:", "+", "done", "next", "send", "u:", "unit:", "keep", "skip")


@pytest.mark.parametrize("letters", LETTERS)
async def test_the_longest_pack_makes_no_message_that_a_platform_refuses(letters: str, tmp_path: Path) -> None:
    pack = _longest(tmp_path / "pack", letters)
    await plant(tmp_path, pack)
    (tmp_path / "house").mkdir()
    engine, house = settle(tmp_path, tmp_path / "house", pack)
    stage = Stage(engine, replace(house, pack=pack))
    try:
        shown = await _wandered(stage, letters)
    finally:
        await engine.dispose()
    assert len(shown) > STEPS / 2
    assert sorted({fault for outbound in shown for fault in refused(outbound)}) == []
    assert {"consent", "question", "review", "home"} <= set(map(_kind, shown))


@pytest.mark.parametrize(("field", "most"), [("title", HEADING), ("intro", LONGEST)])
def test_what_is_longer_is_refused_with_a_clear_sentence(field: str, most: int, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KH136, tmp_path / "pack"))
    path = folder / "questionnaires" / "du-thao.yaml"
    sheet = yaml.safe_load(path.read_text("utf-8"))
    sheet[field] = "x" * (most + 1)
    path.write_text(yaml.safe_dump(sheet, allow_unicode=True), "utf-8")
    (fault,) = check(folder)
    assert f"{field}" in fault
    assert f"at most {most} characters" in fault
    assert str(most + 1) in fault


@pytest.mark.parametrize("text", ["\u200b", "\u2060\ufeff", "a\0b", "a\x07b", "\ud83d"])
def test_what_no_platform_takes_is_refused(text: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KH136, tmp_path / "pack"))
    path = folder / "questionnaires" / "du-thao.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    told = "".join(f"\\u{ord(letter):04x}" for letter in text)
    at = next(number for number, line in enumerate(lines) if line.startswith("title:"))
    lines[at : at + 1] = [f'title: "{told}"\n']
    while lines[at + 1].startswith(" "):
        del lines[at + 1]
    path.write_text("".join(lines), "utf-8")
    assert check(folder)


def test_the_words_of_a_picture_are_cut_to_what_telegram_takes() -> None:
    png = (KH136.parents[2] / "bot" / "web_static").glob("*.png")
    picture = Picture(next((file.read_bytes() for file in png), _png()), "🙂" * LONGEST)
    assert list(refused(Outbound(Address("telegram", "1"), "x" * 5000, picture=picture))) == []


def test_what_a_platform_refuses_is_found() -> None:
    good = Outbound(Address("telegram", "1"), "Chào", buttons=((Button("Dừng", "1.stop"),),))
    bad = {
        "telegram": (
            replace(good, title="x" * 4097),
            replace(good, text="\u200b", buttons=()),
            replace(good, buttons=((Button("Dừng", "1." + "x" * 63),),)),
            replace(good, buttons=((Button(" ", "1.stop"),),)),
            replace(good, picture=Picture(_png(9000, 1001), "x")),
        ),
        "zalo-bot": (replace(good, text="\u200b", buttons=()),),
        "zalo-oa": (replace(good, text="\u200b", buttons=()), replace(good, buttons=((Button("", "1.stop"),),))),
        "web": (replace(good, text="x" * 262_144), replace(good, picture=Picture(_png() + b"x" * 800_000, "x"))),
    }
    assert list(refused(good)) == []
    for platform, outbounds in bad.items():
        for outbound in outbounds:
            assert [fault for fault in refused(outbound) if fault.startswith(f"{platform}: ")], (platform, outbound)


def _png(wide: int = 100, high: int = 100) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + wide.to_bytes(4, "big") + high.to_bytes(4, "big")


def _longest(folder: Path, letters: str) -> Pack:
    """The shipped pack with every text as long as may be, ids as long as may be, and many options."""
    shutil.copytree(KH136, folder)
    for path in folder.rglob("*.yaml"):
        sheet = yaml.safe_load(path.read_text("utf-8"))
        if "posts" in path.parts:
            sheet["title"] = {lang: _filled(letters, TITLE, f"{path.stem} ") for lang in ("vi", "en")}
        elif path.name != "slogans.yaml":
            _stretch(sheet, letters)
        if path.stem == "doi-song":
            sheet["questions"] += list(_more(letters))
        path.write_text(yaml.safe_dump(sheet, allow_unicode=True), "utf-8")
    assert check(folder) == []
    return load(folder).model_copy(update={"units_file": CAMPAIGN.units_file})


def _stretch(part: Any, letters: str) -> None:
    """Fill every text to its limit."""
    for key, value in list(part.items()) if isinstance(part, dict) else list(enumerate(part)):
        most = LISTED if key == "text" and "kind" not in part and "line" not in part else MOST.get(str(key), 0)
        if most and isinstance(value, str):
            part[key] = _filled(letters, most, f"{id(part)} ")
        elif most and isinstance(value, dict) and "vi" in value:
            part[key] = {lang: _filled(letters, most, f"{id(part)} ") for lang in ("vi", "en")}
        elif isinstance(value, dict | list):
            _stretch(value, letters)


def _filled(letters: str, most: int, sign: str) -> str:
    """So many characters, no two texts the same."""
    return (sign + letters * most)[: most - 1] + "."


def _more(letters: str) -> Iterator[dict[str, Any]]:
    options = [{"id": f"o{n:039}", "text": _filled(letters, LISTED, f"lựa chọn {n}")} for n in range(MOST_OPTIONS)]
    many = [{"id": f"m{n:039}", "text": f"{n} {letters.strip()}"} for n in range(MOST_OPTIONS)]
    statements = [{"id": f"n{n}", "text": _filled(letters, LISTED, f"ý {n}")} for n in range(2)]
    first, second, third, last = (_filled(letters, LONGEST, f"hỏi {n}") for n in range(4))
    yield {"kind": "choice", "id": "q" * 40, "text": first, "options": options, "decline": True}
    yield {"kind": "several", "id": "s" * 40, "text": second, "options": many}
    yield {"kind": "scale", "id": "t" * 40, "text": third, "from": 0, "to": 10, "statements": statements}
    yield {"kind": "words", "id": "w" * 40, "text": last}


async def _wandered(stage: Stage, letters: str) -> list[Outbound]:
    """Let somebody do whatever is offered, and type what is long."""
    lots, line = random.Random(1), Line(0, "", who="lan", channel="telegram")
    shown: list[Outbound] = []
    screen: list[Outbound] = await stage.receive(line, text="/start")
    for _ in range(STEPS):
        shown += [outbound for outbound in screen if outbound.text]
        taps = [button.tap for row in shown[-1].buttons for button in row if not button.url]
        ahead = [tap for tap in taps if tap.partition(".")[2].startswith(TO_DO)]
        lot = lots.random()
        if lot < 0.04:
            screen = await stage.receive(line, text=f"/{lots.choice(sorted(set(COMMAND_WORDS) - {'forget', 'stop'}))}")
        elif lot < 0.12 or not taps:
            screen = await stage.receive(line, text=(letters * 4000)[: lots.choice((1, 80, 4000))])
        else:
            screen = await stage.receive(line, tap=lots.choice(ahead if ahead and lot < 0.9 else taps))
    return shown


def _kind(outbound: Outbound) -> str:
    actions = {button.tap.partition(".")[2].partition(":")[0] for row in outbound.buttons for button in row}
    kinds = {"yes": "consent", "o": "question", "edit": "review", "q": "home"}
    return next((kind for action, kind in kinds.items() if action in actions), "")
