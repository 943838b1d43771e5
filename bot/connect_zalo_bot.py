"""Puts a Zalo Bot on the ground of a running house: its door in, its road out, its plan."""

from collections import Counter

from aiohttp import web

from bot.broadcasting.mail import Mail, plainly
from bot.channel import Channel, Ground
from bot.channels.session import open_session
from bot.channels.zalo_bot import NAME, Access, ZaloBot, can, pieces
from bot.channels.zalo_bot_webhook import PATH, fault
from bot.lease import alone
from bot.meter import Meter, Thrifty
from bot.settings import OperatorError, Settings


def access(settings: Settings) -> Access:
    """What the settings say about the Zalo Bot."""
    return Access(
        token=settings.zalo_bot_token.get_secret_value(),
        base_url=settings.zalo_bot_base_url,
        secret=settings.zalo_bot_webhook_secret.get_secret_value(),
    )


async def connect(ground: Ground) -> Channel:
    """Open the channel; a Zalo that is out of reach is tried for in the background and delays nobody.

    Raises OperatorError for a webhook that these settings do not allow.
    """
    settings, house = ground.foundation.settings, ground.foundation.house
    _refuse_a_door_that_cannot_open(settings)
    session = open_session()
    zalo = ZaloBot(access(settings), session, ground.foundation.now)
    meter = Meter(ground, NAME, settings.zalo_bot_monthly, settings.zalo_bot_users)
    delivery = ground.delivery(NAME, Thrifty(zalo, meter))
    delivery.counted = meter.count
    house.erases[NAME] = can.erase
    house.wordy.add(NAME)
    house.previews[NAME] = pieces
    channel = Channel(
        NAME,
        tasks=[zalo.introduce, zalo.feel, delivery.run, meter.watch],
        up=lambda: zalo.well and delivery.well,
        counts=lambda: Counter(zalo.counts) + Counter(delivery.counts),
        drain=delivery.drain,
        close=zalo.hush,
        end=session.close,
        mail=Mail(delivery, plainly(NAME, zalo), meter.room),
    )
    _open_door(channel, zalo, ground)
    return channel


def _refuse_a_door_that_cannot_open(settings: Settings) -> None:
    secret = settings.zalo_bot_webhook_secret.get_secret_value()
    if settings.zalo_bot_mode == "webhook" and (wrong := fault(secret, settings.address, settings.zalo_bot_base_url)):
        raise OperatorError(wrong)


def _open_door(channel: Channel, zalo: ZaloBot, ground: Ground) -> None:
    settings = ground.foundation.settings

    async def poll() -> None:
        await alone(ground, "zalo-bot-polling", lambda: zalo.poll(ground.road.receive))

    async def register() -> None:
        await zalo.register(settings.address)

    if settings.zalo_bot_mode == "polling":
        channel.tasks.append(poll)
        return
    channel.routes.append(web.post(PATH, zalo.hook(ground.road.receive)))
    channel.tasks.append(register)
