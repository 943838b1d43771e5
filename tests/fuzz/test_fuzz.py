"""A short flood of mutants through every channel's real hook: nothing is believed, lost, said aloud or held up by it.

The long form is `langnghe bench fuzz`.
"""

import sys
from pathlib import Path

import pytest

from bot.bench.fuzz import CHANNELS
from tests.fuzz.flood import DOORS, Flood

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_house_holds_against_mutants(channel: str, tmp_path: Path) -> None:
    found = await Flood(channel, tmp_path, updates=1000, seed=7).run()
    assert found.faults == []
    assert found.statuses.total() == 1000
    assert found.inbound["received"] > 100
    assert found.walked >= 3


def test_every_channel_that_is_flooded_has_a_door() -> None:
    assert sorted(CHANNELS) == sorted(DOORS)
