"""G12: no command, role, setting or message starts a release early; the calendar alone does, after a close."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.foundation import PACKS
from bot.settings import Settings
from handlers import calendar
from handlers.calendar import due
from handlers.content import read_pack
from handlers.talks import TALKS
from models.messages import Address, Inbound
from models.periods import closes
from models.released import release_made
from tests.handlers.province import AT, OFFICER, Province, province
from tests.source import product, read

ROOT = Path(__file__).parents[2]
PACK = read_pack(PACKS / "kh136")
SAID = (
    "release:doi-song:2020-01",
    "/release doi-song 2020-01",
    "/release:doi-song:2020-01",
    "clear:2020-01-06",
    "/close",
    "/publish",
    "tổng hợp ngay",
    "công bố",
)


def importers(module: str, name: str) -> set[str]:
    """The product's files that could call a function of a module."""
    found = set()
    for source in product(read(ROOT)):
        if any(imported in (f"{module}.{name}", module) for _, imported in source.imports):
            calls = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
            found |= {source.path for call in calls if ast.unparse(call.func) in (name, f"release.{name}")}
    return found


def test_only_the_calendar_and_the_measuring_command_can_call_a_release() -> None:
    found = {path for path in importers("models.release", "release") if not path.startswith("bot/bench/")}
    assert found == {"handlers/calendar.py"}


def test_no_setting_is_about_releases() -> None:
    assert not [name for name in Settings.model_fields if "release" in name or "close" in name or name == "k"]


@given(minutes=st.integers(0, 600 * 24 * 60))
def test_the_calendar_names_a_release_only_once_its_period_is_over(minutes: int) -> None:
    at = datetime(2019, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for inbound in due(PACK, at):
        kind, *rest = inbound.text.split(":")
        if kind == "release":
            assert closes(rest[1], PACK.period_close_day) <= at


def test_the_moment_before_the_close_brings_nothing_and_the_close_brings_it_once() -> None:
    close = closes("2020-01", PACK.period_close_day)
    wanted = "release:doi-song:2020-01"
    assert wanted not in [inbound.id for inbound in due(PACK, close - timedelta(microseconds=1))]
    assert [inbound.id for inbound in due(PACK, close)].count(wanted) == 1


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Province:
    town = await province(conn, tmp_path)
    await town.answer("doi-song", town.unit("LĐLĐ huyện Mộc Châu"), 30)
    return town


async def made(conn: AsyncConnection) -> int:
    return len((await conn.execute(select(release_made))).all())


@pytest.mark.parametrize("role", ["guest", "officer"])
async def test_nothing_that_anybody_says_starts_a_release(town: Province, role: str) -> None:
    if role == "officer":
        await town.appoint(town.tree.roots[0].id)
    for text in (*SAID, *(f"/{talk.name} {SAID[0]}" for talk in TALKS)):
        await town.say(text, at=AT)
    for tap in (SAID[0], f"1.{SAID[0]}"):
        await town.say(tap=tap, at=AT)
    assert await made(town.conn) == 0


async def test_a_message_with_the_calendars_words_from_elsewhere_is_a_message(town: Province) -> None:
    for channel in ("telegram", "web", "console", "Clock", "clock "):
        inbound = Inbound(id=SAID[0], sender=Address(channel, calendar.CHANNEL), at=AT, text=SAID[0])
        await town.reception.attend(town.conn, inbound)
    assert await made(town.conn) == 0
    await town.close("doi-song")
    assert await made(town.conn) == 1


def test_no_channel_of_people_speaks_in_the_calendars_name() -> None:
    assert OFFICER.channel != calendar.CHANNEL
    for path in sorted((ROOT / "bot" / "channels").glob("*.py")):
        if path.name != "clock.py":
            assert f'"{calendar.CHANNEL}"' not in path.read_text().replace('"clock.', ""), path.name
