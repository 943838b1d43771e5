"""Buying the tokens of an Official Account: one for 25 hours, and one for its successor that works once."""

import asyncio

import aiohttp

from bot.channels.replies import Lost, ask
from bot.channels.tokens import Spent, Whose
from models.tokens import Pair

PATH = "/v4/oa/access_token"
LONGEST = 40.0  # seconds for a purchase; less than the lease lasts
WHOSE = Whose("zalo-oa", "ZALO_OA_REFRESH_TOKEN")


async def buy(session: aiohttp.ClientSession, base_url: str, app: tuple[str, str], token: str) -> Pair:
    """Buy a pair for a refresh token; `app` is the app's id and secret. Raises Spent and Failed.

    Which error a spent token gets is documented nowhere, so any JSON answer without both tokens is the end.
    """
    id, secret = app
    form = {"refresh_token": token, "app_id": id, "grant_type": "refresh_token"}
    try:
        async with asyncio.timeout(LONGEST):
            reply = await ask(session, base_url.rstrip("/") + PATH, data=form, headers={"secret_key": secret})
    except TimeoutError:
        raise Lost("an answer that came too slowly") from None
    access, refresh = reply.told.get("access_token"), reply.told.get("refresh_token")
    if isinstance(access, str) and isinstance(refresh, str) and access and refresh:
        return Pair(access, refresh)
    raise Spent
