"""Requests that may be as large as what the platforms take; the library's own limit is one megabyte."""

import asyncio
from typing import Any

from aiohttp import web

LARGEST = 64 * 1024 * 1024


def large_request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    """Make a request whose body may be large."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST)
