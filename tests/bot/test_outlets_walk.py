"""From an officer who adds the bot to a channel to the post that stands there: a running house beside the fakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.foundation import lay
from bot.outlets.covers import Covers
from bot.run import Running, open_door
from bot.settings import OperatorError, Settings
from conversations.posts import Content
from handlers.invitations import invite_officer
from models import broadcasts, outlets, postings, posts
from models.audit import Act
from models.broadcasts import Plan
from models.database import Connection
from models.messages import Picture
from models.posts import Media, Written
from tests.platforms.clock import soon
from tests.platforms.facebook import APP_ID, APP_SECRET, PAGE, FakeFacebook
from tests.platforms.telegram import FakeTelegram, Phone
from tests.platforms.telegram_places import KICKED, POSTS, chatter, grant, opened

AS_OF = date(2020, 1, 6)


@asynccontextmanager
async def running(folder: Path, **more: object) -> AsyncIterator[Running]:
    """A house at work."""
    given = Settings(_env_file=None, data_dir=folder, as_of=AS_OF, web_port=0, **more)  # type: ignore[arg-type]
    door = open_door(given)
    house = Running(await lay(given), door)
    try:
        await house.start()
        yield house
    finally:
        await house.stop()
        door.close()


def of_telegram(server: FakeTelegram) -> dict[str, object]:
    return {"telegram_token": SecretStr(server.token), "telegram_base_url": server.base_url}


def of_facebook(server: FakeFacebook) -> dict[str, object]:
    token, secret = SecretStr(server.give()), SecretStr(APP_SECRET)
    app = {"facebook_app_id": APP_ID, "facebook_app_secret": secret, "facebook_base_url": server.base_url}
    return {"facebook_page_id": PAGE, "facebook_page_token": token, **app}


async def drafted(conn: Connection, picture: Media) -> None:
    """A post with a picture that nobody has approved."""
    body = Written(f'{{"picture": "{await posts.keep_media(conn, picture)}"}}', "0" * 64, "dot-1", "", "")
    await posts.add(conn, body, Act(datetime(2020, 1, 6, tzinfo=UTC), "7"))


async def begun(house: Running, *places: str) -> int:
    """A broadcast that runs."""
    now = house.foundation.now()

    async def begin(conn: Connection) -> int:
        content = Content.model_validate(
            {
                "title": {"vi": "Tin của Công đoàn", "en": "News"},
                "text": {"vi": "Nội dung."},
                "phase": "dot-1",
                "source": {"issuer": "Ban Tuyên giáo", "date": AS_OF},
            }
        )
        post = await posts.add(conn, Written(content.canonical(), content.digest, "dot-1", "", ""), Act(now, "1"))
        id = await broadcasts.draft(conn, Plan(post, 1, None, places), Act(now, "1"))
        await broadcasts.submit(conn, id, Act(now, "1"))
        known = await broadcasts.find(conn, id)
        assert known
        await broadcasts.approve(conn, id, await broadcasts.seal(conn, known), Act(now, "2"))
        assert await broadcasts.start(conn, id, now)
        await postings.open_all(conn, id, places, now)
        return id

    return await house.writer.write(begin)


async def officer(house: Running, phone: Phone) -> None:
    """Make somebody an officer of the federation, by an invitation."""

    async def invited(conn: Connection) -> str:
        root = (await house.house.tree(conn, AS_OF)).roots[0]
        return await invite_officer(conn, house.house, root.code, "editor", Act(house.foundation.now(), "shell"))

    await phone.start(await house.writer.write(invited))
    await phone.next_screen()
    await phone.tap("Đồng ý")
    await phone.next_screen()


async def test_from_the_invitation_of_the_bot_to_the_post(tmp_path: Path) -> None:
    async with FakeTelegram() as server, FakeFacebook() as page:
        phone, channel = Phone(server, 101), opened(server.chats, -1001)
        async with running(tmp_path, **of_telegram(server), **of_facebook(page)) as house:
            await officer(house, phone)
            grant(server.chats, channel, 101, POSTS)
            await phone.until("Đã ghi nhận kênh «Công đoàn Sơn La»")
            chatter(server.chats, channel, 101, "Nói gì đó")
            await begun(house, "telegram:-1001", "facebook", "feed")
            await soon(lambda: bool(channel.messages) and bool(page.posts), 20.0)
            assert "Tin của Công đoàn" in channel.history[0]
            assert "Nội dung." in page.posts[0].message
            grant(server.chats, channel, 101, KICKED)
            await phone.until("không còn quyền đăng tin")
            assert set(house.house.previews) >= {"telegram", "facebook"}
            listed = await house.writer.write(outlets.listed)
            assert {each.key: each.may_post for each in listed} == {
                "telegram:-1001": False,
                "facebook": True,
                "feed": True,
            }
        assert len(channel.messages) == len(page.posts) == 1
        assert server.complaints == []
        assert page.complaints == []


async def test_a_dead_token_is_a_trouble_that_is_seen(tmp_path: Path) -> None:
    async with FakeFacebook() as page:
        given = of_facebook(page)
        page.tokens.clear()
        async with running(tmp_path, **given) as house, aiohttp.ClientSession() as session:

            async def up() -> bool:
                async with session.get(f"http://127.0.0.1:{house.port}/readyz") as answer:
                    return bool((await answer.json())["channels"]["facebook"])

            while await up():
                pass

            assert "facebook" not in house.house.down(), "a minute passes before anybody is told"


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"facebook_page_token": SecretStr("")}, "FACEBOOK_PAGE_TOKEN must be set where FACEBOOK_PAGE_ID is"),
        ({"facebook_app_id": ""}, "FACEBOOK_APP_ID and FACEBOOK_APP_SECRET are set together or not at all"),
    ],
)
async def test_settings_that_cannot_work_are_one_line(tmp_path: Path, wrong: dict[str, object], line: str) -> None:
    async with FakeFacebook() as page:
        with pytest.raises(OperatorError, match=line):
            async with running(tmp_path, **{**of_facebook(page), **wrong}):
                pass


async def test_a_cover_is_served_and_nothing_else_is(tmp_path: Path) -> None:
    async with running(tmp_path) as house, aiohttp.ClientSession() as session:
        covers = Covers(house.writer, "https://langnghe.example.vn", "Liên đoàn Lao động tỉnh Sơn La")
        app = web.Application()
        app.add_routes([covers.route()])
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()

        async def fetched(path: str) -> tuple[int, bytes]:
            async with session.get(f"http://127.0.0.1:{runner.addresses[0][1]}{path}") as answer:
                return answer.status, await answer.read()

        card = await covers(None, "Kết quả đợt lắng nghe tháng 1")
        assert card == await covers(None, "Kết quả đợt lắng nghe tháng 1"), "the same card is kept once"
        status, png = await fetched(card.removeprefix("https://langnghe.example.vn"))
        assert status == 200
        assert png.startswith(b"\x89PNG")
        assert len(png) < 300_000
        secret = Media("image/png", "nhap.png", b"\x89PNG draft")
        await house.writer.write(lambda conn: drafted(conn, secret))
        assert (await fetched(f"/cover/{secret.digest}"))[0] == 404, "a picture of a draft is nobody's business"
        assert (await fetched(f"/cover/{'0' * 64}"))[0] == 404
        assert await covers(Picture(secret.data, "Ảnh"), "") == f"https://langnghe.example.vn/media/{secret.digest}"
        assert await Covers(house.writer, "http://127.0.0.1", "x")(None, "y") == ""
        await runner.cleanup()
