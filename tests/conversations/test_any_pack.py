"""Whatever is done to the shipped pack, reading it gives a pack or a list of faults, and nothing else."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.faults import Faults
from conversations.packs import Pack, load

KH136 = Path(__file__).parents[2] / "conversations" / "campaigns" / "kh136"
# Without posts: they are so many that each example would take ten times as long. `test_posts` has their faults.
FILES = sorted(str(path.relative_to(KH136)) for path in KH136.rglob("*.yaml") if "posts" not in path.parts)

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.dates(),
    st.text(max_size=60),
    st.sampled_from(
        ["", "{quan-tam}", "answered quan-tam", "a" * 5000, date(2020, 1, 1), [], {}, [None], {"vi": None}, {1: 2}]
    ),
    st.dictionaries(st.one_of(st.text(max_size=5), st.integers(), st.none()), st.text(max_size=5), max_size=3),
)
scraps = st.one_of(
    st.sampled_from(
        ["\t", "\n", ":", ": ", "- ", "&a ", "*a", "{", "}", "[", "]", '"', "'", "|\n", "!!int ", "!!timestamp ",
         "!!set ", "!x ", "<<: ", "? ", "%YAML 9", "---\n", "\x00", "\ufeff", "\\ud800", '"\\ud800"', "2020-02-31",
         "0b_", "~", "@", "`"]
    ),
    st.text(max_size=3),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(
        shutil.copytree(KH136, tmp_path_factory.mktemp("pack") / "kh136", ignore=shutil.ignore_patterns("posts"))
    )


def spots(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a file: the mapping or list, and the key or index."""
    for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(value, dict | list):
            yield from spots(value)


def sound_or_refused(folder: Path, file: str, content: bytes) -> None:
    path = folder / file
    path.write_bytes(content)
    try:
        told = read(folder)
    finally:
        path.write_bytes((KH136 / file).read_bytes())
    assert isinstance(told, Pack) or told.faults
    for fault in () if isinstance(told, Pack) else told.faults:
        assert fault.file == str(path)
        assert fault.line >= 1
        assert "\n" not in str(fault)
        assert str(fault).encode()


def read(folder: Path) -> Pack | Faults:
    try:
        return load(folder)
    except Faults as refused:
        return refused


@settings(max_examples=150)
@given(
    file=st.sampled_from(FILES), spot=st.integers(0), change=st.sampled_from(["set", "drop", "rename"]), value=values
)
def test_any_value_or_key_changed(folder: Path, file: str, spot: int, change: str, value: object) -> None:
    data = yaml.load((KH136 / file).read_bytes(), yaml.CSafeLoader)
    places = list(spots(data))
    holder, key = places[spot % len(places)]
    if change == "set":
        holder[key] = value
    elif change == "rename" and isinstance(holder, dict) and isinstance(value, str | int | None):
        holder[value] = holder.pop(key)
    else:
        del holder[key]
    text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True)
    sound_or_refused(folder, file, text.encode(errors="replace"))


@settings(max_examples=150)
@given(file=st.sampled_from(FILES), at=st.integers(0), cut=st.integers(0, 30), scrap=scraps)
def test_any_slip_of_the_keyboard(folder: Path, file: str, at: int, cut: int, scrap: str) -> None:
    text = (KH136 / file).read_text("utf-8")
    at %= len(text)
    sound_or_refused(folder, file, (text[:at] + scrap + text[at + cut :]).encode(errors="replace"))


@settings(max_examples=50)
@given(file=st.sampled_from(FILES), content=st.one_of(st.binary(max_size=200), scraps.map(str.encode)))
def test_any_bytes(folder: Path, file: str, content: bytes) -> None:
    sound_or_refused(folder, file, content)
