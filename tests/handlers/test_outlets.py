"""Who may let us into a public place, what they are told in private, and that nothing is said anywhere else."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers import erasing, outlets
from locales.phrases import load
from models import merging, people, postings
from models import outlets as kept
from models.audit import audit
from models.messages import Address, Inbound, Outbound, Place
from models.officers import role_grant
from models.people import guest, person
from tests.handlers.province import AT, LATER, Province, province

BOSS, WORKER = Address("telegram", "101"), Address("telegram", "102")
CHANNEL = Place("-1001", "Công đoàn Sơn La", "channel", True)
GROUP = Place("-4001", "Tổ may 1", "group", True)
KEY = "telegram:-1001"
numbers = count()


async def known(town: Province, at: Address, role: str = "", unit: str = "") -> int:
    """Somebody we know, with a role or without."""
    one = replace(guest("vi", "2019-12-01"), consent_version=town.house.consent.version)
    await people.store(town.conn, one, at)
    if role:
        grant = {"person_id": one.id, "role": role, "unit_id": unit, "granted_at": AT, "granted_by": "test"}
        await town.conn.execute(insert(role_grant), grant)
    return one.id


async def happened(town: Province, who: Address, place: Place) -> Sequence[Outbound]:
    """A place comes in."""
    return await town.reception.attend(town.conn, Inbound(f"p{next(numbers)}", who, LATER, place=place))


async def test_an_officer_of_the_federation_registers_a_channel(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    for role in ("officer", "editor", "approver"):
        who = Address("telegram", f"1{role}")
        id = await known(town, who, role, town.tree.roots[0].id)
        (told,) = await happened(town, who, CHANNEL)
        assert told.to == who
        assert told.text.startswith("Đã ghi nhận kênh «Công đoàn Sơn La»")
        assert await kept.find(conn, KEY) == kept.Outlet(KEY, "telegram", "Công đoàn Sơn La", True, LATER, id)
    (told,) = await happened(town, who, GROUP)
    assert "nhóm «Tổ may 1»" in told.text
    acts = list((await conn.execute(select(audit.c.act, audit.c.detail).order_by(audit.c.id.desc()).limit(1))).one())
    assert acts == ["register outlet", "telegram:-4001"]


async def test_nobody_else_registers_anything(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    below = town.tree.children(town.tree.roots[0].id)[0].id
    await known(town, WORKER, "officer", below)
    (told,) = await happened(town, WORKER, CHANNEL)
    assert told.to == WORKER
    assert "chưa được ghi nhận" in told.text
    assert await happened(town, WORKER, CHANNEL) == [], "they are told once"
    before = (await conn.execute(select(person.c.id))).all()
    assert await happened(town, Address("telegram", "999"), CHANNEL) == [], "a stranger is told nothing"
    assert await happened(town, Address("telegram", "999"), replace(CHANNEL, may_post=False)) == []
    assert (await conn.execute(select(person.c.id))).all() == before, "and is not remembered"
    assert await kept.listed(conn) == []


async def test_a_right_that_is_missing_is_said(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    await known(town, BOSS, "editor", town.tree.roots[0].id)
    (told,) = await happened(town, BOSS, replace(CHANNEL, may_post=False))
    assert "chưa ghi nhận" in told.text
    assert await kept.listed(conn) == []


@pytest.mark.parametrize("stranger", [True, False])
async def test_a_right_that_is_taken_away_closes_the_outlet(
    conn: AsyncConnection, tmp_path: Path, stranger: bool
) -> None:
    town = await province(conn, tmp_path)
    await known(town, BOSS, "approver", town.tree.roots[0].id)
    await happened(town, BOSS, CHANNEL)
    out = replace(CHANNEL, may_post=False)
    (told,) = await happened(town, WORKER if stranger else BOSS, out)
    assert told.to == BOSS
    assert "không còn quyền đăng tin ở «Công đoàn Sơn La»" in told.text
    closed = await kept.find(conn, KEY)
    assert closed
    assert not closed.may_post
    assert await happened(town, WORKER, out) == []
    assert await happened(town, WORKER, CHANNEL) == [], "who took it cannot give it back"
    assert await kept.listed(conn, open_only=True) == []
    await happened(town, BOSS, CHANNEL)
    assert [each.key for each in await kept.listed(conn, open_only=True)] == [KEY]


async def test_a_new_name_is_kept_whoever_gave_it(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    await known(town, BOSS, "officer", town.tree.roots[0].id)
    await happened(town, BOSS, CHANNEL)
    assert await happened(town, WORKER, replace(CHANNEL, title="LĐLĐ\n tỉnh " + "a" * 200)) == []
    renamed = await kept.find(conn, KEY)
    assert renamed
    assert renamed.title.startswith("LĐLĐ tỉnh aaa")
    assert len(renamed.title) == 128


async def test_a_group_that_moved_is_the_same_outlet(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    await known(town, BOSS, "officer", town.tree.roots[0].id)
    await happened(town, BOSS, GROUP)
    moved = Place("-4001", "-4001", "group", True, moved_to="-1009")
    assert await happened(town, Address("telegram", "-4001"), moved) == []
    assert [(each.key, each.title) for each in await kept.listed(conn)] == [("telegram:-1009", "Tổ may 1")]
    assert await happened(town, BOSS, moved) == []
    assert len(await kept.listed(conn)) == 1


async def test_who_added_a_place_is_shown_it_and_forgotten_with_the_rest(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    id = await known(town, BOSS, "officer", town.tree.roots[0].id)
    await happened(town, BOSS, CHANNEL)
    record = await town.reception.attend(conn, Inbound("m", BOSS, LATER, text="/mydata"))
    assert "Nơi đăng tin do anh/chị thêm: Công đoàn Sơn La" in record[-1].text
    other = await known(town, WORKER)
    await merging.give_way(conn, town.house.keys, "2020-01", id, other)
    assert await kept.added_by(conn, other) == ["Công đoàn Sơn La"]
    await erasing.erase(conn, other, LATER)
    left = await kept.find(conn, KEY)
    assert left
    assert left.may_post
    assert left.added_by is None
    assert await happened(town, Address("telegram", "999"), replace(CHANNEL, may_post=False)) == []


def test_the_link_asks_for_the_right_to_post(tmp_path: Path) -> None:
    class Named:
        telegram_name = "LangNgheBot"

    house: object = Named()
    assert outlets.invitation(house) == (  # type: ignore[arg-type]
        "https://t.me/LangNgheBot?startchannel&admin=post_messages+edit_messages"
    )
    Named.telegram_name = ""
    assert outlets.invitation(house) == ""  # type: ignore[arg-type]


def test_causes_are_told_in_words(tmp_path: Path) -> None:
    class Talking:
        phrases = load()

    house: object = Talking()
    for cause in postings.CAUSES:
        assert outlets.why(house, "vi", cause) != cause  # type: ignore[arg-type]
    assert outlets.why(house, "vi", "quota error -211").endswith("(error -211)")  # type: ignore[arg-type]
    assert outlets.why(house, "vi", "error -201") == "error -201"  # type: ignore[arg-type]
