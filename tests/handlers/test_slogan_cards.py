"""Which slogans are in use: all until what they speak of is over, by the dates that officers have set."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from handlers.house import House
from handlers.slogan_cards import in_use
from models.database import Connection
from models.keys import Keys
from tests.transcripts.house import CAMPAIGN, PHRASES

ALL = [f"kh-{number}" for number in range(1, 10)]
NATIONAL, COMMON = [*ALL[:2], *ALL[4:]], ALL[4:]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(CAMPAIGN, PHRASES, Keys.open(tmp_path / "keys.json"))


@pytest.mark.parametrize(
    ("day", "used"),
    [
        (date(2019, 1, 1), ALL), (date(2020, 1, 6), ALL), (date(2020, 10, 31), ALL), (date(2020, 11, 1), NATIONAL),
        (date(2021, 2, 2), NATIONAL), (date(2021, 2, 3), COMMON), (date(2030, 1, 1), COMMON),
    ],
)  # fmt: skip
async def test_a_slogan_rests_when_its_congress_is_over(
    conn: Connection, house: House, day: date, used: list[str]
) -> None:
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    assert [slogan.id for slogan in await in_use(conn, house, at)] == used
