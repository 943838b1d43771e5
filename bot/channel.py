"""What a running house knows of a channel, and what a channel is given to stand on."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.broadcasting.mail import Mail
from bot.deliver import Delivery, Sender
from bot.foundation import Foundation
from bot.outlets.steps import Door
from bot.receive import Road
from bot.writer import Writer

Task = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Channel:
    """One channel in this process: what runs for it, its routes, how it is, what it counted, how it ends.

    It ends in three steps: `close` takes nothing more in, `drain` sends what is held, `end` lets go of the rest.
    `doors` are the kinds of public places that can be posted to through it, `mail` is how broadcasts go to its people.
    """

    name: str
    tasks: list[Task] = field(default_factory=list)
    routes: list[web.RouteDef] = field(default_factory=list)
    up: Callable[[], bool] = lambda: True
    counts: Callable[[], Counter[str]] = Counter
    drain: Callable[[float], Awaitable[None]] | None = None
    close: Task | None = None
    end: Task | None = None
    doors: dict[str, Door] = field(default_factory=dict)
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """The house, the writer, the road in, and this process's name for leases."""

    foundation: Foundation
    writer: Writer
    road: Road
    holder: str

    def delivery(self, name: str, sender: Sender) -> Delivery:
        """The road out for a channel that is sent to."""
        delivery = Delivery(name, sender, self.writer, self.foundation.house.keys, self.foundation.now)
        self.road.hands[name] = delivery.hand
        return delivery
