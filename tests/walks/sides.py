"""The platforms that people walk on, each by the way in which the product hears it: a table of them for the tests."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from conversations.questions import Questionnaire
from tests.platforms import telegram_phone, zalo_bot, zalo_oa
from tests.platforms.clock import Clock
from tests.platforms.telegram import FakeTelegram
from tests.platforms.telegram_chats import Chat, Shown
from tests.platforms.zalo_bot import FakeZaloBot
from tests.platforms.zalo_oa import FakeZaloOA
from tests.walks.browser import Browser
from tests.walks.product import SECRET, TOKEN, Product
from tests.walks.words import Words

Forms = dict[str, Questionnaire]
FIRST = 1000  # the number of the first person


class Handset(Protocol):
    """What a person holds: says, taps (or types what stands for it), and is shown screens in its chat."""

    chat: Chat

    def say(self, text: str, /) -> object: ...

    def tap_data(self, data: str, message: Shown | None = None, /) -> object: ...


class Platform(Protocol):
    """What all fakes have: `complaints` tells what a well-behaved client never does."""

    complaints: list[str]


@dataclass
class Side:
    """One platform on a walk. `comes` is what opening an invitation is there, `loses` whether it may lose what is said,
    `crosses` whether what is private is answered on the web.

    `environment` is what the product is told, `settled` what an operator does in the platform's console, `user` the
    channel's own name for a person by number.
    """

    channel: str
    platform: Platform
    environment: dict[str, str]
    phone: Callable[[int, Product, Forms], Handset]
    user: Callable[[Handset], str]
    comes: Callable[[str, Product], str] = lambda token, _: f"/start {token}"
    settled: Callable[[Product], None] = lambda _: None
    secrets: tuple[str, ...] = ()
    loses: bool = False
    crosses: bool = False
    browsers: list[Browser] = field(default_factory=list)

    def browser(self, number: int, product: Product) -> Browser:
        """Open another browser for somebody."""
        self.browsers.append(Browser(product.port, Chat(FIRST + number)))
        return self.browsers[-1]

    async def close(self) -> None:
        """Close the browsers."""
        for browser in self.browsers:
            await browser.close()


def pasted(token: str, product: Product) -> str:
    """A join link, as it is pasted into a chat."""
    return f"{product.environment['PUBLIC_URL']}/join/{token}"


@asynccontextmanager
async def telegram(mode: str, clock: Clock | None) -> AsyncIterator[Side]:
    """Telegram, with its buttons."""
    async with FakeTelegram(TOKEN, clock) as platform:
        environment = {
            "TELEGRAM_BASE_URL": platform.base_url,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_MODE": mode,
            "TELEGRAM_WEBHOOK_SECRET": SECRET if mode == "webhook" else "",
        }

        def phone(number: int, _product: Product, _forms: Forms) -> Handset:
            return telegram_phone.Phone(platform, FIRST + number)

        user = lambda handset: str(handset.chat.user)  # noqa: E731
        yield Side("telegram", platform, environment, phone, user, secrets=(TOKEN, SECRET))


@asynccontextmanager
async def zalo_bots(mode: str, clock: Clock | None) -> AsyncIterator[Side]:
    """A Zalo Bot, in words. Polled it may lose what is said: who fetches an event is not asked whether it was kept."""
    async with FakeZaloBot(clock=clock) as platform:
        environment = {
            "ZALO_BOT_BASE_URL": platform.base_url,
            "ZALO_BOT_TOKEN": zalo_bot.TOKEN,
            "ZALO_BOT_MODE": mode,
            "ZALO_BOT_WEBHOOK_SECRET": SECRET if mode == "webhook" else "",
            "ZALO_BOT_MONTHLY": str(10**9),
            "ZALO_BOT_USERS": str(10**9),
        }

        def phone(number: int, _product: Product, forms: Forms) -> Handset:
            own = zalo_bot.Phone(platform, f"person {number}")
            words = Words(Chat(FIRST + number), own.chat.user, forms, own.say)
            own.chat.watch = lambda shown: words.arrived(shown.text)
            return words

        side = Side("zalo-bot", platform, environment, phone, _named, pasted, secrets=(zalo_bot.TOKEN, SECRET))
        side.loses = mode == "polling"
        yield side


@asynccontextmanager
async def zalo_oas(in_chat: bool, clock: Clock | None) -> AsyncIterator[Side]:
    """A Zalo Official Account, in words; what is private is answered there (`in_chat`) or on the web."""
    async with FakeZaloOA(clock or Clock(20.0)) as platform:
        platform.hooks.stamp = time.time
        environment = {
            "ZALO_OA_BASE_URL": platform.base_url,
            "ZALO_OAUTH_BASE_URL": platform.base_url,
            "ZALO_OA_APP_ID": zalo_oa.APP_ID,
            "ZALO_OA_APP_SECRET": zalo_oa.APP_SECRET,
            "ZALO_OA_SECRET": zalo_oa.OA_SECRET,
            "ZALO_OA_REFRESH_TOKEN": platform.oauth.explorer()[1],
            "ZALO_OA_IN_CHAT": str(in_chat),
        }

        def phone(number: int, _product: Product, forms: Forms) -> Handset:
            own = zalo_oa.Phone(platform, 10**17 + number)
            words = Words(Chat(FIRST + number), own.person.user, forms, own.say)
            own.person.watch = lambda shown: words.arrived(shown.text)
            return words

        side = Side("zalo-oa", platform, environment, phone, _named, pasted)
        side.settled = lambda product: platform.hooks.set(f"http://127.0.0.1:{product.port}/hook/zalo-oa")
        side.secrets = (zalo_oa.APP_SECRET, zalo_oa.OA_SECRET, environment["ZALO_OA_REFRESH_TOKEN"])
        side.crosses = not in_chat
        yield side


@asynccontextmanager
async def webs(_clock: Clock | None) -> AsyncIterator[Side]:
    """The web chat, in browsers; there is no platform between us."""

    @dataclass
    class Nobody:
        complaints: list[str] = field(default_factory=list)

    side = Side("web", Nobody(), {}, lambda number, product, _: side.browser(number, product), _named)
    yield side


def _named(handset: Handset) -> str:
    assert isinstance(handset, Words | Browser)
    return handset.user


Opened = Callable[[Clock | None], AbstractAsyncContextManager[Side]]
SIDES: dict[str, Opened] = {
    "telegram webhook": partial(telegram, "webhook"),
    "telegram polling": partial(telegram, "polling"),
    "zalo-bot webhook": partial(zalo_bots, "webhook"),
    "zalo-bot polling": partial(zalo_bots, "polling"),
    "zalo-oa": partial(zalo_oas, True),
    "zalo-oa and web": partial(zalo_oas, False),
    "web": webs,
}
