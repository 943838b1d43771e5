"""A connection that is kept open and sends anything, well-formed or not."""

import asyncio
import contextlib
from dataclasses import dataclass, field

PATIENCE = 30.0  # seconds for an answer; every one that takes longer than `SLOW` is counted before that
CLOSED = 0  # the status of a request whose connection was closed without an answer


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `kind` says what it is for the count; `head` is sent as it stands, in place of the one built."""

    kind: str
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    who: str = ""
    head: bytes = b""

    def sent(self, port: int) -> bytes:
        """The bytes on the wire."""
        if self.head:
            return self.head + self.body
        lines = [f"POST {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape") + self.body


class Line:
    """One connection to the house; opened again whenever the house closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> tuple[int, bytes]:
        """Send one request; gives the status and the body, (CLOSED, b"") where the house closed without an answer.

        A connection that was closed while it lay idle is opened again. Raises TimeoutError.
        """
        for fresh in (self._ends is None, True):
            if fresh:
                await self.close()
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._asked(request)
            except (ConnectionError, asyncio.IncompleteReadError):
                await self.close()
        return CLOSED, b""

    async def _asked(self, request: Request) -> tuple[int, bytes]:
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._ends
        writer.write(request.sent(self.port))
        head = await reader.readuntil(b"\r\n\r\n")
        status, told = int(head.split(b" ", 2)[1]), head.lower()
        length = next((int(line[15:]) for line in told.split(b"\r\n") if line.startswith(b"content-length:")), 0)
        body = await reader.readexactly(length)
        if b"connection: close" in told or request.head:
            await self.close()
        elif status in (403, 413, 400) and len(request.body) > 65_536:
            await self.close()  # the house does not read what it refuses
        return status, body

    async def close(self) -> None:
        """Let go of the connection."""
        if self._ends is not None:
            writer, self._ends = self._ends[1], None
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
