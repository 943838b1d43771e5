"""A schedule of slogans at the desk: one broadcast an occasion, two people behind them, nothing sent too late."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import slogan_plan
from handlers.calendar import SENDER
from locales.formats import VIETNAM
from models import bounds, broadcasts, posts
from models.audit import Act
from models.bounds import Bound
from models.broadcasts import CANCELLED, DRAFT, SCHEDULED, SUBMITTED, UNENDED, Broadcast
from models.messages import Inbound
from tests.handlers.office import Office, office

FIRST = datetime(2020, 1, 13, 8, tzinfo=VIETNAM)
WEEK = timedelta(days=7)


@pytest.fixture
async def hall(conn: AsyncConnection, tmp_path: Path) -> Office:
    """An editor and an approver of the federation, and seven people who want slogans."""
    hall = await office(conn, tmp_path)
    await hall.hire("lan", hall.root, ["editor", "approver"])
    await hall.hire("minh", hall.root, ["approver"])
    await hall.subscribe(7, hall.town.unit("LĐLĐ huyện Mộc Châu"), "slogans")
    return hall


async def plan(hall: Office, who: str = "lan") -> None:
    await hall.look(who)
    await hall.tap(who, "schedule", "field:first")
    await hall.say(who, "13/1 8:00")
    await hall.tap(who, "submit")


async def listed(hall: Office, *statuses: str) -> list[Broadcast]:
    return sorted(await broadcasts.listed(hall.conn, statuses or UNENDED, most=99), key=lambda each: each.id)


async def open_series(hall: Office, who: str) -> None:
    await hall.look(who)
    (entry,) = (action for action in hall.offers(who) if action.startswith("series:"))
    await hall.tap(who, entry)


async def to_the_end(hall: Office, who: str) -> int:
    turned = 0
    while "page:next" in hall.offers(who):
        assert "approve" not in hall.offers(who), "it stands on the last page alone"
        await hall.tap(who, "page:next")
        turned += 1
    return turned


async def test_every_occasion_is_a_broadcast_and_every_slogan_a_post(hall: Office) -> None:
    await plan(hall)
    known = await listed(hall)
    assert [each.plan.start_at for each in known] == [FIRST + WEEK * n for n in range(slogan_plan.MOST)]
    assert {each.status for each in known} == {SUBMITTED}
    assert len({each.plan.series for each in known}) == 1
    assert all(each.plan.kind == "slogans" and not each.plan.frozen for each in known)
    assert all(one.plan.until == other.plan.start_at for one, other in pairwise(known))
    assert len({each.plan.post_id for each in known}) == len(hall.town.house.pack.slogans)
    assert await posts.authors(hall.conn, known[0].plan.post_id) == {posts.PACK}, "the words are the campaign's"


async def test_another_schedule_sends_the_same_posts(hall: Office) -> None:
    await plan(hall)
    await plan(hall)
    assert len({each.plan.series for each in await listed(hall)}) == 2
    count = (await hall.conn.execute(select(func.count()).select_from(posts.post))).scalar_one()
    assert count == len(hall.town.house.pack.slogans)


async def test_who_planned_it_cannot_approve_it(hall: Office) -> None:
    await plan(hall)
    await open_series(hall, "lan")
    assert not hall.offers("lan") & {"approve", "refuse"}


async def test_another_approves_all_of_it_having_seen_every_page(hall: Office) -> None:
    await plan(hall)
    await open_series(hall, "minh")
    lists = -(-slogan_plan.MOST // 9)
    assert await to_the_end(hall, "minh") == lists + len(hall.town.house.pack.slogans) - 1
    await hall.tap("minh", "approve")
    known = await listed(hall)
    assert {each.status for each in known} == {SCHEDULED}
    assert all(each.due == each.plan.start_at for each in known)


async def test_a_schedule_that_was_changed_while_it_was_read_is_read_again(hall: Office) -> None:
    await plan(hall)
    await open_series(hall, "minh")
    await to_the_end(hall, "minh")
    (*_, last) = await listed(hall)
    await broadcasts.change(hall.conn, last.id, replace(last.plan, outlets=("feed",)), Act(hall.at, "901"))
    await broadcasts.submit(hall.conn, last.id, Act(hall.at, "901"))
    await hall.tap("minh", "approve")
    assert await listed(hall, SCHEDULED) == []


async def test_what_is_approved_after_its_moment_is_not_sent(hall: Office) -> None:
    await plan(hall)
    hall.at = FIRST + WEEK + timedelta(hours=1)
    await open_series(hall, "minh")
    assert "2 kỳ đã qua giờ" in hall.screens["minh"].text
    await to_the_end(hall, "minh")
    await hall.tap("minh", "approve")
    late = await listed(hall, CANCELLED)
    assert [each.plan.start_at for each in late] == [FIRST, FIRST + WEEK]
    assert {each.reason for each in late} == {"past"}
    assert len(await listed(hall, SCHEDULED)) == slogan_plan.MOST - 2


async def test_it_goes_back_with_a_reason_and_is_handed_in_again(hall: Office) -> None:
    await plan(hall)
    await open_series(hall, "minh")
    await hall.tap("minh", "refuse")
    await hall.say("minh", "Xin đổi giờ")
    assert {(each.status, each.reason) for each in await listed(hall)} == {(DRAFT, "Xin đổi giờ")}
    await open_series(hall, "lan")
    assert "Xin đổi giờ" in hall.screens["lan"].text
    await hall.tap("lan", "submit")
    assert {each.status for each in await listed(hall)} == {SUBMITTED}


async def test_one_occasion_is_ended_alone_or_all_that_is_left(hall: Office) -> None:
    await plan(hall)
    await open_series(hall, "minh")
    await to_the_end(hall, "minh")
    await hall.tap("minh", "approve")
    first = (await listed(hall))[0]
    await open_series(hall, "minh")
    await hall.tap("minh", f"open:{first.id}", "stop", "sure")
    assert [each.id for each in await listed(hall, CANCELLED)] == [first.id]
    await open_series(hall, "lan")
    await hall.tap("lan", "stop")
    assert len(await listed(hall, CANCELLED)) == 1, "it is asked once more"
    await hall.tap("lan", "sure")
    assert len(await listed(hall, CANCELLED)) == slogan_plan.MOST


async def test_an_edit_of_one_occasion_voids_that_one_alone(hall: Office) -> None:
    await plan(hall)
    await open_series(hall, "minh")
    await to_the_end(hall, "minh")
    await hall.tap("minh", "approve")
    first, *others = await listed(hall)
    await open_series(hall, "lan")
    await hall.tap("lan", f"open:{first.id}", "edit", "field:slogan")
    await hall.tap("lan", next(action for action in hall.offers("lan") if action.endswith("kh-9")))
    (draft,) = await listed(hall, DRAFT)
    assert draft.id == first.id
    assert draft.plan.post_id != first.plan.post_id, "the other occasions keep their words"
    assert [each.plan for each in await listed(hall, SCHEDULED)] == [each.plan for each in others]


async def test_a_district_sends_slogans_to_its_own_people_and_to_no_public_place(hall: Office) -> None:
    district = hall.town.unit("LĐLĐ huyện Mộc Châu")
    await hall.hire("hoa", district, ["editor"])
    await hall.look("hoa")
    await hall.tap("hoa", "schedule")
    assert "field:outlets" not in hall.offers("hoa")
    await hall.tap("hoa", "submit")
    audiences = {each.plan.audience for each in await listed(hall)}
    assert [each and (each.topic, each.unit, each.below) for each in audiences] == [("slogans", district, True)]


async def test_a_schedule_for_nobody_is_not_handed_in(hall: Office) -> None:
    await hall.hire("hoa", hall.town.unit("LĐLĐ huyện Mai Sơn"), ["editor"])
    await hall.look("hoa")
    await hall.tap("hoa", "schedule", "submit")
    assert await listed(hall) == []
    assert "Chưa có ai đăng ký khẩu hiệu" in hall.screens["hoa"].text


async def test_a_phase_that_closes_while_the_house_is_down_ends_its_schedule_all_the_same(hall: Office) -> None:
    await plan(hall)
    await open_series(hall, "minh")
    await to_the_end(hall, "minh")
    await hall.tap("minh", "approve")
    last = date(2020, 1, 22)
    await bounds.keep(hall.conn, [("dot-1", Bound(date(2019, 11, 8), last))], Act(hall.at, "test"))
    text = f"phase:dot-1:closes:{last}"
    later = FIRST + 4 * WEEK
    await hall.town.reception.attend(hall.conn, Inbound(id=text, sender=SENDER, at=later, text=text))
    left = await listed(hall, SCHEDULED)
    assert [each.plan.start_at for each in left] == [FIRST, FIRST + WEEK], "those were to be sent within the phase"
    assert {each.reason for each in await listed(hall, CANCELLED)} == {"phase"}


async def test_public_places_alone_may_be_posted_to_at_night(hall: Office) -> None:
    await hall.look("lan")
    await hall.tap("lan", "schedule", "field:first")
    await hall.say("lan", "13/1 23:00")
    assert "giờ nghỉ đêm" in hall.screens["lan"].text
    await hall.tap("lan", "back", "field:not-directly", "field:first")
    await hall.say("lan", "13/1 23:00")
    assert "13/01/2020 23:00" in hall.screens["lan"].text
    await hall.tap("lan", "field:directly")
    assert "submit" not in hall.offers("lan"), "nothing is moved by itself"
    assert "giờ nghỉ đêm" in hall.screens["lan"].text
