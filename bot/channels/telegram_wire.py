"""Telegram's HTTP under `telegram.Bot`: requests over the session that all channels share.

Says on which side of the wire a failure fell, which the library's own client does not: `NotSent`, `Lost` or `Stranger`.
No failure raised here carries an address, since addresses hold the token. SOCKS proxies are not supported, HTTP are.
"""

import json
import os
from io import BytesIO
from typing import Any

import aiohttp
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData
from yarl import URL

os.environ.setdefault("PTB_TIMEDELTA", "true")  # or version 22 warns at every 429 that its type will change

CONNECT_SECONDS = 5.0  # to find a free connection or make one
READ_SECONDS = 35.0  # a platform that answers in thirty is slow and not down
WRITE_ROOM = 20.0  # more for uploads
FORM = {"Content-Type": "application/json"}  # the Bot API takes JSON bodies as well as forms; they are cheaper


class NotSent(NetworkError):
    """Nothing reached Telegram: no connection could be had."""

    __slots__ = ()


class Lost(NetworkError):
    """The request left and its answer was lost: it may have been carried out."""

    __slots__ = ()


class Stranger(NetworkError):
    """Somebody else answered: a captive portal, a proxy's or a gateway's page. Telegram always answers in JSON."""

    __slots__ = ()


class Wire(BaseRequest):
    """One object serves both the polling and everything else; the session is neither opened nor closed here."""

    __slots__ = ("_proxy", "_session")

    def __init__(self, session: aiohttp.ClientSession, proxy: str = "") -> None:
        self._session = session
        self._proxy = proxy or None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where the caller says nothing else."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Do nothing: the session is open already."""

    async def shutdown(self) -> None:
        """Do nothing: the session belongs to the house."""

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request and give (status, body); raises NotSent, Lost or Stranger."""
        patience = READ_SECONDS if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        if request_data is not None and request_data.contains_files:
            patience += WRITE_ROOM
        try:
            return await self._exchange(method, URL(url, encoded=True), _body(request_data), patience)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise NotSent(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Lost(type(error).__name__) from None

    async def _exchange(self, method: str, url: URL, body: dict[str, Any], patience: float) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=patience)
        asked = self._session.request(method, url, **body, timeout=timeout, proxy=self._proxy, allow_redirects=False)
        async with asked as answer:
            told = await answer.read()
        if told.lstrip()[:1] != b"{" and answer.status != 413:
            raise Stranger(f"HTTP {answer.status} that is not Telegram's")
        return answer.status, told

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; a broken one is not logged, as the library would do, since it may repeat people's words."""
        try:
            answer = json.loads(payload)
        except ValueError:
            raise Stranger("an answer that is not JSON") from None
        if not isinstance(answer, dict) or answer.keys().isdisjoint(("result", "description")):
            raise Stranger("an answer that is not Telegram's")
        return answer


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": json.dumps(data.parameters, ensure_ascii=False).encode("utf-8", "replace"), "headers": FORM}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(
            name, BytesIO(content) if isinstance(content, bytes) else content, filename=filename, content_type=kind
        )
    return {"data": form}
