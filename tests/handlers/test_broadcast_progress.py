"""An officer watches a broadcast: the screen is shown anew in place, as long as it moves and is looked at."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models import broadcasts, outbox, people, postings, watches
from models.audit import Act
from models.messages import Address, Inbound, Outbound
from models.postings import Tallied
from tests.transcripts.house import CAMPAIGN, plant, settle
from tests.transcripts.playing import play
from tests.transcripts.reading import read
from tests.transcripts.stage import Stage

RUNNING = """
-- 2020-01-06
-- ai cũng đã được hỏi muốn nhận tin nào
-- 20 người trên Telegram của Liên đoàn Lao động huyện Quỳnh Nhai đăng ký tin theo đợt
-- thư mời người soạn của Liên đoàn Lao động tỉnh Sơn La
lan mở thư mời
lan bấm Đồng ý
-- thư mời người duyệt của Liên đoàn Lao động tỉnh Sơn La
minh mở thư mời
minh bấm Đồng ý
lan> phát tin
lan bấm Viết bài mới
lan bấm Khẩu hiệu
lan> 6
lan bấm Gửi duyệt
minh> phát tin
minh bấm Chờ anh/chị duyệt: Tất cả vì mục tiêu dân giàu, nước mạnh, dân…
minh bấm Sau ›
minh bấm Duyệt
-- đến lúc gửi
minh bấm Danh sách bài
minh bấm Đang gửi: Tất cả vì mục tiêu dân giàu, nước mạnh, dân…
"""
MINH = Address("telegram", "tai-khoan-minh")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    planted, folder = tmp_path / "planted", tmp_path / "played"
    planted.mkdir()
    folder.mkdir()
    await plant(planted, CAMPAIGN)
    engine, house = settle(planted, folder, CAMPAIGN)
    stage = Stage(engine, house)
    try:
        await play(read(RUNNING), stage)
        yield stage
    finally:
        await engine.dispose()


async def refreshed(stage: Stage, screen: str = "") -> list[Outbound]:
    """Ask for the watched screen anew, as the house does."""
    async with stage.engine.begin() as conn:
        watch = await watches.find(conn, MINH)
        shown = screen or (watch.screen if watch else "0")
        return await stage.reception.attend(conn, Inbound("refresh:1", MINH, stage.at, refresh=shown))


async def watched(stage: Stage) -> bool:
    async with stage.engine.connect() as conn:
        return await watches.find(conn, MINH) is not None


async def said(stage: Stage, *lines: str) -> None:
    await play(read("\n".join(lines)), stage)


async def test_the_figures_move_in_place_without_a_new_message(stage: Stage) -> None:
    async with stage.engine.begin() as conn:
        revision = (await people.find(conn, MINH) or people.guest("vi", "")).revision
        await postings.count(conn, 1, Counter({Tallied("telegram", "sent"): 7}))
    (shown,) = await refreshed(stage)
    assert (shown.in_place, shown.edits) == (True, stage.actors["minh@telegram"].names[-1])
    assert "Đã gửi: 7" in shown.text
    async with stage.engine.begin() as conn:
        assert (await people.find(conn, MINH) or people.guest("vi", "")).revision == revision


async def test_nothing_is_piled_up_behind_what_has_not_arrived(stage: Stage) -> None:
    async with stage.engine.begin() as conn:
        await outbox.put(conn, stage.house.keys, stage.reception.period(stage.at), [Outbound(MINH, "chờ")], stage.at)
    assert await refreshed(stage) == []
    assert await watched(stage)


@pytest.mark.parametrize("away", ["minh> bắt đầu", "minh bấm Danh sách bài", "minh bấm Dừng hẳn", "minh chặn"])
async def test_whoever_looks_elsewhere_is_shown_nothing(stage: Stage, away: str) -> None:
    await said(stage, away)
    assert await refreshed(stage) == []


async def test_the_end_is_shown_once(stage: Stage) -> None:
    async with stage.engine.begin() as conn:
        await broadcasts.finish(conn, 1, stage.at)
    (shown,) = await refreshed(stage)
    assert "Đã gửi xong" in shown.text
    assert not await watched(stage)
    assert await refreshed(stage) == []


async def test_a_role_that_ended_shows_nothing_any_more(stage: Stage) -> None:
    await said(stage, "-- minh thôi mọi vai trò")
    assert await refreshed(stage) == []
    assert not await watched(stage)


async def test_another_screen_than_the_watched_one_is_not_touched(stage: Stage) -> None:
    assert await refreshed(stage, "1") == []


async def test_a_stranger_is_never_shown_anything(stage: Stage) -> None:
    async with stage.engine.begin() as conn:
        stranger = Inbound("refresh:1", Address("telegram", "ai-do"), stage.at, refresh="7")
        assert await stage.reception.attend(conn, stranger) == []
        assert await people.find(conn, stranger.sender) is None


async def test_the_figures_add_up_to_everybody_who_was_looked_at(stage: Stage) -> None:
    async with stage.engine.begin() as conn:
        await broadcasts.pause(conn, 1, Act(stage.at, "1"), "Nền tảng từ chối nhiều lần.")
    await said(stage, "minh> phát tin", "minh bấm Tạm dừng: Tất cả vì mục tiêu dân giàu, nước mạnh, dân…")
    text = stage.actors["minh@telegram"].screens[-1].text
    assert "Còn chờ: 20" in text
    assert "Lý do: Nền tảng từ chối nhiều lần." in text
