"""How much is sent, and when, is the pack's to say; what would make no sense is refused with one clear line."""

import shutil
from pathlib import Path

import pytest

from conversations.packs import check, load
from tests.conversations.test_packs import KH136


def changed(folder: Path, old: str, new: str) -> Path:
    """The shipped pack with a line of campaign.yaml changed."""
    copy = Path(shutil.copytree(KH136, folder / "pack"))
    sheet = copy / "campaign.yaml"
    text = sheet.read_text("utf-8")
    assert text.count(old) == 1
    sheet.write_text(text.replace(old, new), "utf-8")
    return copy


CAPS, QUIET = "caps: {day: 3, week: 5}", "quiet: {from: 22, to: 7}"


def test_the_shipped_pack_and_one_that_says_nothing_are_alike(tmp_path: Path) -> None:
    said = load(KH136)
    assert (said.caps.day, said.caps.week, said.quiet.since, said.quiet.until) == (3, 5, 22, 7)
    assert load(changed(tmp_path / "caps", CAPS, "")).caps == said.caps
    assert load(changed(tmp_path / "quiet", QUIET, "")).quiet == said.quiet


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (CAPS, "caps: {day: 0, week: 5}", "caps.day: 0 would mean that nobody is ever sent anything; 1 is the least"),
        (CAPS, "caps: {day: 1, week: 0}", "caps.week: 0 would mean that nobody is ever sent anything; 1 is the least"),
        (CAPS, "caps: {month: 9}", "caps.month: there is no such field here"),
        (CAPS, "caps: {day: many}", "caps.day: this is a whole number (here: many)"),
        (QUIET, "quiet: {from: 7, to: 7}", "quiet: from and to are the same hour, which is no time or all day"),
        (QUIET, "quiet: {from: 22, to: 24}", "quiet.to: this should be less than or equal to 23 (here: 24)"),
        (QUIET, "quiet: {from: -1, to: 7}", "quiet.from: this should be greater than or equal to 0 (here: -1)"),
    ],
)
def test_what_makes_no_sense_is_one_line(old: str, new: str, complaint: str, tmp_path: Path) -> None:
    (fault,) = check(changed(tmp_path, old, new))
    assert f"campaign.yaml:{fault.split(':')[1]}: {complaint}" in fault
