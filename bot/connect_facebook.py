"""Puts a Facebook page on the ground of a running house: a place to post to, and its tokens. Nobody is heard there."""

from collections import Counter

from bot.channel import Channel, Ground
from bot.channels.facebook import NAME, Page, preview
from bot.channels.facebook_calls import Graph
from bot.channels.facebook_tokens import WHOSE, Purchase
from bot.channels.session import open_session
from bot.channels.tokens import Shop, Tokens
from bot.outlets.steps import Door
from bot.settings import OperatorError, Settings
from bot.vault import Vault
from models.tokens import Kept

PATIENCE = 5.0  # seconds, at the end, for tokens that were bought


async def connect(ground: Ground) -> Channel:
    """Open the page; a Facebook that is out of reach is tried for in the background and delays nobody.

    Raises OperatorError for settings that this cannot work with.
    """
    settings, now = ground.foundation.settings, ground.foundation.now
    vault = Vault(ground, NAME)
    _refuse_what_cannot_work(settings, await vault.open())
    session = open_session(fresh=True)
    secret = settings.facebook_app_secret.get_secret_value()
    graph = Graph(session, settings.facebook_base_url, settings.facebook_app_id, secret)
    purchase = Purchase(graph, settings.facebook_page_id)
    tokens = Tokens(vault, Shop(WHOSE, purchase, settings.facebook_page_token.get_secret_value()), now)
    page = Page(graph, settings.facebook_page_id, tokens)
    ground.foundation.house.previews[NAME] = preview

    async def end() -> None:
        await tokens.settle(PATIENCE)
        await session.close()

    return Channel(
        NAME,
        tasks=[tokens.run],
        up=lambda: not tokens.trouble and not page.trouble,
        counts=lambda: Counter(page.counts),
        end=end,
        doors={NAME: Door(page, lambda: purchase.title, lambda: not tokens.trouble)},
    )


def _refuse_what_cannot_work(settings: Settings, kept: Kept | None) -> None:
    if not settings.facebook_page_token.get_secret_value() and not (kept and kept.pair):
        raise OperatorError("FACEBOOK_PAGE_TOKEN must be set where FACEBOOK_PAGE_ID is")
    if bool(settings.facebook_app_id) != bool(settings.facebook_app_secret.get_secret_value()):
        raise OperatorError("FACEBOOK_APP_ID and FACEBOOK_APP_SECRET are set together or not at all")
