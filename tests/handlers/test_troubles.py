"""Officers, and they alone, are told when a channel is down, for as long as it is."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from tests.handlers.province import province

SINCE = datetime(2020, 1, 6, 7, 5, tzinfo=UTC)


async def test_a_channel_that_is_down_is_told_to_officers_in_one_sentence(
    conn: AsyncConnection, tmp_path: Path
) -> None:
    town = await province(conn, tmp_path)
    down = {"telegram": SINCE}
    town.house.down = lambda: down
    assert "trục trặc" not in (await town.say("/start")).text
    await town.appoint(town.tree.roots[0].id)
    told = (await town.say("/start")).text
    assert "Kênh Telegram đang trục trặc từ 14:05" in told
    assert "tin nhắn sẽ tự gửi khi kênh hoạt động lại" in told
    down.clear()
    assert "trục trặc" not in (await town.say("/start")).text
