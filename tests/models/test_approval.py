"""Who stands behind a broadcast: each hand in it is known alone, nothing that is decided is unsealed, all is noted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audit, broadcasts, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import Plan, Refused
from models.posts import Written

AT = datetime(2020, 1, 6, 2, tzinfo=UTC)
WROTE, REWROTE, BEGAN, HANDED_IN, APPROVED = (Act(AT, str(number)) for number in range(101, 106))


async def handed_in(conn: AsyncConnection) -> int:
    """A broadcast of the third version of a post, in which everybody but the approver had another hand."""
    post_id = await posts.add(conn, written("một"), WROTE)
    for words, who in (("hai", REWROTE), ("ba", Act(AT, posts.PACK))):
        await posts.revise(conn, post_id, written(words), who)
    id = await broadcasts.draft(conn, Plan(post_id, 3, Audience("news")), BEGAN)
    await broadcasts.submit(conn, id, HANDED_IN)
    return id


def written(text: str) -> Written:
    return Written(text, sha256(text.encode()).hexdigest(), "dot-1", "dot-1.1", "")


async def sealed(conn: AsyncConnection, id: int) -> str:
    known = await broadcasts.find(conn, id)
    assert known is not None
    return await broadcasts.seal(conn, known)


@pytest.mark.parametrize("who", [WROTE, REWROTE, BEGAN, HANDED_IN], ids=["wrote", "rewrote", "began", "handed in"])
async def test_one_hand_in_it_is_enough_to_approve_nothing(conn: AsyncConnection, who: Act) -> None:
    id = await handed_in(conn)
    with pytest.raises(Refused, match="own"):
        await broadcasts.approve(conn, id, await sealed(conn, id), who)
    await broadcasts.approve(conn, id, await sealed(conn, id), APPROVED)


LATER = AT + timedelta(hours=1)
AUDIENCE = Audience("news")
PLAN = Plan(1, 1, AUDIENCE, start_at=AT, until=LATER)
DECIDED = {
    "whose words": replace(PLAN, post_id=2),
    "which version": replace(PLAN, version=2),
    "nobody": replace(PLAN, audience=None),
    "places": replace(PLAN, outlets=("feed",)),
    "frozen": replace(PLAN, frozen=False),
    "begins": replace(PLAN, start_at=LATER),
    "begins at once": replace(PLAN, start_at=None),
    "begins with a close": replace(PLAN, on_close="dot-1"),
    "ends": replace(PLAN, until=LATER + timedelta(hours=1)),
    "never ends": replace(PLAN, until=None),
    "topic": replace(PLAN, audience=replace(AUDIENCE, topic="slogans")),
    "unit": replace(PLAN, audience=replace(AUDIENCE, unit="u")),
    "those below": replace(PLAN, audience=replace(AUDIENCE, below=False)),
    "kinds": replace(PLAN, audience=replace(AUDIENCE, kinds=("cdcs",))),
    "language": replace(PLAN, audience=replace(AUDIENCE, language="en")),
    "who took part": replace(PLAN, audience=replace(AUDIENCE, took_part="du-thao")),
}


@pytest.mark.parametrize("part", DECIDED)
def test_each_part_of_what_is_decided_makes_another_seal(part: str) -> None:
    assert DECIDED[part].seal("0" * 64) != PLAN.seal("0" * 64)


def test_other_words_make_another_seal_and_the_same_ones_the_same() -> None:
    assert PLAN.seal("1" * 64) != PLAN.seal("0" * 64) == replace(PLAN).seal("0" * 64)


async def test_each_step_is_noted_with_who_took_it_and_without_a_word_of_theirs(conn: AsyncConnection) -> None:
    id = await handed_in(conn)
    await broadcasts.send_back(conn, id, APPROVED, "Xin anh Bảy ghi rõ nguồn.")
    known = await broadcasts.find(conn, id)
    assert known is not None
    await broadcasts.change(conn, id, replace(known.plan, frozen=False), BEGAN)
    await broadcasts.submit(conn, id, HANDED_IN)
    await broadcasts.approve(conn, id, await sealed(conn, id), APPROVED)
    await broadcasts.change(conn, id, replace(known.plan, outlets=("feed",)), REWROTE)
    await broadcasts.submit(conn, id, HANDED_IN)
    await broadcasts.approve(conn, id, await sealed(conn, id), APPROVED)
    assert await broadcasts.start(conn, id, AT)
    await broadcasts.pause(conn, id, REWROTE)
    await broadcasts.resume(conn, id, BEGAN)
    await broadcasts.cancel(conn, id, APPROVED)
    its = audit.audit.c
    noted = (await conn.execute(select(its.act, its.actor, its.detail).order_by(its.id))).all()
    assert [(act, who) for act, who, _ in noted] == [
        ("draft broadcast", BEGAN.actor),
        ("submit broadcast", HANDED_IN.actor),
        ("send broadcast back", APPROVED.actor),
        ("edit broadcast", BEGAN.actor),
        ("submit broadcast", HANDED_IN.actor),
        ("approve broadcast", APPROVED.actor),
        ("edit voids approval", REWROTE.actor),
        ("submit broadcast", HANDED_IN.actor),
        ("approve broadcast", APPROVED.actor),
        ("start broadcast", "clock"),
        ("pause broadcast", REWROTE.actor),
        ("resume broadcast", BEGAN.actor),
        ("cancel broadcast", APPROVED.actor),
    ]
    assert {detail for _, _, detail in noted} == {f"broadcast {id}"}, "the product's own words alone"
