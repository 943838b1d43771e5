"""A broadcast goes its way in steps; two people stand behind it, and only what was approved is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import audit, broadcasts, posts
from models.audiences import Audience
from models.audit import Act
from models.broadcasts import (
    CANCELLED,
    DRAFT,
    FINISHED,
    PAUSED,
    RUNNING,
    SCHEDULED,
    SUBMITTED,
    UNENDED,
    Plan,
    Refused,
    broadcast,
)
from models.posts import Media, Written, post_version

AT = datetime(2020, 1, 6, 2, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
WRITER, EDITOR, APPROVER = Act(AT, "101"), Act(AT, "102"), Act(AT, "103")
STEPS = (DRAFT, SUBMITTED, SCHEDULED, RUNNING, PAUSED, FINISHED, CANCELLED)


def written(text: str) -> Written:
    return Written(text, sha256(text.encode()).hexdigest(), "dot-1", "dot-1.1", "")


async def begun(conn: AsyncConnection, **planned: object) -> int:
    """A draft of a new post."""
    post = await posts.add(conn, written('{"a": 1}'), WRITER, unit_id="u")
    return await broadcasts.draft(conn, replace(Plan(post, 1, Audience("news")), **planned), WRITER)  # type: ignore[arg-type]


async def sealed(conn: AsyncConnection, id: int) -> str:
    known = await broadcasts.find(conn, id)
    assert known is not None
    return await broadcasts.seal(conn, known)


async def approved(conn: AsyncConnection, **planned: object) -> int:
    id = await begun(conn, **planned)
    await broadcasts.submit(conn, id, WRITER)
    await broadcasts.approve(conn, id, await sealed(conn, id), APPROVER)
    return id


async def brought_to(conn: AsyncConnection, status: str) -> int:
    """A broadcast in a status."""
    if status in (DRAFT, SUBMITTED):
        id = await begun(conn)
        if status == SUBMITTED:
            await broadcasts.submit(conn, id, WRITER)
        return id
    id = await approved(conn)
    if status in (RUNNING, PAUSED, FINISHED):
        assert await broadcasts.start(conn, id, AT)
    if status == PAUSED:
        await broadcasts.pause(conn, id, APPROVER, "thôi")
    if status == FINISHED:
        await broadcasts.finish(conn, id, LATER)
    if status == CANCELLED:
        await broadcasts.cancel(conn, id, APPROVER)
    return id


async def status_of(conn: AsyncConnection, id: int) -> str:
    known = await broadcasts.find(conn, id)
    assert known is not None
    return known.status


async def refusal(step: Awaitable[object]) -> str:
    with pytest.raises(Refused) as refused:
        await step
    return refused.value.why


async def test_a_broadcast_is_written_approved_by_another_and_finished(conn: AsyncConnection) -> None:
    id = await approved(conn)
    known = await broadcasts.find(conn, id)
    assert known is not None
    assert (known.status, known.submitted_by, known.approved_by) == (SCHEDULED, "101", "103")
    assert (known.due, known.before) == (AT, AT)
    assert await broadcasts.due(conn, AT) == [id]
    assert await broadcasts.start(conn, id, AT) is not None
    await broadcasts.finish(conn, id, LATER)
    acts = (await conn.execute(select(audit.audit.c.act, audit.audit.c.actor).order_by(audit.audit.c.id))).all()
    assert [tuple(row) for row in acts] == [
        ("draft broadcast", "101"),
        ("submit broadcast", "101"),
        ("approve broadcast", "103"),
        ("start broadcast", "clock"),
        ("finish broadcast", "clock"),
    ]


@pytest.mark.parametrize("who", ["wrote", "edited", "submitted"])
async def test_nobody_approves_what_they_had_a_hand_in(conn: AsyncConnection, who: str) -> None:
    id = await begun(conn)
    known = await broadcasts.find(conn, id)
    assert known is not None
    number = await posts.revise(conn, known.plan.post_id, written('{"a": 2}'), EDITOR)
    await broadcasts.change(conn, id, replace(known.plan, version=number), EDITOR)
    await broadcasts.submit(conn, id, Act(AT, "104"))
    own = Act(AT, {"wrote": "101", "edited": "102", "submitted": "104"}[who])
    assert await refusal(broadcasts.approve(conn, id, await sealed(conn, id), own)) == "own"
    await broadcasts.approve(conn, id, await sealed(conn, id), APPROVER)


async def test_whoever_joins_two_records_approves_the_work_of_neither(conn: AsyncConnection) -> None:
    id = await begun(conn)
    await broadcasts.submit(conn, id, WRITER)
    await posts.pass_on(conn, "101", "103")
    await broadcasts.pass_on(conn, "101", "103")
    assert await refusal(broadcasts.approve(conn, id, await sealed(conn, id), APPROVER)) == "own"


CHANGES: dict[str, dict[str, object]] = {
    "audience": {"audience": Audience("slogans")},
    "unit": {"audience": Audience("news", unit="u")},
    "outlets": {"outlets": ("feed",)},
    "frozen": {"frozen": False},
    "start": {"start_at": LATER},
    "close": {"on_close": "dot-1"},
    "until": {"until": LATER},
}


@pytest.mark.parametrize("name", CHANGES)
async def test_any_edit_voids_the_approval_and_another_seal_is_needed(conn: AsyncConnection, name: str) -> None:
    id = await approved(conn)
    known = await broadcasts.find(conn, id)
    assert known is not None
    before = await sealed(conn, id)
    assert await broadcasts.change(conn, id, replace(known.plan, **CHANGES[name]), WRITER)  # type: ignore[arg-type]
    assert await status_of(conn, id) == DRAFT
    assert await broadcasts.due(conn, LATER) == []
    await broadcasts.submit(conn, id, WRITER)
    assert await refusal(broadcasts.approve(conn, id, before, APPROVER)) == "changed"
    await broadcasts.approve(conn, id, await sealed(conn, id), APPROVER)


async def test_the_same_plan_again_voids_nothing(conn: AsyncConnection) -> None:
    id = await approved(conn)
    known = await broadcasts.find(conn, id)
    assert known is not None
    assert not await broadcasts.change(conn, id, known.plan, WRITER)
    assert await status_of(conn, id) == SCHEDULED


async def test_a_version_that_was_tampered_with_is_not_sent(conn: AsyncConnection) -> None:
    id = await approved(conn)
    await conn.execute(update(post_version).values(body='{"a": "khác"}'))
    assert await broadcasts.start(conn, id, AT) is None
    known = await broadcasts.find(conn, id)
    assert known is not None
    assert (known.status, known.reason, known.started_at) == (DRAFT, "seal", None)


TAMPERED: list[dict[str, object]] = [
    {"audience": Audience("results").canonical()},
    {"outlets": '["feed"]'},
    {"version": 2},
    {"frozen": False},
]


@pytest.mark.parametrize("tampered", TAMPERED)
async def test_a_plan_that_was_tampered_with_is_not_sent(conn: AsyncConnection, tampered: dict[str, object]) -> None:
    id = await approved(conn)
    known = await broadcasts.find(conn, id)
    assert known is not None
    await posts.revise(conn, known.plan.post_id, written('{"a": 2}'), EDITOR)
    await conn.execute(update(broadcast).values(tampered))
    assert await broadcasts.start(conn, id, AT) is None
    assert await status_of(conn, id) == DRAFT


ALLOWED: dict[str, tuple[str, ...]] = {
    "change": (DRAFT, SUBMITTED, SCHEDULED),
    "submit": (DRAFT,),
    "send back": (SUBMITTED, SCHEDULED),
    "approve": (SUBMITTED,),
    "pause": (RUNNING,),
    "resume": (PAUSED,),
    "cancel": UNENDED,
    "finish": (RUNNING, PAUSED),
}
Step = Callable[[AsyncConnection, int], Awaitable[object]]


async def _change(conn: AsyncConnection, id: int) -> None:
    known = await broadcasts.find(conn, id)
    assert known is not None
    await broadcasts.change(conn, id, replace(known.plan, frozen=not known.plan.frozen), WRITER)


async def _approve(conn: AsyncConnection, id: int) -> None:
    await broadcasts.approve(conn, id, await sealed(conn, id), APPROVER)


TAKEN: dict[str, Step] = {
    "change": _change,
    "submit": lambda conn, id: broadcasts.submit(conn, id, WRITER),
    "send back": lambda conn, id: broadcasts.send_back(conn, id, APPROVER, "xin viết lại"),
    "approve": _approve,
    "pause": lambda conn, id: broadcasts.pause(conn, id, APPROVER),
    "resume": lambda conn, id: broadcasts.resume(conn, id, APPROVER),
    "cancel": lambda conn, id: broadcasts.cancel(conn, id, APPROVER),
    "finish": lambda conn, id: broadcasts.finish(conn, id, LATER),
}


@pytest.mark.parametrize("step", ALLOWED)
async def test_a_step_is_taken_from_where_it_may_be_and_refused_elsewhere(conn: AsyncConnection, step: str) -> None:
    for status in STEPS:
        id = await brought_to(conn, status)
        if status in ALLOWED[step]:
            await TAKEN[step](conn, id)
        else:
            assert await refusal(TAKEN[step](conn, id)) == "status", (step, status)
            assert await status_of(conn, id) == status


async def test_what_goes_to_nobody_is_not_handed_in(conn: AsyncConnection) -> None:
    id = await begun(conn, audience=None)
    assert await refusal(broadcasts.submit(conn, id, WRITER)) == "empty"


async def test_a_reason_is_kept_until_it_is_handed_in_again(conn: AsyncConnection) -> None:
    id = await begun(conn)
    await broadcasts.submit(conn, id, WRITER)
    await broadcasts.send_back(conn, id, APPROVER, "Xin ghi rõ nguồn.")
    known = await broadcasts.find(conn, id)
    assert known is not None
    assert known.reason == "Xin ghi rõ nguồn."
    await broadcasts.submit(conn, id, WRITER)
    known = await broadcasts.find(conn, id)
    assert known is not None
    assert known.reason == ""


async def test_what_waits_for_the_close_of_a_phase_begins_with_it(conn: AsyncConnection) -> None:
    id = await approved(conn, on_close="dot-1")
    assert await broadcasts.due(conn, LATER) == []
    await broadcasts.phase_closed(conn, "dot-2", LATER)
    assert await broadcasts.due(conn, LATER) == []
    await broadcasts.phase_closed(conn, "dot-1", LATER)
    assert await broadcasts.due(conn, AT) == []
    assert await broadcasts.due(conn, LATER) == [id]


async def test_a_moment_to_come_is_waited_for(conn: AsyncConnection) -> None:
    id = await approved(conn, start_at=LATER)
    assert await broadcasts.start(conn, id, AT) is None
    assert await status_of(conn, id) == SCHEDULED
    assert await broadcasts.start(conn, id, LATER) is not None


async def test_an_open_audience_leaves_nobody_out(conn: AsyncConnection) -> None:
    id = await approved(conn, frozen=False)
    known = await broadcasts.find(conn, id)
    assert known is not None
    assert known.before is None


async def test_the_broadcasts_of_a_post_are_found_as_long_as_they_can_be_edited(conn: AsyncConnection) -> None:
    ids = [await brought_to(conn, status) for status in STEPS]
    found = []
    for id in ids:
        known = await broadcasts.find(conn, id)
        assert known is not None
        found += [each.id for each in await broadcasts.of_post(conn, known.plan.post_id)]
    assert found == ids[:3]


async def test_the_same_words_again_are_no_new_version(conn: AsyncConnection) -> None:
    post = await posts.add(conn, written("một"), WRITER)
    assert await posts.revise(conn, post, written("một"), EDITOR) == 1
    assert await posts.revise(conn, post, written("hai"), EDITOR) == 2
    assert await posts.authors(conn, post) == {"101", "102"}
    assert [each.number for each in await posts.library(conn, "dot-1")] == [2]


async def test_the_same_bytes_are_kept_once(conn: AsyncConnection) -> None:
    kept = [await posts.keep_media(conn, Media("image/png", name, b"PNG")) for name in ("một.png", "hai.png")]
    assert kept[0] == kept[1]
    found = await posts.media_of(conn, kept[0])
    assert found is not None
    assert (found.name, found.data) == ("một.png", b"PNG")
