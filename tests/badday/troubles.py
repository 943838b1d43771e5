"""What can be wrong with a platform, from outside: each trouble begins and ends."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol, Self

from tests.platforms import telegram_sim, zalo_oa

ALWAYS = 10**9
HTML = b"<html><body>It works!</body></html>"
GATEWAY = b"<html><body>502 Bad Gateway</body></html>"


class Platform(Protocol):
    """A fake with faults, of a kind of its own."""

    port: int
    faults: list[Any]

    def fail(self, fault: Any, /) -> None: ...


class Front:
    """A port in front of a platform, which can be shut: then nobody is there."""

    def __init__(self, platform: Platform) -> None:
        self.platform, self.port = platform, 0
        self._server: asyncio.Server | None = None
        self._through: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        """What the product is told, but for what stands behind it."""
        return f"http://127.0.0.1:{self.port}"

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


def storm(retry_after: int) -> bytes:
    """A 429 that asks for a long rest, as Telegram says it; the Zalos say no more than that it is one."""
    told = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {retry_after}"}
    return json.dumps(told | {"parameters": {"retry_after": retry_after}}).encode()


def failing(**fault: Any) -> Begin:
    """Begin a trouble that is a fault of every call."""

    async def begin(front: Front) -> None:
        of = zalo_oa.Fault if isinstance(front.platform, zalo_oa.FakeZaloOA) else telegram_sim.Fault
        front.platform.fail(of(**fault, times=ALWAYS))

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
        f"slow {slow:g} s": failing(slow=slow),
        "5xx": failing(status=502, body=GATEWAY),
        "HTML": failing(status=200, body=HTML),
        "reset after sending": failing(lost=True),
        f"429, {retry_after} s": failing(status=429, body=storm(retry_after)),
    }
