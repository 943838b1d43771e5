"""A Zalo Official Account: how the house speaks and hears there. It translates and decides nothing.

It speaks in plain text and numbers (`zalo_oa_screens`), hears signed events (`zalo_oa_webhook`), and changes its tokens
every day (`tokens`). The account's administrators can read the chats in Zalo's console.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.can import Can
from bot.channels.hearing import Receive
from bot.channels.replies import Failed
from bot.channels.tokens import Shut
from bot.channels.zalo_oa_calls import Call
from bot.channels.zalo_oa_events import NAME
from bot.channels.zalo_oa_failures import (
    BUTTONS,
    CLOSED_SECONDS,
    HUMAN,
    QUOTA,
    Refusal,
    meaning,
    outcome_of,
    outcome_of_failure,
)
from bot.channels.zalo_oa_screens import MAX_TEXT, Body, bodies, in_text, texts
from bot.channels.zalo_oa_webhook import Handler, Webhook
from bot.outcomes import Outcome, Sent, Throttled, Unavailable
from models.messages import Outbound

__all__ = ["FREE", "NAME", "ZaloOA", "can", "size"]

log = logging.getLogger(__name__)

CS = "/v3.0/oa/message/cs"
# Replies are free for 48 hours after the person's own message; less a margin, since two clocks have a say in it.
FREE = timedelta(hours=48) - timedelta(minutes=15)


def can(*, buttons: bool) -> Can:
    """What the account is able to show; buttons only where the operator dared."""
    return Can(buttons=buttons, edit=False, max_text=MAX_TEXT, photo=False, document=False, overheard=True)


def size(outbound: Outbound) -> int:
    """In how many messages one of ours is sent."""
    return len(texts(outbound))


class ZaloOA:
    """One account. `trouble` names what only a person can put right ("" while all is well)."""

    def __init__(self, call: Call, webhook: Webhook, now: Callable[[], datetime], *, buttons: bool = False) -> None:
        self.counts: Counter[str] = webhook.counts
        self.trouble = ""
        self._call, self._webhook, self._now = call, webhook, now
        self._buttons = buttons
        self._failures = 0
        self._closed_until = 0.0

    async def send(self, outbound: Outbound) -> Outcome:
        """Deliver one message; every failure of Zalo is an outcome, none an exception."""
        shut = self._closed_until - asyncio.get_running_loop().time()
        if shut > 0:
            return Throttled(shut)
        screens, before = [""], self._failures  # many that fail at once are one failure
        try:
            for body in bodies(outbound, buttons=self._buttons):
                screens.append(await self._shown(body))
        except Refusal as refusal:
            self._failures = before + 1
            return self._refused(refusal)
        except Failed as failure:
            self._failures = before + 1
            return outcome_of_failure(failure, self._failures)
        except Shut:
            return self._close("no token")
        except Unavailable:
            return Throttled(1.0)
        self._failures, self.trouble = 0, ""
        return Sent(screens[-1], tuple(screens[1:-1]))

    def hook(self, receive: Receive) -> Handler:
        """Make the handler of `POST /hook/zalo-oa`; raises ValueError without a secret."""
        return self._webhook.handler(receive)

    async def settle(self, patience: float) -> None:
        """Wait, for at most `patience` seconds, until what came in is kept."""
        await self._webhook.settle(patience)

    async def _shown(self, body: Body) -> str:
        try:
            return _message(await self._call(CS, body))
        except Refusal as refusal:
            plain = in_text(body)
            if refusal.code != BUTTONS or plain is None:
                raise
            if self._buttons:
                log.warning("zalo-oa: the platform takes no buttons; plain text from now on")
            self._buttons = False
            return _message(await self._call(CS, plain))

    def _refused(self, refusal: Refusal) -> Outcome:
        self.counts[f"error {refusal.code}"] += 1
        if meaning(refusal) == HUMAN:
            return self._close(f"error {refusal.code}")
        if meaning(refusal) == QUOTA and not self.trouble:
            self.trouble = "out of quota"
            log.warning("zalo-oa: the account is out of quota; messages wait")
        return outcome_of(refusal, self._failures, self._now())

    def _close(self, why: str) -> Outcome:
        if self.trouble != why:
            log.error("zalo-oa: the channel is closed, somebody must look into the account: %s", why)
        self.trouble = why
        self._closed_until = asyncio.get_running_loop().time() + CLOSED_SECONDS
        return Throttled(CLOSED_SECONDS)


def _message(data: dict[str, object]) -> str:
    id = data.get("message_id")
    return id if isinstance(id, str) else ""
