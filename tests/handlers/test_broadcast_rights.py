"""Who may decide about a broadcast: an approver, whose role reaches over all of it, as long as that role lasts."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import broadcast, broadcast_list
from handlers.content import remember_posts
from handlers.visit import Visit
from models import broadcasts, people, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import SCHEDULED, SUBMITTED, Plan
from models.messages import Address, Inbound
from models.officers import role_grant
from tests.handlers.office import Office, office
from tests.handlers.province import AT, LATER

HERE, ELSEWHERE = "LĐLĐ huyện Mộc Châu", "LĐLĐ huyện Quỳnh Nhai"


@pytest.fixture
async def hall(conn: AsyncConnection, tmp_path: Path) -> Office:
    hall = await office(conn, tmp_path)
    await remember_posts(conn, hall.town.house.pack, AT)
    return hall


async def submitted(hall: Office, **planned: object) -> int:
    """A broadcast of the campaign's own words to one district, handed in by somebody who is not here."""
    (post, *_) = await posts.library(hall.conn, "dot-1")
    plan = Plan(post.post_id, post.number, Audience("news", unit=hall.town.unit(HERE)))
    id = await broadcasts.draft(hall.conn, replace(plan, **planned), Act(AT, "901"))  # type: ignore[arg-type]
    await broadcasts.submit(hall.conn, id, Act(AT, "901"))
    return id


async def read(hall: Office, id: int) -> bool:
    """Open a broadcast and read it to its last page; False where it is not shown."""
    await hall.look("minh")
    if f"open:{id}" not in hall.offers("minh"):
        return False
    await hall.tap("minh", f"open:{id}")
    while "page:next" in hall.offers("minh"):
        await hall.tap("minh", "page:next")
    return True


async def status(hall: Office, id: int) -> str:
    known = await broadcasts.find(hall.conn, id)
    assert known is not None
    return known.status


async def end(hall: Office, role: str) -> None:
    await hall.conn.execute(update(role_grant).where(role_grant.c.role == role).values(ended_at=LATER))


PUBLIC: dict[str, object] = {"outlets": ("feed",)}
EVERYBODY: dict[str, object] = {"audience": Audience("news")}
ROOT = ""
CASES = {
    "an approver of the district": (HERE, ("approver",), {}, True),
    "an approver of the federation": (ROOT, ("approver",), {}, True),
    "an approver of the federation, public places": (ROOT, ("approver",), PUBLIC, True),
    "an approver of another district": (ELSEWHERE, ("approver",), {}, False),
    "an approver of the district, public places": (HERE, ("approver",), PUBLIC, False),
    "an approver of the district, everybody": (HERE, ("approver",), EVERYBODY, False),
    "an editor of the district": (HERE, ("editor",), {}, False),
    "an editor of the federation": (ROOT, ("editor",), {}, False),
    "an officer of the federation": (ROOT, ("officer",), {}, False),
    "an editor here who approves elsewhere": (HERE, ("editor", ELSEWHERE), {}, False),
}


@pytest.mark.parametrize("case", CASES)
async def test_an_approval_is_offered_to_an_approver_over_all_of_it_alone(hall: Office, case: str) -> None:
    unit, roles, planned, may = CASES[case]
    id = await submitted(hall, **planned)
    await hall.hire("minh", hall.town.unit(unit) if unit else hall.root, [role for role in roles if role != ELSEWHERE])
    if ELSEWHERE in roles:
        person = await people.find(hall.conn, Address("console", "minh"))
        assert person is not None
        grant = {"person_id": person.id, "role": "approver", "unit_id": hall.town.unit(ELSEWHERE)}
        await hall.conn.execute(role_grant.insert().values(**grant, granted_at=AT, granted_by="test"))
    shown = await read(hall, id)
    assert ("approve" in hall.offers("minh")) is may
    assert shown or not may
    if may:
        await hall.tap("minh", "approve")
    assert await status(hall, id) == (SCHEDULED if may else SUBMITTED)


async def test_a_role_that_ended_while_its_holder_read_approves_nothing(hall: Office) -> None:
    id = await submitted(hall)
    await hall.hire("minh", hall.root, ["approver"])
    assert await read(hall, id)
    await end(hall, "approver")
    await hall.tap("minh", "approve")
    assert await status(hall, id) == SUBMITTED


async def test_what_was_changed_while_it_was_read_is_read_again(hall: Office) -> None:
    id = await submitted(hall)
    await hall.hire("minh", hall.root, ["approver"])
    assert await read(hall, id)
    known = await broadcasts.find(hall.conn, id)
    assert known is not None
    await broadcasts.change(hall.conn, id, replace(known.plan, start_at=LATER + timedelta(days=1)), Act(AT, "901"))
    await broadcasts.submit(hall.conn, id, Act(AT, "901"))
    await hall.tap("minh", "approve")
    assert await status(hall, id) == SUBMITTED
    assert await read(hall, id)
    await hall.tap("minh", "approve")
    assert await status(hall, id) == SCHEDULED


async def test_whoever_may_not_edit_any_more_sees_no_draft(hall: Office) -> None:
    await hall.hire("minh", hall.root, ["editor", "approver"])
    await hall.look("minh")
    await hall.tap("minh", "new", "field:title")
    await hall.say("minh", "Ngày hội đoàn viên")
    await end(hall, "editor")
    await hall.look("minh")
    (sketch,) = (action for action in hall.offers("minh") if action.startswith("sketch:"))
    shown = await hall.tap("minh", sketch)
    assert "Ngày hội" not in shown.text
    assert not {action for action in hall.offers("minh") if action.startswith("field:")}


async def test_nobody_is_shown_how_many_a_reminder_went_to(hall: Office) -> None:
    id = await submitted(hall, kind="reminder", audience=Audience("reminders", drafting="doi-song"))
    await hall.hire("minh", hall.root, ["editor", "approver"])
    assert not await read(hall, id)
    address = Address("console", "minh")
    person = await people.find(hall.conn, address)
    assert person is not None
    visit = Visit(hall.conn, hall.town.house, person, Inbound("x", address, LATER))
    await broadcast_list.open_one(visit, id)  # as if a button had named it
    assert (await broadcast.show(visit)).title == ""
    assert (await broadcast.show(visit)).text == visit.t("broadcast.gone")
