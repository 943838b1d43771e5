"""Files on the web chat: an editor's page may send one, within limits; a published one is linked to."""

from io import BytesIO

import pytest
from aiohttp.test_utils import TestServer

from bot.channels.visitors import HEADER
from bot.channels.web import render
from handlers.broadcast_file import MOST
from models.messages import Address, Document, File, Outbound, Picture
from tests.bot.channels.test_web import ID, PNG, Browser, eve, lan, room, server  # noqa: F401 - fixtures
from tests.browser.echo import Room

LAN = Address("web", "lan")
SENT = {HEADER: "1", "Content-Type": "image/png"}


async def test_a_file_comes_in_with_its_content(lan: Browser, room: Room) -> None:  # noqa: F811
    answer = await lan.post(f"/chat/file/{ID}", PNG, SENT)
    assert answer.status == 204
    inbound = room.heard[-1]
    assert (inbound.media, inbound.content) == ("file", PNG)
    assert inbound.file == File(ID, kind="image/png", size=len(PNG))
    assert inbound.sender.channel == "web"


@pytest.mark.parametrize(
    ("id", "body", "headers", "status"),
    [
        (ID, PNG, {**SENT, "Content-Type": "text/html"}, 415),
        (ID, PNG, {"Content-Type": "image/png"}, 403),
        (ID, b"", SENT, 400),
        ("a", PNG, SENT, 400),
    ],
)
async def test_what_our_page_would_not_send_is_refused(  # noqa: PLR0917
    lan: Browser,  # noqa: F811
    room: Room,  # noqa: F811
    id: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
) -> None:
    assert (await lan.post(f"/chat/file/{id}", body, headers)).status == status
    assert not [inbound for inbound in room.heard if inbound.content]


async def test_a_large_file_is_not_read_to_its_end(lan: Browser, server: TestServer, room: Room) -> None:  # noqa: F811
    place = server.make_url(f"/chat/file/{ID}")
    answer = await lan.session.post(place, data=BytesIO(bytes(MOST + 1)), headers=SENT)
    assert answer.status == 413
    assert not [inbound for inbound in room.heard if inbound.content]


async def test_without_a_cookie_nothing_is_taken(server: TestServer, room: Room) -> None:  # noqa: F811
    stranger = Browser(server)
    assert (await stranger.post(f"/chat/file/{ID}", PNG, SENT)).status == 401
    await stranger.session.close()
    assert not [inbound for inbound in room.heard if inbound.content]


def test_the_page_is_told_where_a_file_may_be_sent() -> None:
    assert render(7, Outbound(LAN, "Hình?", takes="file"))["takes"] == "file"
    assert "takes" not in render(7, Outbound(LAN, "Câu 1"))


def test_a_photo_is_shown_and_a_document_is_linked_to() -> None:
    photo = Outbound(
        LAN, "x", picture=Picture(b"\xff\xd8\xff photo", "hội nghị"), document=Document("a.pdf", b"%PDF-", "")
    )
    message = render(7, photo)
    assert message["picture"]["src"].startswith("data:image/jpeg;base64,")
    assert "width" not in message["picture"]
    assert message["document"]["name"] == "a.pdf"
    assert message["document"]["url"].startswith("/media/")
