"""An editor of the federation ends a phase at the desk: what waited for that goes at once, and only once."""

import asyncio
from datetime import date, datetime, time
from functools import partial

import pytest
from sqlalchemy import update

from handlers import calendar
from handlers.phases import phase_on, phases
from locales.formats import VIETNAM
from models import bounds, broadcasts, officers, posts, seen
from models.audiences import Audience
from models.audit import Act
from models.bounds import Bound
from models.broadcasts import Plan, broadcast
from models.database import Connection
from models.messages import Address
from models.officers import role_grant
from models.posts import Written
from tests.handlers.hall import Hall

THU, HOA, NAM = (Address("telegram", f"tai-khoan-{name}") for name in ("thu", "hoa", "nam"))
CLOSING = ("go:topics", "close", "yes")


def noon(day: str) -> datetime:
    """The middle of a day in Vietnam."""
    return datetime.combine(date.fromisoformat(day), time(12), VIETNAM)


async def appoint(hall: Hall, who: Address, role: str = "editor", code: str = "") -> None:
    """Let somebody join and hold a role, over the top of the tree if no unit is named."""
    person = await hall.join(who)
    tree = await hall.writer.write(lambda conn: hall.house.tree(conn, hall.at.date()))
    unit = await hall.unit(code) if code else tree.roots[0].id

    async def grant(conn: Connection) -> None:
        token = await officers.invite(conn, role, unit, Act(hall.at, "shell"))
        assert await officers.redeem(conn, token, person.id, hall.at)

    await hall.writer.write(grant)
    await hall.receive(who, text="/start")


async def waiting(hall: Hall, phase: str = "dot-1") -> int:
    """An approved broadcast that waits for the end of a phase."""

    async def make(conn: Connection) -> int:
        act = Act(hall.at, "1")
        post = await posts.add(conn, Written("{}", "d", phase, f"{phase}.8", ""), act)
        id = await broadcasts.draft(conn, Plan(post, 1, Audience("news"), on_close=phase), act)
        await conn.execute(update(broadcast).where(broadcast.c.id == id).values(status=broadcasts.SCHEDULED))
        return id

    return await hall.writer.write(make)


async def due(hall: Hall, id: int) -> datetime | None:
    """When a broadcast begins."""
    found = await hall.writer.write(lambda conn: broadcasts.find(conn, id))
    assert found is not None
    return found.due


async def dates(hall: Hall) -> dict[str, Bound]:
    """What was changed."""
    return await hall.writer.write(bounds.edited)


async def test_what_waited_for_the_end_is_due_in_the_hour_of_it_and_the_clock_does_not_do_it_again(hall: Hall) -> None:
    await appoint(hall, THU)
    first, other = await waiting(hall), await waiting(hall, "dot-2")
    await hall.turn(noon("2020-09-23"))
    assert await due(hall, first) is None
    await hall.tap(THU, *CLOSING)
    ended = hall.at
    assert await due(hall, first) == ended
    assert await due(hall, other) is None
    await hall.turn(noon("2020-09-24"))
    assert await due(hall, first) == ended
    marked = await hall.writer.write(lambda conn: seen.mark(conn, "clock", "phase:dot-1:closes:2020-09-23", hall.at))
    assert not marked


async def test_what_the_clock_missed_while_the_house_was_down_it_does_at_its_start_and_once(hall: Hall) -> None:
    first, second = await waiting(hall), await waiting(hall, "dot-2")
    await hall.turn(noon("2021-01-26"))
    assert (await due(hall, first), await due(hall, second)) == (hall.at, hall.at)
    late = await waiting(hall)
    await hall.turn(noon("2021-01-27"))
    assert await due(hall, late) is None


async def test_a_closing_that_was_put_off_while_the_clock_brought_it_does_nothing(hall: Hall) -> None:
    first = await waiting(hall)
    at = noon("2020-11-01")
    brought = calendar.due(hall.house.pack, at)
    later = [("dot-1", Bound(date(2019, 11, 8), date(2020, 11, 9))), ("dot-2", Bound(date(2020, 11, 10), None))]
    await hall.writer.write(lambda conn: bounds.keep(conn, later, Act(at, "7")))
    for inbound in brought:
        await hall.road.receive(inbound)
    assert await due(hall, first) is None
    await hall.turn(noon("2020-11-10"))
    assert await due(hall, first) == hall.at


