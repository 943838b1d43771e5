"""Officers, and they alone, are told when a channel is down, for as long as it is."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from tests.handlers.province import province

DOWN = {"telegram": datetime(2020, 1, 9, 7, 5, tzinfo=UTC), "zalo-bot": datetime(2020, 1, 5, 1, 0, tzinfo=UTC)}


async def test_a_channel_that_is_down_is_one_sentence_for_officers(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    down = dict(DOWN)
    town.house.down = lambda: down
    await town.appoint(town.tree.roots[0].id)
    told = (await town.say("/start")).text
    assert "Kênh Telegram đang trục trặc từ 14:05; tin nhắn sẽ tự gửi khi kênh hoạt động lại." in told
    assert "Kênh Zalo Bot đang trục trặc từ 08:00 ngày 05/01/2020" in told
    down.clear()
    assert "trục trặc" not in (await town.say("/start")).text


async def test_a_page_that_takes_no_posts_is_told_in_its_own_words(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    town.house.down = lambda: {"facebook": DOWN["telegram"]}
    await town.appoint(town.tree.roots[0].id)
    assert "Facebook không đăng được bài từ 14:05; xin anh/chị báo" in (await town.say("/start")).text


async def test_nobody_else_is_told(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await province(conn, tmp_path)
    town.house.down = lambda: DOWN
    assert "trục trặc" not in (await town.say("/start")).text
