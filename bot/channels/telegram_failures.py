"""What each failure of Telegram means: the table from exceptions to outcomes, and nothing else.

Wordings as the Bot API server gives them (python-telegram-bot strips "Bad Request: " and changes capitals, so they are
compared in lower case). `BadRequest` is a `NetworkError` in that library: it must be asked about first, or a refusal
would be sent again for ever.
"""

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.channels.backoff import pause
from bot.channels.telegram_screens import unquoted
from bot.channels.telegram_wire import Lost
from bot.outcomes import Gone, Outcome, Refused, Throttled, Unknown

CLOSED_SECONDS = 300.0  # how long the channel rests when Telegram does not know our token
NOBODY = ("chat not found", "peer_id_invalid", "user not found", "user is deactivated", "bot was blocked by the user")


def outcome_of(failure: TelegramError, tries: int = 1) -> Outcome:
    """Choose the outcome of a failed send; `tries` counts failures in a row and lengthens the rest."""
    if isinstance(failure, (Forbidden, ChatMigrated)):  # blocked, deactivated, kicked, never started; a group moved
        return Gone()
    if isinstance(failure, BadRequest):
        words = str(failure)
        return Gone() if any(wording in words.lower() for wording in NOBODY) else Refused(unquoted(words))
    if isinstance(failure, (TimedOut, Lost)):
        return Unknown()
    return Throttled(rest_after(failure, tries))


def rest_after(failure: TelegramError, tries: int = 1) -> float:
    """Give the seconds to leave Telegram alone after this failure."""
    if isinstance(failure, RetryAfter):
        wait = failure.retry_after
        return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    return CLOSED_SECONDS if isinstance(failure, InvalidToken) else pause(tries)


def unchanged(failure: TelegramError) -> bool:
    """Tell whether an edit was refused because the screen already shows it (a double tap): that is a success."""
    return isinstance(failure, BadRequest) and "message is not modified" in str(failure).lower()


def too_large(failure: TelegramError) -> bool:
    """Tell whether an upload was refused for its size by a server or a proxy on the way."""
    return str(failure).lower().startswith("request entity too large")
