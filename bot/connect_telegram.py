"""Puts Telegram on the ground of a running house: its doors in, its road out, its menus."""

import asyncio
from collections import Counter
from functools import partial

from aiohttp import web

from bot.broadcasting.mail import Mail
from bot.channel import Channel, Ground
from bot.channels.session import open_session
from bot.channels.telegram import NAME, Access, Menu, Telegram, can
from bot.channels.telegram_mailing import ready
from bot.channels.telegram_places import Places
from bot.channels.telegram_preview import preview
from bot.channels.telegram_webhook import PATH, fault
from bot.fetching import Fetching
from bot.lease import alone
from bot.noting import Noting
from bot.outcomes import Outcome
from bot.outlets.steps import Door
from bot.settings import OperatorError, Settings
from handlers.commands import COMMAND_ABOUT
from handlers.house import House
from handlers.talks import TALKS
from models.messages import Outbound
from models.officers import ROLES


def access(settings: Settings) -> Access:
    """What the settings say about Telegram."""
    return Access(
        token=settings.telegram_token.get_secret_value(),
        base_url=settings.telegram_base_url,
        proxy=settings.telegram_proxy,
        secret=settings.telegram_webhook_secret.get_secret_value(),
    )


async def connect(ground: Ground) -> Channel:
    """Open the channel; a Telegram that is out of reach is tried for in the background and delays nobody.

    Raises OperatorError for a webhook that these settings do not allow.
    """
    settings, house = ground.foundation.settings, ground.foundation.house
    _refuse_a_door_that_cannot_open(settings)
    session = open_session()
    telegram = Telegram(access(settings), session, ground.foundation.now)
    fetching = Fetching(Menued(telegram, house), telegram.fetch, ground.road.receive, ground.foundation.now)
    delivery = ground.delivery(NAME, Noting(fetching, ground))
    house.erases[NAME] = can.erase
    house.changes.add(NAME)
    house.previews[NAME] = preview

    async def introduce() -> None:
        await telegram.introduce(menus(house))
        house.telegram_name = telegram.username or ""

    async def end() -> None:
        await telegram.close()
        await session.close()

    channel = Channel(
        NAME,
        tasks=[introduce, delivery.run],
        up=lambda: telegram.well and delivery.well,
        counts=lambda: Counter(telegram.counts) + Counter(delivery.counts),
        drain=delivery.drain,
        close=telegram.hush,
        end=end,
        doors={NAME: Door(Places(telegram))},
        mail=Mail(delivery, partial(ready, telegram)),
    )
    _open_door(channel, telegram, ground)
    return channel


def _refuse_a_door_that_cannot_open(settings: Settings) -> None:
    secret = settings.telegram_webhook_secret.get_secret_value()
    if settings.telegram_mode == "webhook" and (wrong := fault(secret, settings.address, settings.telegram_base_url)):
        raise OperatorError(wrong)


def _open_door(channel: Channel, telegram: Telegram, ground: Ground) -> None:
    settings = ground.foundation.settings

    async def poll() -> None:
        await alone(ground, "telegram-polling", lambda: telegram.poll(ground.road.receive))

    async def register() -> None:
        await telegram.register(settings.address)

    if settings.telegram_mode == "polling":
        channel.tasks.append(poll)
        return
    channel.routes.append(web.post(PATH, telegram.hook(ground.road.receive)))
    channel.tasks += [register, telegram.feel]


def menus(house: House, roles: frozenset[str] = frozenset()) -> list[Menu]:
    """The commands and descriptions of each language; the first language's are for everybody else too."""
    first = house.phrases.languages[0]
    return [_menu(house, tag, "" if tag == first else tag, roles) for tag in house.phrases.languages]


def _menu(house: House, tag: str, language: str, roles: frozenset[str]) -> Menu:
    say, issuer = house.phrases.voice(tag), house.pack.issuer.in_(tag)
    usable = [talk.name for talk in TALKS if talk.open and (not talk.roles or roles & set(talk.roles))]
    commands = tuple((name, say(COMMAND_ABOUT[name])) for name in usable)
    if roles:
        return Menu(language, commands)
    return Menu(language, commands, say("telegram.description", issuer=issuer), say("telegram.short", issuer=issuer))


class Menued:
    """Sends, and sees to it that a chat's list of commands follows a role that began or ended. Cosmetic: the list may
    be lost with the process; rights are checked where they are used.
    """

    def __init__(self, telegram: Telegram, house: House) -> None:
        self._telegram = telegram
        self._house = house
        self._setting: set[asyncio.Task[None]] = set()

    async def send(self, outbound: Outbound) -> Outcome:
        """Deliver one message."""
        if outbound.role:
            held = frozenset(outbound.role.split()) & frozenset(ROLES)
            setting = self._telegram.officer_commands(outbound.to.user, menus(self._house, held), bool(held))
            task = asyncio.create_task(setting)
            self._setting.add(task)
            task.add_done_callback(self._setting.discard)
        return await self._telegram.send(outbound)
