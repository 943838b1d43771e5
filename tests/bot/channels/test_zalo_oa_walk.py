"""A whole questionnaire on an Official Account: a phone, the strict fake, and a running house."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.channels.zalo_oa_webhook import PATH
from bot.foundation import lay
from bot.run import Running, open_door
from bot.settings import OperatorError, Settings
from models import joining
from models.database import Connection
from models.participation import participation
from models.people import address
from tests.platforms.clock import soon
from tests.platforms.zalo_oa import APP_ID, APP_SECRET, OA_SECRET, FakeZaloOA, Fault, Phone

AS_OF = date(2020, 1, 6)
WORDS = "Nợ lương hai tháng, mong công đoàn hỏi giúp"


def settings(folder: Path, server: FakeZaloOA, **more: object) -> Settings:
    given: dict[str, object] = {
        "data_dir": folder,
        "as_of": AS_OF,
        "web_port": 0,
        "zalo_oa_app_id": APP_ID,
        "zalo_oa_app_secret": SecretStr(APP_SECRET),
        "zalo_oa_secret": SecretStr(OA_SECRET),
        "zalo_oa_refresh_token": SecretStr(server.oauth.explorer()[1]),
        "zalo_oa_base_url": server.base_url,
        "zalo_oauth_base_url": server.base_url,
        "zalo_oa_in_chat": True,
    }
    return Settings(_env_file=None, **{**given, **more})  # type: ignore[arg-type]


@asynccontextmanager
async def opened(folder: Path, server: FakeZaloOA, **more: object) -> AsyncIterator[Running]:
    given = settings(folder, server, **more)
    door = open_door(given)
    running = Running(await lay(given), door)
    try:
        await running.start()
        server.hooks.set(f"http://127.0.0.1:{running.port}{PATH}")
        yield running
    finally:
        await running.stop()
        door.close()


@pytest.fixture
async def server() -> AsyncIterator[FakeZaloOA]:
    async with FakeZaloOA() as server:
        yield server
        assert server.complaints == []
        assert server.people.billed == 0
        assert not server.hooks.given_up


async def link(running: Running) -> str:
    """The address of a unit's invitation, as it is printed."""

    async def made(conn: Connection) -> str:
        tree = await running.house.tree(conn, AS_OF)
        return await joining.make_link(conn, next(iter(tree.units)).id, datetime.now().astimezone())

    return f"{running.house.public_url}/join/{await running.writer.write(made)}"


async def answered(phone: Phone, text: str) -> str:
    """Type and read the answer."""
    phone.say(text)
    return (await phone.next_screen()).text


async def to_review(phone: Phone) -> int:
    """Answer by first numbers, words where they are asked for, until all can be sent; gives the number of answers."""
    count = 0
    while "Xem lại câu trả lời" not in phone.screen.text:
        count += 1
        assert count < 80, phone.screen.text
        text = phone.screen.text
        if "  1. " not in text:
            said = WORDS if "Bỏ qua" in text or "viết" in text.lower() else "Tiếp tục"
        elif "[ ]" in text:
            await answered(phone, "1")
            said = "Xong"
        else:
            said = "1"
        await answered(phone, said)
    return count


async def test_a_questionnaire_is_answered_by_numbers_and_words(server: FakeZaloOA, tmp_path: Path) -> None:
    phone = Phone(server, "246845883529197922")
    async with opened(tmp_path, server) as running:
        phone.follow()
        assert "Đồng ý" in (await phone.next_screen()).text
        await answered(phone, await link(running))
        await answered(phone, "Đồng ý")
        await phone.until("đúng không")
        await answered(phone, "1")
        home = await answered(phone, "/start")
        assert "1. " in home
        await answered(phone, "1")
        assert await to_review(phone) > 3
        phone.choose("Gửi")
        assert "Đã ghi nhận" in (await phone.next_screen()).text
        async with running.foundation.engine.connect() as conn:
            states = list((await conn.execute(select(participation.c.state))).scalars())
            who = (await conn.execute(select(address.c.channel, address.c.user))).all()
        assert states == ["pending"]
        assert [tuple(row) for row in who] == [("zalo-oa", "246845883529197922")]
    assert server.oauth.bought == 1
    assert server.hooks.slowest < 2.0


