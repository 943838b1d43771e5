"""Nobody is written to of our own accord at night; the hours are the pack's, and Vietnam's."""

from datetime import UTC, datetime, timedelta

import pytest

from conversations.campaign import Quiet
from conversations.packs import Pack
from handlers.quiet import awake, quiet
from locales.formats import VIETNAM
from tests.transcripts.house import CAMPAIGN


def at(hour: int, minute: int = 0, day: int = 6) -> datetime:
    return datetime(2020, 1, day, hour, minute, tzinfo=VIETNAM)


def hours(since: int, until: int) -> Pack:
    return CAMPAIGN.model_copy(update={"quiet": Quiet(**{"from": since, "to": until})})


@pytest.mark.parametrize(
    ("moment", "next_moment"),
    [
        (at(21, 59), at(21, 59)),
        (at(22), at(7, day=7)),
        (at(23, 59), at(7, day=7)),
        (at(0), at(7)),
        (at(6, 59), at(7)),
        (at(7), at(7)),
        (at(12, 30), at(12, 30)),
        (at(22, 0, 31), datetime(2020, 2, 1, 7, tzinfo=VIETNAM)),
    ],
)
def test_from_ten_in_the_evening_it_is_quiet_until_seven_also_over_midnight(
    moment: datetime, next_moment: datetime
) -> None:
    assert quiet(moment, CAMPAIGN) is (moment != next_moment)
    assert awake(moment, CAMPAIGN) == next_moment


def test_the_hours_are_those_of_vietnam_wherever_the_server_stands() -> None:
    assert quiet(datetime(2020, 1, 6, 15, tzinfo=UTC), CAMPAIGN)
    assert awake(datetime(2020, 1, 6, 15, tzinfo=UTC), CAMPAIGN) == datetime(2020, 1, 7, 0, tzinfo=UTC)
    assert not quiet(datetime(2020, 1, 6, 0, tzinfo=UTC), CAMPAIGN)


@pytest.mark.parametrize(("since", "until"), [(22, 7), (0, 6), (23, 0), (12, 14), (1, 0), (20, 19)])
def test_quiet_hours_are_as_many_as_the_clock_has_between_and_end_awake(since: int, until: int) -> None:
    pack = hours(since, until)
    minutes = [at(0) + timedelta(minutes=minute) for minute in range(24 * 60)]
    assert len([each for each in minutes if quiet(each, pack)]) == (until - since) % 24 * 60
    for each in minutes[::7]:
        later = awake(each, pack)
        assert each <= later < each + timedelta(days=1)
        assert not quiet(later, pack)
        assert later == each or quiet(later - timedelta(seconds=1), pack)
