"""What every fake platform does while it is open: it serves on this machine alone, at a port that it says."""

from typing import Self

from aiohttp import web


class Serving:
    """A server from entering until leaving. `port` 0 lets the machine choose; afterwards it is the chosen one."""

    def __init__(self, server: web.Server, port: int = 0) -> None:
        self.port = port
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
