"""`POST /hook/telegram`: Telegram brings one update, and hears 200 only after it is kept. A tap is answered first."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.hearing import Receive
from bot.channels.secret_door import Door, Handler, reachable
from bot.channels.telegram_updates import callback_id, parse, update_number
from models.messages import Inbound

PATH = "/hook/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)


def fault(secret: str, public_url: str, base_url: str) -> str:
    """Say in one line why a webhook cannot be opened with these settings; "" when it can.

    Telegram brings updates only over HTTPS; plain HTTP is for a Bot API server on this machine.
    """
    if not SECRET.fullmatch(secret):
        return "TELEGRAM_WEBHOOK_SECRET must be 1-256 letters, digits, _ or - for a webhook"
    if not reachable(public_url, base_url):
        return "PUBLIC_URL must begin with https:// for a Telegram webhook"
    return ""


@dataclass
class Webhook:
    """The door for one bot."""

    secret: str
    answer_tap: Callable[[str], None]
    now: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)

    def handler(self, receive: Receive) -> Handler:
        """Make the aiohttp handler of `POST /hook/telegram`; raises ValueError where no secret is set."""
        return Door(SECRET_HEADER, self.secret, self.counts).handler(self._hear, receive)

    def _hear(self, update: object) -> Inbound | None:
        """Read one update. A malformed one is acknowledged too: Telegram would bring it again for a day."""
        if update_number(update) < 0:
            self.counts["malformed"] += 1
            return None
        if waiting := callback_id(update):
            self.answer_tap(waiting)
        return parse(update, self.now())
