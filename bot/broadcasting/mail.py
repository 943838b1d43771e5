"""What the sending of broadcasts needs of a channel: how a message is made ready once for many, and how it rests."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.deliver import Delivery, Sender
from bot.outcomes import Outcome
from models.database import Connection
from models.messages import Address, Outbound

Each = Callable[[str], Awaitable[Outcome]]  # sends one message to this user of the channel
Ready = Callable[[Outbound], Each]
AT_ONCE = 100  # copies on their way at the same time, on connections that no answer to a person needs


@dataclass(frozen=True, slots=True)
class Mail:
    """One channel. `delivery` is its road out for answers: the rest is shared with it, and it goes first after one.

    `room` says, where the platform has a plan, how many more messages of it broadcasts may use.
    """

    delivery: Delivery
    ready: Ready
    room: Callable[[Connection], Awaitable[int]] | None = None

    @property
    def channel(self) -> str:
        """The channel's name."""
        return self.delivery.name


def plainly(channel: str, sender: Sender) -> Ready:
    """Make ready by doing nothing in advance: each copy is laid out by the channel for itself."""

    def ready(outbound: Outbound) -> Each:
        return lambda user: sender.send(replace(outbound, to=Address(channel, user)))

    return ready
