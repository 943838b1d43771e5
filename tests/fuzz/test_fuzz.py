"""A short flood of mutants through every channel's real hook: nothing is believed, lost, said aloud or held up by it.

The long form is `langnghe bench fuzz`.
"""

import sys
from pathlib import Path

import pytest

from bot.bench.fuzz import CHANNELS
from tests.fuzz.flood import DOORS, Flood

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
UPDATES = 500


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_house_holds_against_mutants(channel: str, tmp_path: Path) -> None:
    found = await Flood(channel, tmp_path, UPDATES, seed=7, lanes=1).run()
    assert found.faults == []
    assert found.statuses.total() == UPDATES
    assert found.inbound["received"] > UPDATES / 10
    assert found.walked >= 1


def test_every_channel_that_is_flooded_has_a_door() -> None:
    assert sorted(CHANNELS) == sorted(DOORS)
