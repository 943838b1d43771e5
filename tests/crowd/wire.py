"""The least HTTP that a crowd needs, so that on its core it is the bot that is measured and not the crowd.

Both ends speak to well-behaved peers on loopback only: bodies with a Content-Length, one request at a time on a
connection, kept open. Anything else raises ValueError.
"""

import asyncio
from collections.abc import Callable

Answer = Callable[[str, str, bytes], bytes]  # path, content type, body -> JSON
LENGTH = b"content-length:"
KIND = b"content-type:"


class Door(asyncio.Protocol):
    """The server's side of one connection: every request is answered at once with JSON."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (message := cut(self._held)) is not None:
            head, body, self._held = message
            path = head[: head.index(b"\r\n")].split(b" ")[1].decode()
            told = self._answer(path, header(head, KIND).decode(), body)
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told)
            )


class Line(asyncio.Protocol):
    """The client's side of one connection: `post` and await the status."""

    def __init__(self) -> None:
        self._held = b""
        self._status: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        message = cut(self._held)
        if message and self._status and not self._status.done():
            self._held = message[2]
            self._status.set_result(int(message[0].split(b" ", 2)[1]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._status and not self._status.done():
            self._status.set_exception(ConnectionError("the bot closed the connection"))

    def post(self, head: bytes, body: bytes) -> asyncio.Future[int]:
        """Send one request; `head` is its first line and headers without the length. Gives the status to come."""
        self._status = asyncio.get_running_loop().create_future()
        self._transport.write(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
        return self._status

    def close(self) -> None:
        """End the connection."""
        self._status = None
        self._transport.close()


def cut(held: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Cut one message off what came in: its head, its body and the rest; None while it is not whole."""
    end = held.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = held[:end]
    length = int(header(head, LENGTH) or 0)
    if b"chunked" in head.lower():
        raise ValueError("a chunked body")
    start = end + 4
    if len(held) < start + length:
        return None
    return head, held[start : start + length], held[start + length :]


def header(head: bytes, name: bytes) -> bytes:
    """The value of a header, "" without it."""
    at = head.lower().find(b"\r\n" + name)
    if at < 0:
        return b""
    start = at + 2 + len(name)
    end = head.find(b"\r\n", start)
    return head[start : end if end > 0 else None].strip()
