"""How fast a broadcast may be on each channel that people can be sent one on; the first is where it goes if it can.

* Telegram: four fifths of what the platform takes over all chats; the rest is left to answers.
* Zalo Bot: nobody has published a pace. Five a second is a tenth of what its sister, the Official Account's API,
  allows one application (4,000 a minute), and the largest plan's people are reached in minutes.
* The web chat: no platform is asked; each copy is sealed and written, and answers write to the same disk.
"""

from bot.channels.telegram_updates import NAME as TELEGRAM
from bot.channels.web import NAME as WEB
from bot.channels.zalo_bot_updates import NAME as ZALO_BOT
from bot.settings import Settings

SHARE = 0.8
ZALO_BOT_PACE = 5.0
WEB_PACE = 100.0


def paces(settings: Settings) -> dict[str, float]:
    """Messages a second, by channel, in the order of preference; only channels that are open."""
    found: dict[str, float] = {}
    if settings.telegram_token.get_secret_value():
        found[TELEGRAM] = settings.telegram_pace * SHARE
    if settings.zalo_bot_token.get_secret_value():
        found[ZALO_BOT] = ZALO_BOT_PACE
    return {**found, WEB: WEB_PACE}
