"""The benchmarks run, measure what they say and leave nothing behind. Their figures are printed, never asserted."""

import asyncio
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.bench import dialogue, heard, release, start
from bot.commands_bench import bench

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="benchmarks read /proc")


@pytest.mark.parametrize("bot", dialogue.BOTS, ids=lambda bot: bot.name)
def test_a_crowd_walks_to_the_end_with_each_contender(bot: dialogue.Bot, tmp_path: Path) -> None:
    got = dialogue.measure(bot, dialogue.Crowd(people=3, rounds=1), tmp_path)
    assert got.steps >= 3 * 14  # every question of the questionnaire, a tick, a review
    assert got.cpu_per_1000 >= 0
    assert got.p50 <= got.p95 <= got.p99
    assert list(tmp_path.iterdir()) == []


def test_both_contenders_are_asked_the_same_steps(tmp_path: Path) -> None:
    crowd = dialogue.Crowd(people=2, rounds=1)
    ours, peer = (dialogue.measure(bot, crowd, tmp_path).steps for bot in dialogue.BOTS)
    assert ours == peer


def test_start_is_measured_with_and_without_telegram(tmp_path: Path) -> None:
    seconds, memory = start.started(tmp_path, {})
    assert seconds > 0
    assert memory > 1


def test_the_table_names_both_and_their_ratio() -> None:
    fast = dialogue.Figures(10, 200.0, 1.0, 1.0, 2.0, 3.0, 0.1)
    slow = dialogue.Figures(10, 100.0, 2.0, 2.0, 3.0, 4.0, 0.1)
    lines = list(dialogue.table({"ours": fast, "peer": slow}))
    assert lines[-1] == "ratio 2.00 x the peer's steps/s"
    assert any(line.startswith("ours") for line in lines)
    assert dialogue.median([slow, fast, fast]) == fast


def test_a_federation_is_heard_to_the_end(tmp_path: Path) -> None:
    found = asyncio.run(heard.heard(tmp_path, 1, members=2_000, walkers=5))
    assert found.people == 300
    assert found.at.total() <= 300
    assert found.at["w"] > 0
    assert found.right / found.compared > 0.8
    assert any(line.strip().startswith("their own unit") for line in heard.told(found))


def test_a_release_is_measured_beside_its_floor(tmp_path: Path) -> None:
    lines = list(release.report(release.Load(people=600, units=20, seed=1), tmp_path))
    assert lines[0].startswith("600 answers pending of 20 units")
    assert any("x the floor" in line for line in lines)
    assert any("lock held" in line for line in lines)
    assert list(tmp_path.iterdir()) == []


def test_a_release_that_fails_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("no keys")
    with pytest.raises(RuntimeError, match=r"the release failed: .*keys.json is"):
        release.release(tmp_path)


def test_a_disk_that_is_too_small_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="of free disk"):
        next(release.report(release.Load(10**12, 20, 1), tmp_path))


def test_a_home_that_is_no_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(bench, ["start", "--home", str(tmp_path / "file" / "x")])
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
