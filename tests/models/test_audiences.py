"""Who is in an audience, at which one address, how many they are; what an officer keeps and looks at meanwhile."""

import re
from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, event, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audiences, broadcasts, people, posts, sketches, subscriptions, watches
from models.audiences import Audience, Group, Reach
from models.audit import Act
from models.broadcasts import Plan
from models.messages import Address
from models.people import address
from models.posts import Written
from models.schema import metadata
from models.watches import Watch

AT = datetime(2020, 1, 6, 2, tzinfo=UTC)
CHANNELS = ("telegram", "zalo-bot", "web")
NEWS = Reach(Audience("news"), CHANNELS)


async def subscriber(conn: AsyncConnection, *addresses: Address, **its: object) -> int:
    """Somebody who wants news, with these addresses."""
    topics = str(its.pop("topics", "news")).split()
    since = its.pop("since", AT)
    assert isinstance(since, datetime)
    kept = {"unit_id": "u1", "consent_version": "v", **its}
    new = replace(people.guest("vi", "2020-01-06"), **kept)  # type: ignore[arg-type]
    await people.store(conn, new, addresses[0])
    for more in addresses[1:]:
        await people.move_address(conn, more, new.id)
    for topic in topics:
        await subscriptions.choose(conn, new.id, topic, True, since)
    return new.id


def at(channel: str, user: str) -> Address:
    return Address(channel, user)


async def test_each_person_is_written_to_at_one_address_on_the_channel_that_is_preferred(conn: AsyncConnection) -> None:
    both = await subscriber(conn, at("zalo-bot", "z1"), at("telegram", "t2"), at("telegram", "t1"))
    page = await subscriber(conn, at("zalo-oa", "o1"))
    found = {each.person_id: each.address for each in await audiences.page(conn, NEWS, 0, 10)}
    assert found == {both: at("telegram", "t1"), page: None}


async def test_a_channel_that_was_left_is_not_written_to(conn: AsyncConnection) -> None:
    await subscriber(conn, at("telegram", "t1"), at("web", "w1"))
    await conn.execute(update(address).where(address.c.user == "t1").values(left_on="2020-01-05"))
    (member,) = await audiences.page(conn, NEWS, 0, 10)
    assert member.address == at("web", "w1")


async def test_only_subscribers_who_agreed_and_came_in_time_are_in_it(conn: AsyncConnection) -> None:
    early = await subscriber(conn, at("telegram", "1"))
    await subscriber(conn, at("telegram", "2"), topics="slogans")
    await subscriber(conn, at("telegram", "3"), consent_version=None)
    late = await subscriber(conn, at("telegram", "4"), since=AT + timedelta(hours=1))
    frozen = Reach(NEWS.audience, CHANNELS, AT)
    assert {each.person_id for each in await audiences.page(conn, frozen, 0, 10)} == {early}
    assert {each.person_id for each in await audiences.page(conn, NEWS, 0, 10)} == {early, late}


async def test_pages_by_id_give_everybody_once(conn: AsyncConnection) -> None:
    ids = {await subscriber(conn, at("telegram", str(n))) for n in range(25)}
    found: list[int] = []
    while page := await audiences.page(conn, NEWS, found[-1] if found else 0, 7):
        found += [each.person_id for each in page]
    assert len(found) == 25
    assert set(found) == ids


async def test_the_size_is_the_number_of_those_who_would_be_written_to(conn: AsyncConnection) -> None:
    await subscriber(conn, at("telegram", "1"), at("web", "1"))
    await subscriber(conn, at("web", "2"), unit_id="u2")
    await subscriber(conn, at("zalo-oa", "3"), language="en")
    sizes = await audiences.sizes(conn, NEWS)
    assert sizes == Counter({Group("u1", "vi", "telegram"): 1, Group("u2", "vi", "web"): 1, Group("u1", "en", ""): 1})
    english = await audiences.sizes(conn, replace(NEWS, audience=Audience("news", language="en")))
    assert english == Counter({Group("u1", "en", ""): 1})


def test_who_took_part_is_asked_for_the_whole_federation_alone() -> None:
    with pytest.raises(ValueError, match="whole federation"):
        Audience("results", unit="u1", took_part="du-thao")
    with pytest.raises(ValueError, match="whole federation"):
        Audience("reminders", language="en", drafting="du-thao")


def test_nothing_that_somebody_said_can_be_asked_for() -> None:
    asked = {field.name for field in fields(Audience)}
    assert asked == {"topic", "unit", "below", "kinds", "language", "took_part", "drafting"}


async def test_no_answer_is_read_to_find_or_to_count_an_audience(conn: AsyncConnection) -> None:
    asked: list[str] = []
    listening: Connection = conn.sync_connection  # type: ignore[assignment]
    event.listen(listening, "before_cursor_execute", lambda *its: asked.append(its[2]))
    for audience in (
        NEWS.audience,
        Audience("results", took_part="du-thao"),
        Audience("reminders", drafting="du-thao"),
    ):
        await audiences.page(conn, Reach(audience, CHANNELS, AT), 0, 10)
        await audiences.sizes(conn, Reach(audience, CHANNELS))
    assert len(asked) >= 6
    known = {column.name for table in metadata.tables.values() for column in table.columns}
    read = known & set(re.findall(r"\w+", " ".join(asked)))
    assert read <= {"id", "unit_id", "language", "consent_version", "topic", "since", "person_id", "channel", "user",
                    "left_on", "questionnaire", "state"}  # fmt: skip


async def test_a_sketch_is_its_writers_alone(conn: AsyncConnection) -> None:
    one, other = await subscriber(conn, at("telegram", "1")), await subscriber(conn, at("telegram", "2"))
    id = await sketches.add(conn, one, "một", "2020-01-06")
    await sketches.keep(conn, id, "hai", "2020-01-07")
    found = await sketches.find(conn, one, id)
    assert found is not None
    assert found.body == "hai"
    assert await sketches.find(conn, other, id) is None
    assert await sketches.of(conn, other) == []
    await sketches.pass_on(conn, one, other)
    assert [each.id for each in await sketches.of(conn, other)] == [id]
    await sketches.purge(conn, "2020-01-07")
    assert await sketches.count(conn, other) == 1
    await sketches.forget(conn, other)
    assert await sketches.count(conn, other) == 0


async def test_one_screen_an_address_is_watched_until_its_time_is_over(conn: AsyncConnection) -> None:
    post = await posts.add(conn, Written("{}", "0" * 64, "dot-1", "", ""), Act(AT, "1"))
    id = await broadcasts.draft(conn, Plan(post, 1, Audience("news")), Act(AT, "1"))
    here = at("telegram", "1")
    await watches.watch(conn, Watch(here, "7", id), AT)
    await watches.watch(conn, Watch(here, "9", id), AT + timedelta(minutes=5))
    assert await watches.listed(conn) == [Watch(here, "9", id)]
    await watches.purge(conn, AT + timedelta(minutes=5))
    assert await watches.find(conn, here) == Watch(here, "9", id)
    await watches.purge(conn, AT + timedelta(minutes=6))
    assert await watches.find(conn, here) is None
