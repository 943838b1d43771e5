"""A file that an editor's screen asks for is brought from Telegram once, within limits; nobody else's is looked at."""

import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.session import open_session
from bot.channels.telegram import Access, Telegram, parse
from bot.fetching import Fetching
from bot.outcomes import Sent, Throttled
from handlers.broadcast_file import MOST
from models import posts
from models.messages import LOST, Address, File, Inbound, Outbound
from models.posts import Media
from tests.bot.channels.listening import House
from tests.handlers.test_broadcast_progress import RUNNING
from tests.platforms.telegram import FakeTelegram, Fault, Phone
from tests.transcripts.house import CAMPAIGN, plant, settle
from tests.transcripts.playing import play
from tests.transcripts.reading import read
from tests.transcripts.stage import Stage

AT = datetime(2020, 1, 6, 2, tzinfo=UTC)
LAN = Address("telegram", "tai-khoan-lan")
TO = Address("telegram", "7")


def png(width: int = 800, height: int = 600, size: int = 1000) -> bytes:
    """What begins like a picture."""
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return head + bytes(size - len(head))


@pytest.fixture
async def platform() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as platform:
        yield platform


@pytest.fixture
async def house() -> House:
    return House()


@pytest.fixture
async def fetching(platform: FakeTelegram, house: House) -> AsyncIterator[Fetching]:
    async with open_session() as session:
        telegram = Telegram(Access(platform.token, platform.base_url), session, lambda: AT)
        yield Fetching(telegram, telegram.fetch, house.receive, lambda: AT)
        await telegram.close()


async def sent(platform: FakeTelegram, data: bytes, name: str = "hinh.png", kind: str = "image/png") -> File:
    """Let a phone send a file, and read what Telegram tells of it."""
    phone = Phone(platform, 7)
    await phone.start()
    phone.attach(data, name, kind)
    inbound = parse(platform.updates.waiting()[-1].body, AT)
    assert inbound is not None
    assert inbound.media == "document"
    assert inbound.file is not None
    return inbound.file


async def test_a_file_comes_in_once_with_its_content(platform: FakeTelegram, house: House, fetching: Fetching) -> None:
    file = await sent(platform, png())
    assert (file.name, file.kind, file.size) == ("hinh.png", "image/png", 1000)
    for _ in range(2):  # a crash between receiving and settling asks for it again
        assert await fetching.send(Outbound(TO, "", fetches=f"31 {file.id}")) == Sent()
    (inbound,) = house.kept.values()
    assert (inbound.id, inbound.sender, inbound.content) == ("file:31", TO, png())


async def test_what_is_too_large_or_gone_is_lost_and_said_to_be(
    platform: FakeTelegram, house: House, fetching: Fetching
) -> None:
    large = await sent(platform, png(size=MOST + 1))
    for number, id in enumerate((large.id, "unknown")):
        assert await fetching.send(Outbound(TO, "", fetches=f"{number} {id}")) == Sent()
    assert [(each.media, each.content) for each in house.kept.values()] == [(LOST, b"")] * 2


async def test_a_platform_that_asks_to_wait_is_waited_for(
    platform: FakeTelegram, house: House, fetching: Fetching
) -> None:
    file = await sent(platform, png())
    platform.fail(
        Fault(
            "getFile",
            status=429,
            body=b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":3}}',
        )
    )
    assert await fetching.send(Outbound(TO, "", fetches=f"1 {file.id}")) == Throttled(3.0)
    assert house.kept == {}


async def test_a_database_that_is_down_has_the_file_fetched_again(
    platform: FakeTelegram, house: House, fetching: Fetching
) -> None:
    file = await sent(platform, png())
    house.down = 1
    assert isinstance(await fetching.send(Outbound(TO, "", fetches=f"1 {file.id}")), Throttled)
    assert await fetching.send(Outbound(TO, "", fetches=f"1 {file.id}")) == Sent()
    assert len(house.kept) == 1


async def test_the_largest_photo_that_platforms_take_is_chosen() -> None:
    sizes = [{"file_id": f"p{size}", "file_size": size} for size in (900, 90_000, 11 * 1024 * 1024)]
    told = {"message_id": 5, "chat": {"id": 7, "type": "private"}, "photo": sizes}
    inbound = parse({"update_id": 1, "message": told}, AT)
    assert inbound is not None
    assert inbound.file == File("p90000", kind="image/jpeg", size=90_000)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    planted, folder = tmp_path / "planted", tmp_path / "played"
    planted.mkdir()
    folder.mkdir()
    await plant(planted, CAMPAIGN)
    engine, house = settle(planted, folder, CAMPAIGN)
    stage = Stage(engine, house)
    try:
        await play(read(RUNNING.partition("lan bấm Khẩu hiệu")[0] + "lan bấm Hình, PDF\n"), stage)
        yield stage
    finally:
        await engine.dispose()


async def arrives(stage: Stage, id: str, file: File | None, content: bytes = b"", who: Address = LAN) -> list[Outbound]:
    media = "file" if content else "photo"
    async with stage.engine.begin() as conn:
        return await stage.reception.attend(conn, Inbound(id, who, stage.at, media=media, file=file, content=content))


async def test_an_editor_who_is_asked_for_a_file_has_it_fetched_and_kept(stage: Stage) -> None:
    asked, shown = await arrives(stage, "40", File("p1", kind="image/jpeg", size=9000))
    assert asked.fetches == "40 p1"
    assert "Đang nhận tệp." in shown.text
    told = struct.pack(">I4s", 18, b"tEXt") + b"21.3270N 103.9141E" + bytes(4)
    (kept,) = await arrives(stage, "file:40", File("p1"), png()[:33] + told + png()[33:])
    assert "Đã nhận tệp." in kept.text
    assert "Xin tả hình bằng lời" in kept.text
    async with stage.engine.begin() as conn:
        assert await posts.media_of(conn, Media("", "", png()).digest)


@pytest.mark.parametrize(
    "file",
    [
        File("p1", "phim.mp4", "video/mp4", 900),
        File("p1", "hinh.png", "image/png", 50 * 1024 * 1024),
        None,
    ],
)
async def test_what_cannot_be_taken_is_never_fetched(stage: Stage, file: File | None) -> None:
    (shown,) = await arrives(stage, "40", file)
    assert shown.fetches == ""
    assert "5 MB" in shown.text


@pytest.mark.parametrize("content", [b"GIF89a" + bytes(99), png(9000, 20), b"%PDF", bytes(99)])
async def test_what_is_no_sound_picture_is_refused_by_its_bytes(stage: Stage, content: bytes) -> None:
    (shown,) = await arrives(stage, "file:40", File("p1"), content)
    assert "Chỉ nhận hình" in shown.text


async def test_a_file_that_comes_late_is_not_kept(stage: Stage) -> None:
    await play(read("lan bấm ‹ Về bài"), stage)
    (shown,) = await arrives(stage, "file:40", File("p1"), png())
    assert "không còn ở bước nhận tệp" in shown.text


async def test_nobody_elses_file_is_looked_at(stage: Stage) -> None:
    for who in (Address("telegram", "tai-khoan-minh"), Address("telegram", "ai-do")):
        shown = await arrives(stage, f"41{who.user}", File("p1", kind="image/png", size=9), who=who)
        assert [each.fetches for each in shown] == [""]
