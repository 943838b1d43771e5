"""Watches how each channel is, so that those who answer for it learn since when one is down, and that it is up."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

EVERY = 1.0
TOLD_AFTER = timedelta(minutes=1)  # a hiccup is nobody's business


class Watch:
    """What was seen at each `look`. `down` names the channels that are down for a while, and since when."""

    def __init__(self, up: Callable[[], Mapping[str, bool]]) -> None:
        self._up = up
        self._since: dict[str, datetime] = {}
        self._down: dict[str, datetime] = {}

    def look(self, at: datetime) -> None:
        """See how all channels are at a moment."""
        for channel, well in self._up().items():
            if well:
                self._recovered(channel)
            elif at - self._since.setdefault(channel, at) >= TOLD_AFTER and channel not in self._down:
                self._down[channel] = self._since[channel]
                log.warning("a channel is down", extra={"channel": channel})

    def _recovered(self, channel: str) -> None:
        self._since.pop(channel, None)
        if self._down.pop(channel, None):
            log.warning("a channel is up again", extra={"channel": channel})

    @property
    def down(self) -> Mapping[str, datetime]:
        """The channels that are down, and since when."""
        return self._down
