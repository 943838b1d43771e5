"""What people want to be sent is theirs alone: never chosen for them, ended at once, passed on or erased with them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from models import departures, people, subscriptions
from models.messages import Address
from models.subscriptions import ASKED, TOPICS
from tests.models.world import join_people

AT = datetime(2020, 1, 6, 3, 4, 5, tzinfo=UTC)
MAI, LAN = 1, 2
TELEGRAM, WEB = Address("telegram", "mai"), Address("web", "mai")


@pytest.fixture(autouse=True)
async def town(conn: AsyncConnection) -> None:
    await join_people(conn, [MAI, LAN])


async def choose(conn: AsyncConnection, who: int, topics: Iterable[str]) -> None:
    for topic in topics:
        await subscriptions.choose(conn, who, topic, True, AT)


async def test_nothing_is_chosen_for_anybody(conn: AsyncConnection) -> None:
    assert await subscriptions.chosen(conn, MAI) == set()
    assert not await subscriptions.asked(conn, MAI)


async def test_a_topic_begins_and_ends_and_twice_does_no_harm(conn: AsyncConnection) -> None:
    await choose(conn, MAI, ("news", "news", "results"))
    await subscriptions.choose(conn, MAI, "news", True, AT + timedelta(days=1))
    assert await subscriptions.since(conn, MAI) == {"news": AT, "results": AT}
    for _ in range(2):
        await subscriptions.choose(conn, MAI, "news", False, AT)
    assert await subscriptions.chosen(conn, MAI) == {"results"}
    assert await subscriptions.chosen(conn, LAN) == set()


async def test_to_have_been_asked_is_no_topic_and_only_its_day_is_kept(conn: AsyncConnection) -> None:
    await choose(conn, MAI, (ASKED,))
    assert await subscriptions.asked(conn, MAI)
    assert await subscriptions.chosen(conn, MAI) == set()
    assert await subscriptions.since(conn, MAI) == {ASKED: datetime(2020, 1, 5, 17, tzinfo=UTC)}  # midnight in Vietnam


async def test_what_is_no_topic_is_refused(conn: AsyncConnection) -> None:
    with pytest.raises(ValueError, match="no topic 'weather'"):
        await subscriptions.choose(conn, MAI, "weather", True, AT)


async def test_a_stop_ends_all_topics_and_nobody_is_asked_again(conn: AsyncConnection) -> None:
    await choose(conn, MAI, (*TOPICS, ASKED))
    await choose(conn, LAN, TOPICS)
    assert await subscriptions.stop_all(conn, MAI)
    assert not await subscriptions.stop_all(conn, MAI)
    assert await subscriptions.asked(conn, MAI)
    assert await subscriptions.chosen(conn, MAI) == set()
    assert await subscriptions.chosen(conn, LAN) == set(TOPICS)


@pytest.mark.parametrize(
    ("goes", "stays", "kept"),
    [
        ((ASKED, "news"), (), {"news"}),
        ((ASKED, "news"), (ASKED, "slogans"), {"slogans"}),
        ((ASKED, "news"), (ASKED,), set()),
        ((), (ASKED, "slogans"), {"slogans"}),
        ((), (), set()),
    ],
)
async def test_of_two_records_the_one_that_was_asked_says_what_is_wanted(
    conn: AsyncConnection, goes: tuple[str, ...], stays: tuple[str, ...], kept: set[str]
) -> None:
    await choose(conn, MAI, goes)
    await choose(conn, LAN, stays)
    await subscriptions.pass_on(conn, MAI, LAN)
    assert await subscriptions.chosen(conn, LAN) == kept
    assert await subscriptions.asked(conn, LAN) is (ASKED in (*goes, *stays))
    assert await subscriptions.since(conn, MAI) == {}


async def test_a_person_who_is_erased_leaves_nothing(conn: AsyncConnection) -> None:
    await choose(conn, MAI, (*TOPICS, ASKED))
    await choose(conn, LAN, TOPICS)
    await subscriptions.forget(conn, MAI)
    assert await subscriptions.since(conn, MAI) == {}
    await people.forget(conn, LAN)  # the row of the person takes it along, should anybody forget to
    assert await subscriptions.since(conn, LAN) == {}


async def test_who_blocked_us_at_the_last_address_is_subscribed_to_nothing_any_more(conn: AsyncConnection) -> None:
    for at in (TELEGRAM, WEB):
        await people.move_address(conn, at, MAI)
    await choose(conn, MAI, (*TOPICS, ASKED))
    await departures.leave(conn, TELEGRAM, "2020-01-07")
    assert await subscriptions.chosen(conn, MAI) == set(TOPICS)
    await departures.leave(conn, WEB, "2020-01-08")
    assert await subscriptions.chosen(conn, MAI) == set()
    await departures.come_back(conn, WEB)
    assert await subscriptions.chosen(conn, MAI) == set()
    assert await subscriptions.asked(conn, MAI)
    await departures.leave(conn, Address("telegram", "nobody"), "2020-01-08")
