"""The HTTP side of a running house: health, readiness, metrics, and the routes that channels bring along."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.metrics import Figures, exposition
from bot.outcomes import Unavailable

LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Signs:
    """What the outside may ask: does the database answer, how are the channels, what are the figures."""

    database: Callable[[], Awaitable[object]]
    channels: Callable[[], Mapping[str, bool]]
    figures: Figures

    async def health(self, _request: web.Request) -> web.Response:
        """The process runs."""
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """The database answers. A channel that is down is named, and does not make the others unready."""
        try:
            await self.database()
        except Unavailable:
            return web.json_response({"database": False}, status=503, headers={"Retry-After": "5"})
        return web.json_response({"database": True, "channels": dict(self.channels())})

    async def metrics(self, _request: web.Request) -> web.Response:
        """The figures, for Prometheus."""
        return web.Response(
            body=exposition(self.figures), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )


def application(signs: Signs, routes: Iterable[web.RouteDef]) -> web.Application:
    """Put everything behind one door. Logs no request: addresses hold tokens of invitations."""
    app = web.Application(client_max_size=LARGEST)
    app.add_routes(
        [
            web.get("/healthz", signs.health),
            web.get("/readyz", signs.ready),
            web.get("/metrics", signs.metrics),
            *routes,
        ]
    )
    return app
