"""The HTTP side of a running house: health, readiness, metrics, and the routes that channels bring along."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from aiohttp import web

from bot.metrics import Figures, exposition
from bot.outcomes import Unavailable
from models.budget import Budget

log = logging.getLogger(__name__)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Signs:
    """What the outside may ask: does the database answer, how are the channels, what are the figures."""

    database: Callable[[], Awaitable[object]]
    channels: Callable[[], Mapping[str, bool]]
    figures: Figures
    budgets: Mapping[str, Budget]

    async def health(self, _request: web.Request) -> web.Response:
        """The process runs."""
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """The database answers. A channel that is down is named, and does not make the others unready."""
        try:
            await self.database()
        except Unavailable:
            return web.json_response({"database": False}, status=503, headers={"Retry-After": "5"})
        plans = {channel: asdict(budget) for channel, budget in self.budgets.items()}
        return web.json_response({"database": True, "channels": dict(self.channels()), "plans": plans})

    async def metrics(self, _request: web.Request) -> web.Response:
        """The figures, for Prometheus."""
        return web.Response(
            body=exposition(self.figures), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )


@web.middleware
async def unheard(request: web.Request, handler: Answer) -> web.StreamResponse:
    """Log a bug by its place alone: the library's own line would tell whose address it happened to."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        raise
    except web.RequestPayloadError:  # a body that breaks its own framing: nobody's bug here
        return web.Response(status=400)
    except Exception:
        log.exception("a request could not be answered")
        return web.Response(status=500)


def application(signs: Signs, routes: Iterable[web.RouteDef]) -> web.Application:
    """Put everything behind one door. Logs no request: addresses hold tokens of invitations."""
    app = web.Application(client_max_size=LARGEST, middlewares=[unheard])
    app.add_routes(
        [
            web.get("/healthz", signs.health),
            web.get("/readyz", signs.ready),
            web.get("/metrics", signs.metrics),
            *routes,
        ]
    )
    return app
