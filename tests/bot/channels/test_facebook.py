"""A page through the strict fake: a post stands once, each refusal has its outcome, tokens live and die."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.channels.facebook import MAX_TEXT, Page, preview
from bot.channels.facebook_calls import Graph
from bot.channels.facebook_tokens import WHOSE, Purchase
from bot.channels.replies import Failed
from bot.channels.session import open_session
from bot.channels.tokens import Shop, Spent, Tokens
from bot.outcomes import Gone, Outcome, Refused, Sent, Throttled, Unknown
from bot.outlets.steps import ToPost
from models.messages import Address, Button, Outbound, Picture
from models.tokens import Kept, Pair
from tests.platforms.facebook import APP_ID, APP_SECRET, LONG, PAGE, FakeFacebook, Fault

PNG = b"\x89PNG picture"
URL = "https://langnghe.example.vn/join/q-du-thao"
POST = Outbound(Address("", ""), "Nội dung.\n\nĐoạn hai.", "Tin của Công đoàn", ((Button("Góp ý", "", url=URL),),))
WORDS = f"Tin của Công đoàn\n\nNội dung.\n\nĐoạn hai.\n\nGóp ý: {URL}"


class Drawer:
    """A vault of one process."""

    def __init__(self) -> None:
        self.kept: Kept | None = None

    async def open(self) -> Kept | None:
        return self.kept

    async def take(self) -> tuple[bool, Kept | None]:
        return True, self.kept

    async def save(self, kept: Kept) -> None:
        self.kept = kept

    async def leave(self) -> None:
        pass


class House:
    """A page and its tokens."""

    def __init__(self, server: FakeFacebook, session: aiohttp.ClientSession, begin: str, *, app: bool = True) -> None:
        self.at = datetime.fromtimestamp(server.clock.now(), UTC)
        graph = Graph(session, server.base_url, APP_ID if app else "", APP_SECRET if app else "")
        self.purchase, self.drawer = Purchase(graph, PAGE), Drawer()
        self.tokens = Tokens(self.drawer, Shop(WHOSE, self.purchase, begin), lambda: self.at)
        self.page = Page(graph, PAGE, self.tokens)

    async def post(self, outbound: Outbound = POST) -> object:
        return await self.page.post(ToPost("", outbound))

    def later(self, server: FakeFacebook, seconds: float) -> None:
        server.clock.skip(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture
async def server() -> AsyncIterator[FakeFacebook]:
    async with FakeFacebook() as server:
        yield server
        assert server.complaints == []


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session(fresh=True) as session:
        yield session


@pytest.fixture
async def house(server: FakeFacebook, session: aiohttp.ClientSession) -> House:
    return House(server, session, server.give())


async def test_words_with_a_link(house: House, server: FakeFacebook) -> None:
    assert await house.post() == Sent(f"{PAGE}_1")
    (post,) = server.posts
    assert (post.message, post.link) == (WORDS, URL)
    assert preview(POST) == [WORDS]
    assert house.purchase.title == "Công đoàn tỉnh Sơn La"


async def test_a_picture_with_words(house: House, server: FakeFacebook) -> None:
    assert await house.post(replace(POST, picture=Picture(PNG, "Hình"))) == Sent(f"{PAGE}_1")
    (post,) = server.posts
    assert (post.message, post.picture, post.link) == (WORDS, PNG, "")
    large = replace(POST, title="Tin khác", picture=Picture(b"\x89PNG" + bytes(11 * 2**20), "Hình"))
    assert await house.post(large) == Sent(f"{PAGE}_2")
    assert server.posts[1].picture == b"", "a picture that is too large is left out"


async def test_a_text_that_is_too_long_is_never_sent(house: House, server: FakeFacebook) -> None:
    assert await house.post(replace(POST, text="a" * MAX_TEXT)) == Refused("too long")
    assert not server.posts


REFUSALS: list[tuple[int, Outcome | type[Outcome]]] = [
    *[(code, Throttled) for code in (4, 17, 32, 341, 613, 80001)],
    *[(code, Gone()) for code in (3, 10, 200, 299)],
    *[(code, Unknown()) for code in (1, 2)],
    (368, Refused("blocked")),
    (506, Refused("duplicate")),
    (100, Refused("error 100.33")),
]


@pytest.mark.parametrize(("code", "outcome"), REFUSALS)
async def test_each_refusal_has_its_outcome(
    house: House, server: FakeFacebook, code: int, outcome: Outcome | type[Outcome]
) -> None:
    server.fail(Fault("/feed", code, 33))
    got = await house.post()
    assert isinstance(got, outcome) if isinstance(outcome, type) else got == outcome
    assert bool(house.page.trouble) == isinstance(got, Gone)
    await house.post()
    assert house.page.trouble == ""


async def test_a_link_that_facebook_cannot_read_stays_among_the_words(house: House, server: FakeFacebook) -> None:
    server.fail(Fault("/feed", 1609005))
    assert await house.post() == Sent(f"{PAGE}_1")
    assert (server.posts[0].message, server.posts[0].link) == (WORDS, "")
    server.fail(Fault("/feed", 1609005, times=2))
    assert await house.post(replace(POST, title="Tin khác")) == Refused("error 1609005")


async def test_a_duplicate_is_refused_and_not_sent_in_other_words(house: House, server: FakeFacebook) -> None:
    await house.post()
    assert await house.post() == Refused("duplicate")
    assert len(server.posts) == 1


@pytest.mark.parametrize(
    ("fault", "outcome", "stands"),
    [
        (Fault("/feed", lost=True), Unknown, 1),
        (Fault("/feed", status=502, body=b"<html>Bad Gateway</html>", made=True), Unknown, 1),
        (Fault("/feed", status=503, body=b"<html></html>"), Unknown, 0),
        (Fault("/feed", status=500, body=b'{"error":{"code":2,"is_transient":true}}', made=True), Unknown, 1),
        (Fault("/feed", status=403, body=b"<html>captive portal</html>"), Throttled, 0),
        (Fault("/feed", status=500, body=b'{"odd":1}'), Unknown, 0),
    ],
)
async def test_a_post_that_may_stand_is_unknown(
    house: House, server: FakeFacebook, fault: Fault, outcome: type[Outcome], stands: int
) -> None:
    server.fail(fault)
    assert isinstance(await house.post(), outcome)
    assert len(server.posts) == stands


async def test_a_page_out_of_reach_is_tried_later(session: aiohttp.ClientSession) -> None:
    async with FakeFacebook() as gone:
        house = House(gone, session, gone.give())
        await house.tokens.look()
    assert isinstance(await house.post(), Throttled)
    fresh = House(gone, session, "EAA-x")
    assert isinstance(await fresh.post(), Throttled), "nor is a post unknown because a token could not be bought"


async def test_a_limit(house: House, server: FakeFacebook) -> None:
    await house.tokens.look()
    server.left = 1
    assert isinstance(await house.post(), Sent)
    assert isinstance(await house.post(replace(POST, title="Tin khác")), Throttled)


async def test_a_right_that_was_taken_away(server: FakeFacebook, session: aiohttp.ClientSession) -> None:
    house = House(server, session, server.give(may_post=False))
    assert await house.post() == Gone()
    assert house.page.trouble == "error 200"


async def test_an_administrators_token_becomes_the_page_s(server: FakeFacebook, session: aiohttp.ClientSession) -> None:
    short = server.give(page=False, lasts=3600)
    house = House(server, session, short)
    assert isinstance(await house.post(), Sent)
    assert house.drawer.kept
    assert house.drawer.kept.pair
    assert server.tokens[house.drawer.kept.pair.access].page
    assert server.tokens[house.drawer.kept.pair.refresh].until
    for _ in range(5):  # a token of sixty days lives on for as long as somebody renews it
        house.later(server, LONG * 0.6)
        await house.tokens.look()
    assert isinstance(await house.post(replace(POST, title="Tin khác")), Sent)


async def test_without_an_app_the_token_is_used_as_it_is(server: FakeFacebook, session: aiohttp.ClientSession) -> None:
    server.needs_proof = False
    token = server.give()
    house = House(server, session, token, app=False)
    assert isinstance(await house.post(), Sent)
    assert house.drawer.kept
    assert house.drawer.kept.pair == Pair(token, token)
    assert not server.calls("/oauth/access_token")


async def test_a_dead_token_is_the_end_until_a_fresh_one(server: FakeFacebook, session: aiohttp.ClientSession) -> None:
    begun = server.give()
    house = House(server, session, begun)
    await house.post()
    server.tokens.clear()
    assert await house.post(replace(POST, title="Tin khác")) == Refused("token")
    assert "FACEBOOK_PAGE_TOKEN" in house.tokens.trouble
    bought = len(server.calls(PAGE)) + len(server.calls("/oauth/access_token"))
    assert await house.post(replace(POST, title="Tin khác")) == Refused("token")
    assert len(server.calls(PAGE)) + len(server.calls("/oauth/access_token")) == bought, "nothing is bought with it"
    fresh = House(server, session, server.give())
    fresh.drawer.kept = house.drawer.kept
    assert isinstance(await fresh.post(replace(POST, title="Tin khác")), Sent)
    assert fresh.tokens.trouble == ""


async def test_a_dead_token_is_found_within_a_day(house: House, server: FakeFacebook) -> None:
    await house.tokens.look()
    server.tokens.clear()
    house.later(server, 21 * 3600)
    await house.tokens.look()
    assert house.tokens.trouble


async def test_a_page_token_that_may_be_exchanged_is(server: FakeFacebook, session: aiohttp.ClientSession) -> None:
    server.exchanges_page_tokens = True
    house = House(server, session, begun := server.give(lasts=3600))
    assert isinstance(await house.post(), Sent)
    assert house.drawer.kept
    assert house.drawer.kept.pair
    assert house.drawer.kept.pair.access != begun


@pytest.mark.parametrize("code", [1, 4, 32, 341])
async def test_a_facebook_in_trouble_spends_no_token(house: House, server: FakeFacebook, code: int) -> None:
    server.fail(Fault(PAGE, code))
    with pytest.raises(Failed):
        await house.tokens.look()
    await house.tokens.look()
    assert house.tokens.trouble == ""


async def test_another_page_s_token_is_spent(server: FakeFacebook, session: aiohttp.ClientSession) -> None:
    server.fail(Fault(PAGE, 100, times=2))
    with pytest.raises(Spent):
        await House(server, session, server.give()).purchase("EAA-other")


async def test_nothing_secret_reaches_the_log(
    house: House, server: FakeFacebook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in (Fault("/feed", 200), Fault("/feed", lost=True), Fault(PAGE, status=500), Fault("/feed", 190)):
        server.fail(fault)
        await house.post()
    server.tokens.clear()
    await house.post(replace(POST, title="Tin khác"))
    told = caplog.text + repr(house.purchase.graph) + json.dumps([asked.path for asked in server.asked])
    for secret in (APP_SECRET, "EAA-", "Nội dung"):
        assert secret not in told