async def test_a_restart_goes_on_where_it_was_with_the_same_tokens(server: FakeZaloOA, tmp_path: Path) -> None:
    phone = Phone(server, "7")
    async with opened(tmp_path, server) as running:
        await answered(phone, await link(running))
        await answered(phone, "Đồng ý")
        before = await answered(phone, "1")
    async with opened(tmp_path, server, zalo_oa_refresh_token=SecretStr("")):
        phone.chatnow()
        assert (await phone.next_screen()).text == before
    assert server.oauth.bought == 1


async def test_who_leaves_is_marked_and_who_follows_again_is_welcome(server: FakeZaloOA, tmp_path: Path) -> None:
    phone = Phone(server, "7")
    async with opened(tmp_path, server) as running:

        async def left() -> list[str | None]:
            async with running.foundation.engine.connect() as conn:
                return list((await conn.execute(select(address.c.left_on))).scalars())

        await answered(phone, await link(running))
        await answered(phone, "Đồng ý")
        phone.unfollow()
        await soon(lambda: not server.hooks.waiting)
        assert await left() == ["2020-01-06"]
        phone.follow()
        await phone.next_screen()
        assert await left() == [None]


async def test_taps_do_what_numbers_do(server: FakeZaloOA, tmp_path: Path) -> None:
    phone = Phone(server, "7")
    async with opened(tmp_path, server, zalo_oa_buttons=True) as running:
        await answered(phone, await link(running))
        phone.tap("Đồng ý")
        await phone.until("đúng không")
        old = phone.screen
        phone.tap(old.labels[0].partition(". ")[2])
        await phone.next_screen()
        now = phone.screen.text
        phone.say(old.buttons[0]["payload"])
        assert (await phone.next_screen()).text == now, "an old tap shows the screen of now"


async def test_the_house_knows_which_chats_are_overheard(server: FakeZaloOA, tmp_path: Path) -> None:
    async with opened(tmp_path, server, zalo_oa_in_chat=False) as running:
        assert running.house.overheard == {"zalo-oa"}
    async with opened(tmp_path, server, zalo_oa_in_chat=True) as running:
        assert running.house.overheard == set()


async def test_an_account_without_tokens_is_down_and_says_so(server: FakeZaloOA, tmp_path: Path) -> None:
    async with (
        opened(tmp_path, server, zalo_oa_refresh_token=SecretStr("not-a-token")) as running,
        aiohttp.ClientSession() as session,
    ):
        await soon(lambda: server.oauth.refused == 1)

        async def up() -> bool:
            async with session.get(f"http://127.0.0.1:{running.port}/readyz") as answer:
                return bool((await answer.json())["channels"]["zalo-oa"])

        while await up():
            pass
    with pytest.raises(OperatorError, match=r"^ZALO_OA_REFRESH_TOKEN must be set"):
        async with opened(tmp_path, server, zalo_oa_refresh_token=SecretStr("")):
            pass


async def test_missing_settings_are_one_line(server: FakeZaloOA, tmp_path: Path) -> None:
    bare = {"zalo_oa_app_secret": SecretStr(""), "zalo_oa_secret": SecretStr("")}
    with pytest.raises(
        OperatorError, match=r"^ZALO_OA_APP_SECRET, ZALO_OA_SECRET must be set where ZALO_OA_APP_ID is$"
    ):
        async with opened(tmp_path, server, **bare):
            pass
    with pytest.raises(OperatorError, match="https"):
        async with opened(tmp_path, server, zalo_oa_base_url="https://openapi.zalo.me"):
            pass


async def test_a_zalo_that_is_away_delays_nobody_and_is_caught_up_with(server: FakeZaloOA, tmp_path: Path) -> None:
    phone = Phone(server, "7")
    server.fail(Fault("", status=503, body=b"<html></html>", times=3))
    async with opened(tmp_path, server):
        phone.follow()
        assert "Đồng ý" in (await phone.next_screen(30.0)).text
