"""Posts to Telegram's channels and groups: one message a step, and nothing else that the house says ever goes there."""

from dataclasses import replace

from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels.telegram import Telegram
from bot.channels.telegram_failures import too_large
from bot.channels.telegram_screens import render
from bot.channels.telegram_updates import NAME
from bot.outcomes import Gone, Refused, Sent, Throttled
from bot.outlets.steps import Moved, Step, ToPost, Went
from models.messages import Address, Outbound

APART = 3.0  # seconds between messages to one place: 20 a minute
# A right that was taken away comes as a refusal of this message; Telegram's wordings, some from its server's source.
RIGHTS = (
    *("not enough rights", "need administrator rights", "have no rights", "chat_write_forbidden"),
    *("chat_admin_required", "chat_restricted", "user_banned_in_channel", "channel_private"),
)


class Places:
    """The places of one bot."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    def harmless(self, _step: str) -> bool:
        """Every step is a message that people see."""
        return False

    async def post(self, to_post: ToPost) -> Step:
        """Send the message whose number the step is."""
        if self._telegram.shut > 0:
            return Throttled(self._telegram.shut)
        calls = render(public(to_post))
        number = int(to_post.step or 0)
        try:
            shown = await self._telegram.show(calls[number])
        except TelegramError as failure:
            return self._failed(failure)
        return _next(number, len(calls), ",".join(filter(None, (to_post.external, shown))))

    def beyond(self, to_post: ToPost) -> Sent | Went:
        """The message after the one that stands there."""
        return _next(int(to_post.step or 0), len(render(public(to_post))), to_post.external)

    def _failed(self, failure: TelegramError) -> Step:
        if isinstance(failure, ChatMigrated):
            return Moved(str(failure.new_chat_id))
        if too_large(failure):
            return Refused("the file is too large")
        if isinstance(failure, BadRequest) and any(words in str(failure).lower() for words in RIGHTS):
            return Gone()
        return self._telegram.outcome(failure)


def public(to_post: ToPost) -> Outbound:
    """The message as it goes to a place: it takes nobody's screen and clears nothing away."""
    return replace(to_post.outbound, to=Address(NAME, to_post.to), edits="", deletes=())


def _next(number: int, all: int, external: str) -> Sent | Went:
    return Sent(external) if number + 1 >= all else Went(str(number + 1), external, APART)
