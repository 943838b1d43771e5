"""Steps of a broadcast that depend on more than itself: on what officers added, and on a phase that is over by then."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.calendar import SENDER
from handlers.content import remember_posts
from locales.formats import VIETNAM
from models import broadcasts, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import DRAFT, SCHEDULED, Broadcast, Plan
from models.messages import Inbound
from tests.handlers.office import Office, office
from tests.handlers.province import AT

FORM = "doi-song"


@pytest.fixture
async def hall(conn: AsyncConnection, tmp_path: Path) -> Office:
    hall = await office(conn, tmp_path)
    await hall.hire("lan", hall.root, ["editor"])
    await hall.hire("minh", hall.root, ["approver"])
    await remember_posts(conn, hall.town.house.pack, AT)
    return hall


async def only(hall: Office) -> Broadcast:
    (known,) = await broadcasts.listed(hall.conn, broadcasts.UNENDED)
    return known


async def test_results_are_not_handed_in_before_somebody_says_what_happens_next(hall: Office) -> None:
    town = hall.town
    await town.answer(FORM, town.unit("LĐLĐ huyện Mộc Châu"), 30)
    await town.close(FORM)
    text = f"results:{FORM}:2020-01"
    await town.reception.attend(hall.conn, Inbound(id=text, sender=SENDER, at=hall.at, text=text))
    draft = await only(hall)
    await hall.look("lan")
    await hall.tap("lan", f"open:{draft.id}", "submit")
    assert "còn thiếu phần việc tiếp theo" in hall.screens["lan"].text
    assert (await only(hall)).status == DRAFT
    await hall.tap("lan", "field:text", "more")
    await hall.say("lan", "Công đoàn gặp chủ doanh nghiệp trong tháng 02.")
    await hall.tap("lan", "done", "submit")
    assert "cả ở bản tiếng Anh" in hall.screens["lan"].text, "in English nothing is said yet"
    await hall.tap("lan", "field:english", "none", "submit")
    assert "còn thiếu phần việc tiếp theo" not in hall.screens["lan"].text


async def waits_for_close(hall: Office, writer: str, phase: str) -> int:
    (post, *_) = await posts.library(hall.conn, "dot-1")
    plan = Plan(post.post_id, post.number, Audience("news", unit=hall.root), on_close=phase)
    id = await broadcasts.draft(hall.conn, plan, Act(AT, writer))
    await broadcasts.submit(hall.conn, id, Act(AT, writer))
    return id


async def approve(hall: Office, id: int) -> None:
    await hall.look("minh")
    await hall.tap("minh", f"open:{id}")
    while "page:next" in hall.offers("minh"):
        await hall.tap("minh", "page:next")
    await hall.tap("minh", "approve")


async def test_what_waits_for_the_close_of_a_phase_that_is_over_begins_once_it_is_approved(hall: Office) -> None:
    id = await waits_for_close(hall, "901", "dot-1")
    hall.at = datetime(2020, 11, 1, 9, tzinfo=VIETNAM)
    await approve(hall, id)
    known = await only(hall)
    assert (known.status, known.due) == (SCHEDULED, hall.at)
    assert await broadcasts.due(hall.conn, hall.at) == [id]


async def test_what_waits_for_the_close_of_a_phase_that_goes_on_waits_on(hall: Office) -> None:
    id = await waits_for_close(hall, "901", "dot-1")
    await approve(hall, id)
    known = await only(hall)
    assert (known.status, known.due) == (SCHEDULED, None)


async def test_a_beginning_in_the_quiet_hours_is_refused_as_in_a_schedule_and_for_public_places_alone_it_is_not(
    hall: Office,
) -> None:
    await hall.look("lan")
    await hall.tap("lan", "new", "plan", "field:start")
    await hall.say("lan", "13/1 23:00")
    assert "giờ nghỉ đêm, không gửi cho từng người" in hall.screens["lan"].text
    assert "Bắt đầu: ngay sau khi được duyệt." in hall.screens["lan"].text
    await hall.tap("lan", "back", "field:not-directly", "field:start")
    await hall.say("lan", "13/1 23:00")
    assert "Bắt đầu: 23:00 ngày 13/01/2020." in hall.screens["lan"].text
    await hall.tap("lan", "field:directly", "back", "field:slogan")
    await hall.say("lan", "6")
    await hall.tap("lan", "submit")
    assert "giờ nghỉ đêm, không gửi cho từng người" in hall.screens["lan"].text
