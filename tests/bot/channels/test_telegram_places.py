"""Posts to channels and groups through the strict fake: one message a step, and what each refusal comes to."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.session import open_session
from bot.channels.telegram import Access, Telegram
from bot.channels.telegram_places import APART, Places
from bot.channels.telegram_preview import preview
from bot.outcomes import Gone, Refused, Sent, Throttled, Unknown
from bot.outlets.steps import Moved, Step, ToPost, Went
from models.messages import Address, Button, Document, Outbound, Picture
from tests.platforms.telegram import FakeTelegram, Fault
from tests.platforms.telegram_methods import Pace
from tests.platforms.telegram_places import KICKED, MEMBER, OUT, POSTS, WATCHES, Place, Rights, opened, upgrade

PNG, PDF = b"\x89PNG picture", Document("to-gap.pdf", b"%PDF-1.7", "application/pdf")
URL = ((Button("Góp ý", "", url="https://t.me/LangNgheBot?start=x"),),)
POST = Outbound(Address("outlet", ""), "Nội dung chính thức.", "Tin của Công đoàn", URL)
LONG = "\n\n".join(f"Đoạn {n}. " + "chữ " * 200 for n in range(8))


@pytest.fixture
async def platform() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as platform:
        yield platform


@pytest.fixture
async def places(platform: FakeTelegram) -> AsyncIterator[Places]:
    async with open_session() as session:
        yield Places(Telegram(Access("1:fake", platform.base_url), session, lambda: datetime.now(UTC)))


@pytest.fixture
def channel(platform: FakeTelegram) -> Place:
    place = opened(platform.chats, -1001)
    place.spot.rights = POSTS
    return place


async def whole(places: Places, outbound: Outbound, to: str = "-1001") -> list[Step]:
    """Make every step of a post."""
    steps: list[Step] = [await places.post(ToPost(to, outbound))]
    while isinstance(went := steps[-1], Went):
        steps.append(await places.post(ToPost(to, outbound, went.step, went.external)))
    return steps


async def test_a_post_is_a_message_with_a_link(places: Places, channel: Place) -> None:
    (sent,) = await whole(places, replace(POST, edits="7", deletes=("8",)))
    assert channel.screen
    assert sent == Sent(str(channel.screen.id))
    assert channel.screen.text == "Tin của Công đoàn\n\nNội dung chính thức."
    assert channel.screen.keyboard == [[{"text": "Góp ý", "url": "https://t.me/LangNgheBot?start=x"}]]


async def test_a_picture_a_long_text_and_a_file_are_one_step_each(places: Places, channel: Place) -> None:
    post = replace(POST, text=LONG, picture=Picture(PNG, "Hình khẩu hiệu"), document=PDF)
    steps = await whole(places, post)
    assert [type(step) for step in steps] == [*[Went] * (len(steps) - 1), Sent]
    assert all(step.after == APART for step in steps if isinstance(step, Went))
    shown = list(channel.messages.values())
    assert shown[0].photo == PNG
    assert shown[0].text == "Hình khẩu hiệu"
    assert shown[-1].document == PDF.data
    assert "".join("".join(each.text.split()) for each in shown[1:-1]) == "".join((post.title + LONG).split())
    assert steps[-1] == Sent(",".join(str(each.id) for each in shown))
    seen = preview(post)
    assert seen[0] == "[PNG]\nHình khẩu hiệu"
    assert seen[1] == shown[1].text
    assert seen[-2].endswith("[Góp ý]")
    assert seen[-1] == "[to-gap.pdf]"


async def test_a_short_text_is_the_picture_s_caption(places: Places, channel: Place) -> None:
    (sent,) = await whole(places, replace(POST, picture=Picture(PNG, "Hình")))
    assert isinstance(sent, Sent)
    assert channel.screen
    assert channel.screen.photo == PNG
    assert channel.screen.text == "Tin của Công đoàn\n\nNội dung chính thức."


async def test_a_quiet_post_makes_no_sound(places: Places, channel: Place, platform: FakeTelegram) -> None:
    await whole(places, replace(POST, quiet=True))
    assert platform.calls("sendMessage")[0].parameters["disable_notification"] is True


async def test_large_files(places: Places, channel: Place) -> None:
    big = b"\x89PNG" + bytes(11 * 1024 * 1024)
    (sent,) = await whole(places, replace(POST, picture=Picture(big, "Hình")))
    assert isinstance(sent, Sent), "a picture that is not taken comes as words"
    assert channel.screen
    assert channel.screen.text.endswith("Hình")
    large = replace(PDF, data=bytes(50 * 1024 * 1024 + 1))
    assert (await whole(places, replace(POST, document=large)))[-1] == Refused("the file is too large")


@pytest.mark.parametrize(
    ("kind", "rights"), [("channel", OUT), ("channel", KICKED), ("channel", WATCHES), ("group", KICKED)]
)
async def test_a_place_without_rights_is_gone(
    places: Places, platform: FakeTelegram, kind: str, rights: Rights
) -> None:
    place = opened(platform.chats, -1001, kind)
    place.spot.rights = rights
    assert await whole(places, POST) == [Gone()]
    assert await whole(places, replace(POST, picture=Picture(PNG, "Hình"))) == [Gone()]


async def test_a_silenced_or_deleted_group_and_an_unknown_one_are_gone(places: Places, platform: FakeTelegram) -> None:
    place = opened(platform.chats, -1001, "supergroup")
    place.spot.rights = Rights("restricted", False)
    assert await whole(places, POST) == [Gone()]
    place.spot.deleted = True
    assert await whole(places, POST) == [Gone()]
    assert await whole(places, POST, "-5") == [Gone()]


async def test_a_group_that_moved_says_where(places: Places, platform: FakeTelegram) -> None:
    group = opened(platform.chats, -4001, "group")
    group.spot.rights = MEMBER
    new = upgrade(platform.chats, group, -1009, 101)
    assert await whole(places, POST, "-4001") == [Moved("-1009")]
    assert isinstance((await whole(places, POST, "-1009"))[0], Sent)
    assert len(new.messages) == 1


async def test_twenty_a_minute(places: Places, channel: Place, platform: FakeTelegram) -> None:
    platform.methods.keep_pace(Pace())
    outcomes = [(await whole(places, POST))[0] for _ in range(21)]
    assert all(isinstance(outcome, Sent) for outcome in outcomes[:20])
    assert isinstance(outcomes[20], Throttled)
    assert outcomes[20].after >= 1


async def test_a_lost_answer_is_unknown_and_the_post_may_stand(
    places: Places, channel: Place, platform: FakeTelegram
) -> None:
    platform.fail(Fault("sendMessage", lost=True))
    assert await whole(places, POST) == [Unknown()]
    assert len(channel.messages) == 1


async def test_a_refused_token_closes_and_others_refusals_are_told(
    places: Places, channel: Place, platform: FakeTelegram
) -> None:
    platform.fail(Fault("sendMessage", 400, b'{"ok":false,"error_code":400,"description":"Bad Request: odd"}'))
    assert await whole(places, POST) == [Refused("Odd")]
    platform.token = "1:other"
    for _ in range(2):
        (closed,) = await whole(places, POST)
        assert isinstance(closed, Throttled)
    assert len(platform.calls("sendMessage")) == 2
