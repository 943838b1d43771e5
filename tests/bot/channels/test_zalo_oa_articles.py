"""Articles and broadcasts: exact bodies, nobody chosen by age or gender, nothing at night."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.session import open_session
from bot.channels.zalo_oa_articles import BROADCAST, CREATE, Article, broadcast, create, verify
from bot.channels.zalo_oa_calls import Calls
from bot.channels.zalo_oa_failures import Refusal
from locales.formats import VIETNAM
from tests.platforms.zalo_oa import FakeZaloOA, Fault, Phone

POST = Article(
    title="Kết quả đợt lắng nghe tháng 1",
    author="Công đoàn",
    description="Những điều anh chị em đã nói",
    paragraphs=("Một nửa số người trả lời nêu tiền lương.", "Xin cảm ơn anh chị em."),
    cover="https://langnghe.example.vn/cover.png",
)


class Purse:
    def __init__(self, server: FakeZaloOA) -> None:
        self.server = server

    async def access(self, but_not: str = "") -> str:
        return self.server.oauth.explorer()[0]


@pytest.fixture
async def server() -> AsyncIterator[FakeZaloOA]:
    async with FakeZaloOA() as server:
        yield server
        assert server.complaints == []


@pytest.fixture
async def call(server: FakeZaloOA) -> AsyncIterator[Calls]:
    async with open_session() as session:
        yield Calls(session, server.base_url, Purse(server))


def to_hour(server: FakeZaloOA, hour: int, minute: int = 0) -> None:
    """Let it be that time of a day in Vietnam."""
    here = datetime.fromtimestamp(server.clock.now(), UTC).astimezone(VIETNAM)
    then = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    server.clock.skip(((then - here) % timedelta(days=1)).total_seconds())


async def made(server: FakeZaloOA, call: Calls) -> str:
    token = await create(call, POST)
    server.clock.skip(30)
    return await verify(call, token)


async def test_an_article_is_shown_without_comments(server: FakeZaloOA, call: Calls) -> None:
    await create(call, POST)
    assert server.calls(CREATE)[0].body == {
        "type": "normal",
        "title": "Kết quả đợt lắng nghe tháng 1",
        "author": "Công đoàn",
        "cover": {"cover_type": "photo", "photo_url": "https://langnghe.example.vn/cover.png", "status": "show"},
        "description": "Những điều anh chị em đã nói",
        "body": [
            {"type": "text", "content": "Một nửa số người trả lời nêu tiền lương."},
            {"type": "text", "content": "Xin cảm ơn anh chị em."},
        ],
        "status": "show",
        "comment": "hide",
    }


async def test_an_article_takes_its_time(server: FakeZaloOA, call: Calls) -> None:
    token = await create(call, POST)
    assert await verify(call, token) == ""
    server.clock.skip(30)
    assert await verify(call, token)
    with pytest.raises(Refusal):
        await verify(call, "unknown")


@pytest.mark.parametrize("name", ["id", "article_id"])
async def test_the_id_is_found_under_either_name(server: FakeZaloOA, call: Calls, name: str) -> None:
    server.fail(Fault("/v2.0/article/verify", status=200, body=b'{"error":0,"data":{"%s":"a1"}}' % name.encode()))
    assert await verify(call, "x") == "a1"


async def test_a_broadcast_chooses_nobody(server: FakeZaloOA, call: Calls) -> None:
    phones = [Phone(server, n) for n in range(3)]
    for phone in phones[:2]:
        phone.follow()
    article = await made(server, call)
    to_hour(server, 12)
    assert await broadcast(call, article)
    element = {"media_type": "article", "attachment_id": article}
    message = {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": [element]}}}
    assert server.calls(BROADCAST)[0].body == {"recipient": {"target": {}}, "message": message}
    assert [phone.person.posts for phone in phones] == [[article], [article], []]


async def test_a_broadcast_may_be_for_one_city(server: FakeZaloOA, call: Calls) -> None:
    article = await made(server, call)
    to_hour(server, 12)
    await broadcast(call, article, city="60")
    assert server.calls(BROADCAST)[0].body["recipient"] == {"target": {"cities": "60"}}


@pytest.mark.parametrize(("hour", "minute", "goes"), [(21, 59, True), (22, 0, False), (5, 59, False), (6, 0, True)])
async def test_the_night_is_refused(server: FakeZaloOA, call: Calls, hour: int, minute: int, goes: bool) -> None:
    article = await made(server, call)
    to_hour(server, hour, minute)
    if goes:
        assert await broadcast(call, article)
        return
    with pytest.raises(Refusal) as refused:
        await broadcast(call, article)
    assert refused.value.code == -234


WRONG: tuple[dict[str, object], ...] = (
    {"title": ""},
    {"title": "a" * 151},
    {"author": "a" * 51},
    {"description": "😀" * 151},
    {"paragraphs": ()},
    {"cover": "http://a.vn/x.png"},
)


@pytest.mark.parametrize("wrong", WRONG)
def test_what_would_be_refused_is_refused_before(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="an article"):
        replace(POST, **wrong)  # type: ignore[arg-type]
