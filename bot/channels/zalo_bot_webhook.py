"""`POST /hook/zalo-bot`: Zalo brings one event, and hears 200 only after it is kept.

The secret says who calls; it does not sign the body. Nobody knows whether and how often Zalo comes again.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.hearing import Receive
from bot.channels.secret_door import Door, Handler, reachable
from bot.channels.zalo_bot_updates import parse
from models.messages import Inbound

PATH = "/hook/zalo-bot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"
SECRET = re.compile(r"[!-~]{8,256}")  # the length is documented; of the letters, those that a header can hold


def fault(secret: str, public_url: str, base_url: str) -> str:
    """Say in one line why a webhook cannot be opened with these settings; "" when it can.

    Zalo brings events only over HTTPS to public addresses; plain HTTP is for a Zalo on this machine.
    """
    if not SECRET.fullmatch(secret):
        return "ZALO_BOT_WEBHOOK_SECRET must be 8-256 visible ASCII characters for a webhook"
    if not reachable(public_url, base_url):
        return "PUBLIC_URL must begin with https:// for a Zalo Bot webhook"
    return ""


@dataclass
class Webhook:
    """The door for one bot."""

    secret: str
    now: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)

    def handler(self, receive: Receive) -> Handler:
        """Make the aiohttp handler of `POST /hook/zalo-bot`; raises ValueError where no secret is set."""
        return Door(SECRET_HEADER, self.secret, self.counts).handler(self._hear, receive)

    def _hear(self, event: object) -> Inbound | None:
        inbound = parse(event, self.now())
        if inbound is None:
            self.counts["unheard"] += 1
        return inbound
