"""Keeps what a platform calls the messages that show answers, so that it can be asked to take them away again."""

import logging
from functools import partial

from bot.channel import Ground
from bot.deliver import Sender
from bot.outcomes import Outcome, Sent
from handlers import clearing
from models.messages import Outbound

log = logging.getLogger(__name__)


class Noting:
    """Sends, and notes what is new on the person's screen before the message counts as delivered."""

    def __init__(self, sender: Sender, ground: Ground) -> None:
        self._sender = sender
        self._ground = ground

    async def send(self, outbound: Outbound) -> Outcome:
        """Deliver one message. An old screen that was changed is known already to whoever had it changed."""
        outcome = await self._sender.send(outbound)
        if outbound.shows and isinstance(outcome, Sent):
            new = [id for id in (*outcome.above, outcome.screen) if id != outbound.edits]
            if new:
                await self._note(outbound, new)
        return outcome

    async def _note(self, outbound: Outbound, ids: list[str]) -> None:
        foundation, to = self._ground.foundation, outbound.to
        note = partial(clearing.shown, foundation.house, foundation.now(), outbound, ids)
        try:
            await self._ground.writer.write(note, f"{to.channel}:{to.user}")
        except Exception as error:  # it was sent; all that is lost is that this one is not taken away later
            log.warning("a screen could not be noted", extra={"channel": to.channel, "kind": type(error).__name__})
