"""Calls to Facebook's Graph API: a token in the header, a proof that we know the app's secret, refusals by code.

Documented: HMAC-SHA256 of the token under the app's secret as `appsecret_proof`; refusals as
`{"error": {"code", "error_subcode", "is_transient"}}`. That the header `Authorization: Bearer` is taken is seen in
Meta's own samples for other parts of this API; the Pages guide shows `access_token` as a parameter.
"""

import hmac
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.channels.replies import Reply, Stranger, ask

NAME = "facebook"


class Refusal(Exception):
    """Facebook's own no. The message holds codes alone: Facebook's wording may repeat what was posted."""

    def __init__(self, code: int, subcode: int = 0, *, transient: bool = False) -> None:
        super().__init__(f"error {code}" + (f".{subcode}" if subcode else ""))
        self.code, self.subcode, self.transient = code, subcode, transient


@dataclass(frozen=True, slots=True)
class Graph:
    """The API at `base_url` for one app; `secret` "" sends no proof. Never printed."""

    session: aiohttp.ClientSession
    base_url: str
    app_id: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"Graph(base_url={self.base_url!r})"

    async def post(self, path: str, token: str, form: dict[str, str], file: bytes = b"") -> dict[str, Any]:
        """POST a form (with a picture: multipart, under `source`) and give the answer. Raises Refusal and Failed."""
        whole = form | self._proof(token)
        data: Any = whole
        if file:
            data = aiohttp.FormData()
            for name, value in whole.items():
                data.add_field(name, value)
            data.add_field("source", file, filename="picture.png", content_type="image/png")
        return await self._asked(path, token, data=data)

    async def get(self, path: str, token: str, fields: str) -> dict[str, Any]:
        """GET some fields of an object. Raises Refusal and Failed."""
        return await self._asked(path, token, method="GET", params={"fields": fields, **self._proof(token)})

    async def exchange(self, token: str) -> str:
        """Give a token that lives longer for one that still lives. Raises Refusal and Failed.

        The guide shows this as a GET with everything in the address; sent as a form here, so that no secret stands in
        one. Unconfirmed, so whoever calls can do without.
        """
        form = {"grant_type": "fb_exchange_token", "client_id": self.app_id, "client_secret": self.secret}
        told = await self._asked("/oauth/access_token", "", data=form | {"fb_exchange_token": token})
        return str(told.get("access_token") or "")

    async def _asked(self, path: str, token: str, **request: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return _told(await ask(self.session, self.base_url.rstrip("/") + path, headers=headers, **request))

    def _proof(self, token: str) -> dict[str, str]:
        if not (self.secret and token):
            return {}
        return {"appsecret_proof": hmac.new(self.secret.encode(), token.encode(), "sha256").hexdigest()}


def _told(reply: Reply) -> dict[str, Any]:
    error = reply.told.get("error")
    if isinstance(error, dict):
        code, subcode = error.get("code"), error.get("error_subcode")
        raise Refusal(_number(code), _number(subcode), transient=error.get("is_transient") is True)
    if reply.status != 200:
        raise Stranger(f"HTTP {reply.status} that is not Facebook's", reply.status)
    return reply.told


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
