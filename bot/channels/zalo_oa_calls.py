"""Calls to the Official Account API: a token in the header, a refusal under HTTP 200, a token renewed once."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp

from bot.channels.replies import Reply, Stranger, ask
from bot.channels.zalo_oa_failures import TOKEN, Refusal

FIELD = re.compile(r"\W*([A-Za-z_.]{1,40})\W* is invalid", re.ASCII)

Call = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class Access(Protocol):
    """Where tokens come from."""

    async def access(self, but_not: str = "") -> str: ...


class Calls:
    """The API of one account at `base_url`."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, tokens: Access) -> None:
        self._session, self._base, self._tokens = session, base_url.rstrip("/"), tokens

    async def __call__(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST a JSON body and give the answer's `data`.

        Raises Refusal, Failed (the answer was not heard), Shut (no token), Unavailable (no database to ask for one).
        """
        token = await self._tokens.access()
        try:
            return await self._ask(path, body, token)
        except Refusal as refusal:
            if refusal.code not in TOKEN:
                raise
        return await self._ask(path, body, await self._tokens.access(but_not=token))

    async def _ask(self, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        return _data(await ask(self._session, self._base + path, json=body, headers={"access_token": token}))


def _data(reply: Reply) -> dict[str, Any]:
    code, data = reply.told.get("error", 0), reply.told.get("data")
    if isinstance(code, bool) or not re.fullmatch(r"-?\d{1,9}", str(code), re.ASCII):
        raise Stranger(f"HTTP {reply.status} that is not Zalo's", reply.status)
    if int(code):
        found = FIELD.match(str(reply.told.get("message", "")))
        raise Refusal(int(code), found[1] if found else "")
    if reply.status != 200 or "error" not in reply.told:
        raise Stranger(f"HTTP {reply.status} that is not Zalo's", reply.status)
    return data if isinstance(data, dict) else {}