async def test_a_last_day_that_has_passed_ends_the_phase_at_once_even_where_it_was_over_before(hall: Hall) -> None:
    await appoint(hall, THU)
    await hall.turn(noon("2020-11-05"))
    back = noon("2020-11-04")
    reopened = [("dot-1", Bound(date(2019, 11, 8), date(2020, 11, 30))), ("dot-2", Bound(date(2020, 12, 1), None))]
    await hall.writer.write(lambda conn: bounds.keep(conn, reopened, Act(back, "7")))
    first = await waiting(hall)
    await hall.receive(THU, text="/topics")
    await hall.tap(THU, "dates", "edge:ends")
    await hall.receive(THU, text="31/10")
    await hall.tap(THU, "along", "yes")
    assert await due(hall, first) == hall.at


async def test_home_and_the_phase_of_a_day_follow_the_new_dates(hall: Hall) -> None:
    await appoint(hall, THU)
    await hall.turn(noon("2020-09-23"))
    await hall.tap(THU, *CLOSING)
    pack = hall.house.pack
    for day, phase in (("2020-09-23", "dot-1"), ("2020-09-24", "dot-2"), ("2021-01-26", "dot-3")):
        found = await hall.writer.write(partial(phase_on, campaign=pack, day=date.fromisoformat(day)))
        assert found is not None
        assert found.phase.id == phase
    told = await hall.receive(THU, text="/start")
    assert told is not None
    assert "đến ngày 23/09/2020 (đã kết thúc)" in told.text


@pytest.mark.parametrize(("role", "code"), [("editor", "mam-non"), ("approver", "mam-non"), ("officer", "")])
async def test_who_holds_no_such_role_over_everybody_finds_no_way_and_no_tap_makes_one(
    hall: Hall, role: str, code: str
) -> None:
    await appoint(hall, THU, role, code)
    await hall.tap(THU, "go:topics")
    assert not {"dates", "close"} & hall.offers(THU)
    assert "topic-coverage" in hall.offers(THU)
    await hall.join(NAM)
    await hall.tap(NAM, "go:topics")
    assert not {"dates", "close", "topic-coverage"} & hall.offers(NAM)
    person = await hall.person(NAM)
    assert person is not None
    await hall.receive(NAM, tap=f"{person.revision}.close")
    assert await dates(hall) == {}


async def test_a_role_that_ends_in_the_middle_changes_nothing_more(hall: Hall) -> None:
    await appoint(hall, THU)
    await hall.tap(THU, "go:topics", "close")
    await hall.writer.write(lambda conn: conn.execute(update(role_grant).values(ended_at=hall.at)))
    person = await hall.person(THU)
    assert person is not None
    told = await hall.receive(THU, tap=f"{person.revision}.yes")
    assert told is not None
    assert await dates(hall) == {}


async def test_of_two_who_end_a_phase_at_once_one_does_and_the_other_is_told(hall: Hall) -> None:
    await appoint(hall, THU)
    await appoint(hall, HOA, "approver")
    for who in (THU, HOA):
        await hall.tap(who, "go:topics", "close")
    await asyncio.gather(hall.tap(THU, "yes"), hall.tap(HOA, "yes"))
    told = [hall.screens[who].text for who in (THU, HOA)]
    assert sorted("Đã đổi ngày." in text for text in told) == [False, True]
    assert any("Đợt này không đang diễn ra" in text for text in told)


@pytest.mark.parametrize("typed", ["31/12/9999", "1/1/0001", "9999-12-31", "15/1/2120"])
async def test_a_day_in_another_age_is_asked_about(hall: Hall, typed: str) -> None:
    await appoint(hall, THU)
    await hall.tap(THU, "go:topics", "dates", "edge:ends")
    told = await hall.receive(THU, text=typed)
    assert told is not None
    assert "hơn mười năm" in told.text
    assert await dates(hall) == {}


async def test_the_last_phase_may_be_left_open_and_an_ended_one_is_over(hall: Hall) -> None:
    await appoint(hall, THU)
    await hall.turn(noon("2021-03-01"))
    await hall.tap(THU, *CLOSING)
    known = await hall.writer.write(lambda conn: phases(conn, hall.house.pack))
    assert known[-1].over(hall.at)
    await hall.tap(THU, "edge:ends", "open")
    assert "Đợt 4 đã kết thúc. Đổi như vậy là mở lại đợt này." in hall.screens[THU].text
    await hall.tap(THU, "yes")
    assert (await dates(hall))["dot-4"] == Bound(date(2021, 2, 3), None)
