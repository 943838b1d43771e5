"""Puts a Zalo Official Account on the ground of a running house: its door in, its road out, its tokens."""

from collections import Counter
from functools import partial
from urllib.parse import urlsplit

from aiohttp import web

from bot.channel import Channel, Ground
from bot.channels.session import open_session
from bot.channels.tokens import Shop, Tokens
from bot.channels.zalo_oa import FREE, NAME, ZaloOA, can, size
from bot.channels.zalo_oa_calls import Calls
from bot.channels.zalo_oa_posts import Articles, preview
from bot.channels.zalo_oa_signature import Seal
from bot.channels.zalo_oa_tokens import WHOSE, buy
from bot.channels.zalo_oa_webhook import PATH, Webhook
from bot.clock import wall
from bot.outlets.covers import Covers
from bot.outlets.steps import Door
from bot.settings import OperatorError, Settings
from bot.vault import Vault
from bot.window import Window
from models.tokens import Kept

PATIENCE = 5.0  # seconds, at the end, for what came in and for tokens that were bought


async def connect(ground: Ground) -> Channel:
    """Open the channel; a Zalo that is out of reach is tried for in the background and delays nobody.

    Raises OperatorError for settings that this cannot work with. The webhook's address is set in Zalo's console.
    """
    foundation = ground.foundation
    settings, house, now = foundation.settings, foundation.house, foundation.now
    vault = Vault(ground, NAME)
    _refuse_what_cannot_work(settings, await vault.open())
    session = open_session()
    app = settings.zalo_oa_app_id, settings.zalo_oa_app_secret.get_secret_value()
    sale = partial(buy, session, settings.zalo_oauth_base_url, app)
    tokens = Tokens(vault, Shop(WHOSE, sale, settings.zalo_oa_refresh_token.get_secret_value()), now)
    seal = Seal(settings.zalo_oa_app_id, settings.zalo_oa_secret.get_secret_value())
    calls = Calls(session, settings.zalo_oa_base_url, tokens)
    account = ZaloOA(calls, Webhook(seal, now, wall), foundation.now, buttons=settings.zalo_oa_buttons)
    delivery = ground.delivery(NAME, account)
    delivery.window = Window(NAME, ground.writer, now, settings.zalo_oa_paid, size)
    ground.road.windows[NAME] = FREE
    covers = Covers(ground.writer, settings.address, house.pack.issuer.in_(house.phrases.languages[0]))
    articles = Articles(calls, house.pack.issuer.in_(house.phrases.languages[0]), covers, now)
    house.previews[NAME] = preview
    able = can(buttons=settings.zalo_oa_buttons)
    house.erases[NAME] = able.erase
    if able.overheard:
        house.watched.add(NAME)
    if able.overheard and not settings.zalo_oa_in_chat:
        house.overheard.add(NAME)

    async def end() -> None:
        await account.settle(PATIENCE)
        await tokens.settle(PATIENCE)
        await session.close()

    return Channel(
        NAME,
        tasks=[tokens.run, delivery.run],
        routes=[web.post(PATH, account.hook(ground.road.receive)), covers.route()],
        up=lambda: not tokens.trouble and not account.trouble and delivery.well,
        counts=lambda: Counter(account.counts) + Counter(articles.counts) + Counter(delivery.counts),
        drain=delivery.drain,
        end=end,
        doors={NAME: Door(articles, lambda: "", lambda: not tokens.trouble)},
    )


def _refuse_what_cannot_work(settings: Settings, kept: Kept | None) -> None:
    needed = {
        "ZALO_OA_APP_SECRET": settings.zalo_oa_app_secret.get_secret_value(),
        "ZALO_OA_SECRET": settings.zalo_oa_secret.get_secret_value(),
        "ZALO_OA_REFRESH_TOKEN": settings.zalo_oa_refresh_token.get_secret_value() or (kept and kept.pair),
    }
    if missing := [name for name, value in needed.items() if not value]:
        raise OperatorError(f"{', '.join(missing)} must be set where ZALO_OA_APP_ID is")
    here = urlsplit(settings.zalo_oa_base_url).hostname in ("127.0.0.1", "localhost", "::1")
    if not here and urlsplit(settings.address).scheme != "https":
        raise OperatorError("PUBLIC_URL must begin with https:// for the webhook of a Zalo Official Account")
