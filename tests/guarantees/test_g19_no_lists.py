"""G19: nothing that an officer gets holds a person: no id, no account, no name, no state of one, no order."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.commands import APPROVER, EDITOR, OFFICER
from handlers.talks import TALKS
from models.messages import Outbound
from models.people import address, person
from tests.handlers.province import Province, province

STATES = ("đang trả lời dở", "đã gửi", "chưa gửi", "chưa trả lời", "danh sách")
BUCKETS = ("từ 1 đến 9 người", "từ 10 người trở lên")


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Province:
    """A district and a commune, a release, then some who wait."""
    town = await province(conn, tmp_path)
    district = town.unit("LĐLĐ huyện Mộc Châu")
    first, second, third = town.tree.children(district)[:3]
    for unit, people in ((district, 14), (first.id, 13), (second.id, 4), (third.id, 3)):
        await town.answer("doi-song", unit, people)
    await town.close("doi-song")
    await town.answer("doi-song", third.id, 11)
    await town.appoint(town.tree.roots[0].id)
    return town


async def everything(town: Province) -> list[Outbound]:
    """Every screen that an officer can come to, by every command and every button, to a depth of three."""
    commands = [f"/{talk.name}" for talk in TALKS if OFFICER in talk.roles]
    units = [unit.name for unit in town.tree.post_order()][:40]
    found = [await town.say(f"{command} {name}".strip()) for command in commands for name in ("", *units)]
    for command in commands:
        screen = await town.say(command)
        for label in [button.label for row in screen.buttons for button in row]:
            below = await town.press(await town.say(command), label)
            found.append(below)
            for deeper in [button.label for row in below.buttons for button in row][:6]:
                again = await town.press(await town.press(await town.say(command), label), deeper)
                found.append(again)
    return found


def told(screen: Outbound) -> str:
    labels = " ".join(button.label + button.tap for row in screen.buttons for button in row)
    return f"{screen.title} {screen.text} {labels} {screen.picture.alt if screen.picture else ''}"


async def test_no_screen_of_an_officer_names_a_person_an_account_or_how_far_somebody_is(town: Province) -> None:
    rows = (await town.conn.execute(select(person.c.id))).scalars()
    people = [str(number) for number in rows]
    accounts = [str(user) for user in (await town.conn.execute(select(address.c.user))).scalars()]
    screens = await everything(town)
    assert len(screens) > 60
    for screen in screens:
        said = told(screen)
        assert not [number for number in people if number in said]
        assert not [user for user in accounts if user in said]
        if screen.title.startswith("Kết quả"):
            assert not [state for state in STATES if state in said.casefold()]


async def test_how_many_wait_is_told_in_two_sizes_only(town: Province) -> None:
    stored = set((await town.conn.execute(text("SELECT DISTINCT bucket FROM release_waiting"))).scalars())
    assert stored <= {"1-9", "10+"}
    for screen in await everything(town):
        for line in screen.text.splitlines():
            if "chờ: khi khép kỳ" in line:
                assert any(bucket in line for bucket in BUCKETS)


async def test_officers_commands_are_refused_to_everybody_else(town: Province) -> None:
    await town.dismiss()
    for talk in TALKS:
        if talk.roles:
            screen = await town.say(f"/{talk.name}")
            assert town.house.phrases.say("vi", talk.refusal) in screen.text
            assert screen.picture is None


def test_no_role_is_above_the_officers() -> None:
    assert {talk.roles for talk in TALKS} <= {(), (OFFICER,), (EDITOR, APPROVER)}
