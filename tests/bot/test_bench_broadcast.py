"""The broadcast's benchmark runs, counts what it says and leaves nothing behind. Its figures are never asserted."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.bench import broadcast, growth
from bot.commands_bench import bench

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="benchmarks read /proc")


def test_everybody_is_sent_one_copy_while_people_talk(tmp_path: Path) -> None:
    lines = list(broadcast.report(broadcast.Load(120, 60, seconds=30, talkers=3, control=2), tmp_path))
    assert lines[0].startswith("120 subscribers of ")
    assert "3 people talk" in lines[1]
    assert lines[-1] == "120 copies taken, 0 of them twice; the house's own count agrees: sent 120"
    assert list(tmp_path.iterdir()) == []


def test_a_stretch_is_measured_where_not_everybody_is_reached(tmp_path: Path) -> None:
    lines = list(broadcast.report(broadcast.Load(2_000, 50, seconds=2, talkers=2, control=1), tmp_path))
    assert any("of the pace" in line for line in lines)
    assert "own count agrees" in lines[-1]


def test_what_a_copy_costs_is_told_for_each_size(tmp_path: Path) -> None:
    lines = list(growth.report(tmp_path, [150]))
    assert lines[0].startswith("150 subscribers of ")
    assert "from 0% of them on: 150 copies" in lines[1]


def test_a_disk_that_is_too_small_is_one_line(tmp_path: Path) -> None:
    command = ["broadcast", "--people", str(10**12), "--home", str(tmp_path)]
    result = CliRunner().invoke(bench, command)
    assert result.exit_code == 1
    assert "of free disk" in result.output
    assert len(result.output.strip().splitlines()) == 1
