"""Links and invitations: opaque, one-time where they give a role, and never a dead end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from models import joining, officers
from models.database import Connection
from models.messages import Address
from models.unit_tables import unit, unit_span
from tests.handlers.hall import Hall

MAI, LAN = Address("telegram", "tai-khoan-mai"), Address("web", "tai-khoan-lan")
MERGED = date(2020, 2, 1)


async def roles(hall: Hall, who: Address) -> list[str]:
    person = await hall.person(who)
    assert person is not None
    grants = await hall.writer.write(lambda conn: officers.grants(conn, person.id))
    return [grant.role for grant in grants]


async def test_an_invitation_gives_its_role_once(hall: Hall) -> None:
    token = await hall.invitation("mai-son")
    await hall.receive(MAI, start=token)
    await hall.tap(MAI, "yes")
    assert await roles(hall, MAI) == ["officer"]
    await hall.join(LAN)
    shown = await hall.receive(LAN, start=token)
    assert shown is not None
    assert token not in shown.text
    assert await roles(hall, LAN) == []
    await hall.receive(MAI, start=token)
    assert await roles(hall, MAI) == ["officer"]


async def test_an_invitation_ends_after_two_weeks(hall: Hall) -> None:
    await hall.join(MAI)
    token = await hall.invitation("mai-son")
    hall.at += officers.LIFETIME + timedelta(seconds=1)
    await hall.receive(MAI, start=token)
    assert await roles(hall, MAI) == []


async def test_an_invitation_waits_while_its_guest_reads_and_changes_the_language(hall: Hall) -> None:
    await hall.receive(MAI, start=await hall.invitation("mai-son"))
    await hall.tap(MAI, "go:privacy", "go:start", "go:language", "to:en")
    await hall.receive(MAI, text="/help")
    await hall.tap(MAI, "go:start", "yes")
    assert await roles(hall, MAI) == ["officer"]


@pytest.mark.parametrize("token", ["la", "x" * 64, "../../etc", "' OR 1=1", "Đồng ý", "A" * 5000])
async def test_an_unknown_token_opens_the_usual_door_and_is_not_repeated(hall: Hall, token: str) -> None:
    await hall.receive(MAI, start=token)
    shown = await hall.tap(MAI, "yes")
    assert token not in shown.text
    assert shown.text.startswith("Đường dẫn hoặc thư mời này không còn hiệu lực.")
    assert any(action.startswith("open:") for action in hall.offers(MAI))


async def test_a_second_link_asks_before_it_moves_anybody(hall: Hall) -> None:
    person = await hall.join(MAI, "mam-non")
    await hall.receive(MAI, start=await hall.link("che-moc-chau"))
    assert hall.offers(MAI) >= {"home", "other", "go:start"}
    await hall.tap(MAI, "go:start")
    kept = await hall.person(MAI)
    assert kept is not None
    assert kept.unit_id == person.unit_id
    await hall.receive(MAI, start=await hall.link("che-moc-chau"))
    await hall.tap(MAI, "home")
    moved = await hall.person(MAI)
    assert moved is not None
    assert moved.unit_id == await hall.unit("che-moc-chau")


async def merge(hall: Hall, old: str, into: str | None) -> None:
    """Let a unit end on the last day of January 2020, with or without one that stands for it."""
    gone, stands = await hall.unit(old), await hall.unit(into) if into else None

    async def write(conn: Connection) -> None:
        ends = update(unit_span).where(unit_span.c.unit_id == gone).values(valid_to=MERGED - timedelta(days=1))
        await conn.execute(ends)
        await conn.execute(update(unit).where(unit.c.id == gone).values(successor_id=stands))

    await hall.writer.write(write)
    hall.at = datetime(2020, 2, 3, 2, tzinfo=UTC)


async def test_the_link_of_a_merged_unit_leads_to_the_one_that_stands_for_it(hall: Hall) -> None:
    token = await hall.link("che-mai-son")
    await merge(hall, "che-mai-son", "mam-non")
    await hall.receive(MAI, start=token)
    await hall.tap(MAI, "yes", "home")
    person = await hall.person(MAI)
    assert person is not None
    assert person.unit_id == await hall.unit("mam-non")


async def test_the_link_of_a_unit_that_is_no_more_opens_the_list(hall: Hall) -> None:
    token = await hall.link("che-mai-son")
    await merge(hall, "che-mai-son", None)
    await hall.receive(MAI, start=token)
    shown = await hall.tap(MAI, "yes")
    assert shown.title == "Anh/chị thuộc đơn vị nào?"


async def test_an_ended_link_opens_the_list(hall: Hall) -> None:
    token = await hall.link("mam-non")
    await hall.writer.write(lambda conn: joining.end_link(conn, token, hall.at))
    await hall.receive(MAI, start=token)
    shown = await hall.tap(MAI, "yes")
    assert shown.title == "Anh/chị thuộc đơn vị nào?"


async def test_members_and_officers_of_a_merged_unit_still_see_everything(hall: Hall) -> None:
    await hall.receive(MAI, start=await hall.invitation("che-mai-son"))
    await hall.tap(MAI, "yes")
    await merge(hall, "che-mai-son", "mam-non")
    for command in ("/start", "/mydata", "/summary", "/help"):
        shown = await hall.receive(MAI, text=command)
        assert shown is not None
        assert "–" not in shown.text.split("\n")


async def test_the_token_of_an_invitation_is_nowhere_in_the_database(hall: Hall) -> None:
    token = await hall.invitation("mai-son")

    async def stored(conn: Connection) -> list[str]:
        return list((await conn.execute(select(officers.invitation.c.token_hash))).scalars())

    assert token not in await hall.writer.write(stored)
