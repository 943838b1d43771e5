"""A copy that waits has one sender and one end; whether its person still wants it is asked when its turn comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from models import broadcasts, people, postings, posts, received, recipients, subscriptions
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Plan
from models.messages import Address
from models.postings import Tallied
from models.posts import Written
from models.received import Copy
from models.recipients import Waiting

AT = datetime(2020, 1, 6, 2, tzinfo=UTC)
TODAY = "2020-01-06"
WIRE = "telegram"
SENT = Tallied(WIRE, "sent")


async def running(conn: AsyncConnection, **planned: object) -> int:
    """A broadcast of news that has begun."""
    post = await posts.add(conn, Written("{}", sha256(b"{}").hexdigest(), "dot-1", "", ""), Act(AT, "1"))
    plan = replace(Plan(post, 1, Audience("news")), **planned)  # type: ignore[arg-type]
    id = await broadcasts.draft(conn, plan, Act(AT, "1"))
    await broadcasts.submit(conn, id, Act(AT, "1"))
    known = await broadcasts.find(conn, id)
    assert known is not None
    await broadcasts.approve(conn, id, await broadcasts.seal(conn, known), Act(AT, "2"))
    assert await broadcasts.start(conn, id, AT)
    return id


async def subscriber(conn: AsyncConnection, *topics: str) -> int:
    new = replace(people.guest("vi", TODAY), consent_version="v")
    await people.store(conn, new, Address(WIRE, f"u{new.id}"))
    for topic in topics:
        await subscriptions.choose(conn, new.id, topic, True, AT)
    return new.id


async def waits(conn: AsyncConnection, id: int, people: Sequence[int]) -> list[int]:
    """Copies for these people; gives their ids."""
    await received.note(conn, [Copy(person, id) for person in people], TODAY)
    await recipients.add(conn, id, "news", [Waiting(person, WIRE) for person in people])
    return [each.id for each in await recipients.find(conn, WIRE, AT, 99)]


async def test_who_stopped_a_topic_and_kept_another_gets_no_more_of_it(conn: AsyncConnection) -> None:
    stays, stops = await subscriber(conn, "news", "slogans"), await subscriber(conn, "news", "slogans")
    await waits(conn, await running(conn), [stays, stops])
    await subscriptions.choose(conn, stops, "news", False, AT)
    found = {each.person_id: each.user for each in await recipients.find(conn, WIRE, AT, 9)}
    assert found == {stays: f"u{stays}", stops: None}


async def test_a_copy_is_taken_by_one_sender_alone(conn: AsyncConnection) -> None:
    id = await running(conn)
    (copy,) = await waits(conn, id, [await subscriber(conn, "news")])
    assert await recipients.mark(conn, [copy], trying=True) == {copy}
    assert await recipients.mark(conn, [copy], trying=True) == set()
    assert await recipients.mark(conn, [copy], trying=False) == {copy}
    assert await recipients.mark(conn, [copy], trying=False) == set()


async def test_what_is_being_sent_is_settled_by_its_sender_alone_and_once(conn: AsyncConnection) -> None:
    id = await running(conn)
    person = await subscriber(conn, "news")
    (copy,) = await waits(conn, id, [person])
    await recipients.mark(conn, [copy], trying=True)
    assert not await recipients.settle(conn, {copy: Tallied(WIRE, "cancelled")}, tried=False)
    assert await received.of(conn, person) == {id}, "it may be there already"
    for counted in (1, 0):
        assert (await recipients.settle(conn, {copy: SENT}, tried=True)).total() == counted
    assert await postings.counts(conn, id) == {SENT: 1}


async def test_what_is_late_has_no_turn_any_more(conn: AsyncConnection) -> None:
    end = AT + timedelta(hours=1)
    await waits(conn, await running(conn, until=end), [await subscriber(conn, "news")])
    assert len(await recipients.find(conn, WIRE, end - timedelta(seconds=1), 9)) == 1
    assert await recipients.find(conn, WIRE, end, 9) == []


async def test_who_had_a_broadcast_is_known_as_long_as_that_goes_on(conn: AsyncConnection) -> None:
    over, goes_on, paused = [await running(conn) for _ in range(3)]
    person = await subscriber(conn, "news")
    await received.note(conn, [Copy(person, id) for id in (over, goes_on, paused)], "2019-12-01")
    await broadcasts.finish(conn, over, AT)
    await broadcasts.pause(conn, paused, Act(AT, "2"))
    await received.purge(conn, TODAY)
    assert await received.of(conn, person) == {goes_on, paused}
