"""Asking a platform over HTTP and reading its JSON answer, for platforms that have no client library of their own.

Says on which side of the wire a failure fell: `NotSent`, `Lost` or `Stranger`. No failure raised here carries an
address, a header or a body, since those hold tokens and people's words.
"""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

CONNECT_SECONDS = 5.0  # to find a free connection or make one
READ_SECONDS = 20.0
LARGEST = 1024 * 1024  # bytes; an answer is some hundred


class Failed(Exception):
    """The platform's own answer was not heard. The message names a kind of failure and nothing else."""


class NotSent(Failed):
    """Nothing reached the platform: no connection could be had."""


class Lost(Failed):
    """The request left and its answer was lost: it may have been carried out."""


class Stranger(Failed):
    """Somebody else answered, or in another language than JSON objects: a gateway's page, a captive portal."""

    def __init__(self, told: str, status: int = 0) -> None:
        super().__init__(told)
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """A JSON object with the HTTP status it came under, which says little: refusals come under 200 too."""

    status: int
    told: dict[str, Any]


async def ask(session: aiohttp.ClientSession, url: str, patience: float = READ_SECONDS, **request: Any) -> Reply:
    """POST (or what `method` says) and give the answer; raises NotSent, Lost or Stranger.

    `request` is what aiohttp takes: `json`, `data`, `headers`, `params`. `patience` is in seconds.
    """
    try:
        status, body = await _exchange(session, url, patience, request)
    except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError, ValueError) as error:  # no address to go to
        raise NotSent(type(error).__name__) from None
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Lost(type(error).__name__) from None
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Stranger(f"HTTP {status} without a JSON object", status)
    return Reply(status, told)


async def _exchange(
    session: aiohttp.ClientSession, url: str, patience: float, request: dict[str, Any]
) -> tuple[int, bytes]:
    timeout = aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=patience)
    method = request.pop("method", "POST")
    # A redirect is not followed: it would carry the token to another place.
    asked = session.request(method, URL(url), **request, timeout=timeout, allow_redirects=False)
    async with asked as answer:
        body = bytearray()
        async for piece in answer.content.iter_chunked(65536):
            body += piece
            if len(body) > LARGEST:
                break
        return answer.status, bytes(body)
