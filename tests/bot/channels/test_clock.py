"""The clock as a channel: every date once, and what follows it again until nothing is left to do."""

from datetime import UTC, datetime

import pytest

from bot.channels.clock import ClockChannel
from bot.outcomes import Unavailable
from models.messages import Address, Inbound

NOW = datetime(2020, 1, 9, 1, tzinfo=UTC)
DATE = Inbound("release:x:2020-01", Address("clock", "clock"), NOW, "release:x:2020-01")


class Aftermath:
    """What follows, as it is told to go: done, to be done again, or the database is away."""

    def __init__(self, *ends: bool | Exception) -> None:
        self.ends = list(ends)
        self.runs = 0

    async def __call__(self) -> bool:
        """Go once."""
        self.runs += 1
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end


async def taken(_inbound: Inbound) -> None:
    """Take a date in."""


async def dates(_at: datetime) -> list[Inbound]:
    """What is due."""
    return [DATE]


def clock(after: Aftermath) -> ClockChannel:
    """A clock on a day with one date."""
    return ClockChannel(dates, lambda: NOW, after)


async def test_a_date_is_brought_once_and_what_follows_runs_once() -> None:
    after = Aftermath(True)
    of = clock(after)
    for _ in range(3):
        await of.bring(taken)
    assert after.runs == 1


@pytest.mark.parametrize("left", [False, Unavailable("away")])
async def test_what_follows_is_done_again_until_nothing_is_left(left: bool | Exception) -> None:
    after = Aftermath(left, False, True)
    of = clock(after)
    for _ in range(4):
        try:
            await of.bring(taken)
        except Unavailable:
            assert after.runs == 1
    assert after.runs == 3


async def test_a_fault_of_ours_is_not_repeated_every_second() -> None:
    after = Aftermath(KeyError("a bug"))
    of = clock(after)
    with pytest.raises(KeyError):
        await of.bring(taken)
    await of.bring(taken)
    assert after.runs == 1
