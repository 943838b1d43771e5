"""Of two records of one person one voice is kept: the one that came further, else that of the record that stays."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers, audit, broadcasts, merging, officers, participation, people, posts
from models.answers import Found
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Plan, Refused
from models.participation import RELEASED, WITHHELD
from models.posts import Written
from models.slips import Slip
from tests.models.world import FORM, World, join_people, world

AT = datetime(2020, 1, 6, 3, tzinfo=UTC)
GOES, STAYS = 1, 2
STAGES = ("none", "draft", "pending", "released", "withheld")


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> World:
    made = await world(conn, tmp_path)
    await join_people(conn, [GOES, STAYS])
    return made


async def bring(town: World, person: int, stage: str) -> None:
    """Bring a record so far with the questionnaire."""
    words, unit = f"said by {person}".encode(), {GOES: "a", STAYS: "b"}[person]
    if stage == "draft":
        await answers.keep(town.conn, town.keys, "2020-01", Slip(person, FORM, words))
    elif stage != "none":
        await town.send(person, unit, words)
    if stage in (RELEASED, WITHHELD):
        await participation.settle(town.conn, FORM, [person], stage, "2020-01")
        await answers.erase(town.conn, FORM, [person])


@pytest.mark.parametrize("goes", STAGES)
@pytest.mark.parametrize("stays", STAGES)
async def test_the_record_that_came_further_is_kept_and_nothing_is_left_of_the_other(
    town: World, goes: str, stays: str
) -> None:
    await bring(town, GOES, goes)
    await bring(town, STAYS, stays)
    await merging.give_way(town.conn, town.keys, "2020-01", GOES, STAYS)
    further = {stage: min(at, 3) for at, stage in enumerate(STAGES)}  # what was settled either way was settled
    theirs = further[goes] > further[stays]
    stage, who = (goes, GOES) if theirs else (stays, STAYS)
    record = f"said by {who}".encode() if stage in ("draft", "pending") else None
    assert await answers.find(town.conn, town.keys, STAYS, FORM) == Found(stage, record)
    assert await answers.find(town.conn, town.keys, GOES, FORM) == Found("none", None)
    if stage in ("pending", "released", "withheld"):  # it counts where it was sent, wherever the person is now
        its = participation.participation.c
        rows = (await town.conn.execute(select(its.person_id, its.unit_id))).all()
        assert [tuple(row) for row in rows] == [(STAYS, {GOES: "a", STAYS: "b"}[who])]


async def test_each_questionnaire_is_looked_at_alone(town: World) -> None:
    await bring(town, GOES, "pending")
    await answers.keep(town.conn, town.keys, "2020-01", Slip(STAYS, "doi-song", b"begun"))
    await merging.give_way(town.conn, town.keys, "2020-01", GOES, STAYS)
    assert await answers.stage(town.conn, STAYS, FORM) == "pending"
    assert await answers.stage(town.conn, STAYS, "doi-song") == "draft"


@pytest.mark.parametrize("hand", ["wrote", "began"])
async def test_whoever_joins_two_records_approves_the_work_of_neither(town: World, hand: str) -> None:
    goes, other = Act(AT, str(GOES)), Act(AT, "9")
    words = Written("{}", "0" * 64, "dot-1", "", "")
    post_id = await posts.add(town.conn, words, goes if hand == "wrote" else other)
    id = await broadcasts.draft(town.conn, Plan(post_id, 1, Audience("news")), goes if hand == "began" else other)
    await broadcasts.submit(town.conn, id, other)
    await merging.give_way(town.conn, town.keys, "2020-01", GOES, STAYS)
    known = await broadcasts.find(town.conn, id)
    assert known is not None
    with pytest.raises(Refused, match="own"):
        await broadcasts.approve(town.conn, id, await broadcasts.seal(town.conn, known), Act(AT, str(STAYS)))


async def test_roles_pass_once_each(town: World) -> None:
    act = Act(AT, "shell")
    for person, unit in ((GOES, "a"), (GOES, "b"), (STAYS, "b")):
        await officers.redeem(town.conn, await officers.invite(town.conn, "officer", unit, act), person, AT)
    await officers.give_way(town.conn, GOES, STAYS)
    assert [grant.unit_id for grant in await officers.grants(town.conn, STAYS)] == ["a", "b"]
    assert await officers.grants(town.conn, GOES) == []
    assert (await town.conn.execute(select(audit.audit.c.act))).scalars().all().count("redeem") == 3


@pytest.mark.parametrize(("goes", "stays", "kept"), [("2019-12", "2019-10", "2019-12"), (None, "2019-10", "2019-10"),
                                                     ("2019-10", None, "2019-10"), (None, None, None)])  # fmt: skip
async def test_the_later_of_two_times_of_taking_part_is_known(
    town: World, goes: str | None, stays: str | None, kept: str | None
) -> None:
    its = people.person.c
    for person, last in ((GOES, goes), (STAYS, stays)):
        await town.conn.execute(update(people.person).where(its.id == person).values(last_period=last))
    await merging.give_way(town.conn, town.keys, "2020-01", GOES, STAYS)
    after = await people.by_id(town.conn, STAYS)
    assert after is not None
    assert after.last_period == kept
