"""A file is chosen on the page where one is asked for, and nowhere else; what came of it is said."""

import pytest
from playwright.async_api import expect

from models.messages import Button, Outbound
from tests.browser.conftest import Phone
from tests.browser.echo import Room

pytestmark = pytest.mark.asyncio(loop_scope="module")

WAYS = ((Button("‹ Về bài", "1.back"),),)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\0\xb4"


async def test_a_file_is_sent_where_one_is_asked_for(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    chooser = page.get_by_label("Chọn tệp để gửi")
    await expect(chooser).to_have_count(0)
    room.put(Outbound(room.heard[-1].sender, "Xin gửi hình.", buttons=WAYS, takes="file"))
    await chooser.set_input_files({"name": "hinh.png", "mimeType": "image/png", "buffer": PNG})
    await expect(page.get_by_role("article")).to_have_count(3)
    brought = [heard for heard in room.heard if heard.content]
    assert [(heard.media, heard.content) for heard in brought] == [("file", PNG)]
    assert phone.complaints == []


async def test_a_file_that_is_refused_is_said_to_be(phone: Phone, room: Room) -> None:
    page = await phone.tab()
    room.put(Outbound(room.heard[-1].sender, "Xin gửi hình.", buttons=WAYS, takes="file"))
    chooser = page.get_by_label("Chọn tệp để gửi")
    await chooser.set_input_files({"name": "trang.html", "mimeType": "text/html", "buffer": b"<b>"})
    await expect(page.get_by_role("status").filter(has_text="Chưa gửi được tệp này")).to_be_visible()
    assert [heard for heard in room.heard if heard.content] == []
