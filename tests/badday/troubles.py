"""What can be wrong with a platform, from outside: each trouble begins and ends."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol, Self

from tests.platforms.telegram_sim import Fault

ALWAYS = 10**9
HTML = b"<html><body>It works!</body></html>"
GATEWAY = b"<html><body>502 Bad Gateway</body></html>"


class Platform(Protocol):
    """A fake with faults."""

    port: int
    faults: list[Fault]

    def fail(self, fault: Fault) -> None: ...


class Front:
    """A port in front of a platform, which can be shut: then nobody is there."""

    def __init__(self, platform: Platform) -> None:
        self.platform, self.port = platform, 0
        self._server: asyncio.Server | None = None
        self._through: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        """What the product is told."""
        return f"http://127.0.0.1:{self.port}/bot"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shut()

    async def open(self) -> None:
        """Let everybody through, on the same port as before."""
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def shut(self) -> None:
        """Refuse new connections and break those that are open."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in self._through:
            task.cancel()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._through.add(task)
        with suppress(OSError, asyncio.CancelledError):
            inner, outer = await asyncio.open_connection("127.0.0.1", self.platform.port)
            try:
                await asyncio.gather(_carried(reader, outer), _carried(inner, writer))
            finally:
                outer.close()
        self._through.discard(task)
        writer.close()


async def _carried(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
        writer.close()


Begin = Callable[[Front], Awaitable[None]]


def storm(retry_after: int) -> Fault:
    """A 429 that asks for a long rest."""
    told = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {retry_after}"}
    body = json.dumps(told | {"parameters": {"retry_after": retry_after}}).encode()
    return Fault(status=429, body=body, times=ALWAYS)


def failing(fault: Fault) -> Begin:
    """Begin a trouble that is a fault of every call."""

    async def begin(front: Front) -> None:
        front.platform.fail(fault)

    return begin


async def _unreachable(front: Front) -> None:
    await front.shut()


async def well_again(front: Front) -> None:
    """End whatever trouble there is."""
    front.platform.faults.clear()
    if front._server is None:
        await front.open()


def troubles(retry_after: int, slow: float = 30.0) -> dict[str, Begin]:
    """All of them, by name; the longest to recover from is the last."""
    return {
        "unreachable": _unreachable,
        f"slow {slow:g} s": failing(Fault(slow=slow, times=ALWAYS)),
        "5xx": failing(Fault(status=502, body=GATEWAY, times=ALWAYS)),
        "HTML": failing(Fault(status=200, body=HTML, times=ALWAYS)),
        "reset after sending": failing(Fault(lost=True, times=ALWAYS)),
        f"429, {retry_after} s": failing(storm(retry_after)),
    }
