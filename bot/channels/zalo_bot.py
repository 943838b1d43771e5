"""A bot of the Zalo Bot Platform: how the house speaks and hears there. It translates and decides nothing.

The platform has no buttons, no edits and no files, and takes pictures only as addresses that anybody can open: so every
screen goes as numbered words, and a chart as the words that say the same. Texts carry no markup: a person's words must
not be read as any. The bot's token stands in the path of every request: no address is ever logged or raised.
"""

import asyncio
import logging
import unicodedata
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from bot.channels import zalo_bot_webhook as webhook
from bot.channels.can import Can
from bot.channels.hearing import Receive
from bot.channels.in_words import in_words
from bot.channels.parts import parts
from bot.channels.replies import READ_SECONDS, Failed, ask
from bot.channels.secret_door import Handler
from bot.channels.zalo_bot_failures import NO_TOKEN, QUOTA, Denied, Failure, outcome_of, rest_after
from bot.channels.zalo_bot_polling import Polling
from bot.channels.zalo_bot_updates import NAME, parse
from bot.outcomes import Outcome, Refused, Sent, Throttled
from models.messages import Outbound

__all__ = ["NAME", "Access", "ZaloBot", "can", "parse", "pieces"]

LOG = logging.getLogger(__name__)
BASE_URL = "https://bot-api.zaloplatforms.com/bot"
MAX_TEXT = 2000  # "characters" in the reference; UTF-16 units are the strictest reading
FEEL_EVERY = 60.0  # seconds
PATIENCE = 5.0  # seconds for an event that was fetched to be kept, at the end
can = Can(buttons=False, edit=False, max_text=MAX_TEXT, photo=False, document=False)


@dataclass(frozen=True, slots=True)
class Access:
    """What the operator gives: the bot's token, where the Bot API is, and the webhook's secret. Never printed."""

    token: str
    base_url: str = BASE_URL
    secret: str = ""

    def __repr__(self) -> str:
        return f"Access(base_url={self.base_url!r})"


class ZaloBot:
    """One bot. `trouble` names what keeps the channel closed ("" when open)."""

    def __init__(self, access: Access, session: aiohttp.ClientSession, now: Callable[[], datetime]) -> None:
        self._access = access
        self._session = session
        self._now = now
        self._failures = self._quota = 0
        self._closed_until = self._heard = 0.0
        self.counts: Counter[str] = Counter()
        self._awaited = {"getMe"}  # calls that Zalo has to take before anything is well
        self.trouble = ""
        self._polling = Polling(self.call, now, self.counts)

    async def send(self, outbound: Outbound) -> Outcome:
        """Deliver one message, in as many parts as it needs; every failure of Zalo is an outcome, none an exception."""
        if (shut := self._shut()) > 0:
            return Throttled(shut)
        screens = [""]
        try:
            for text in pieces(outbound):
                screens.append(await self._said(outbound.to.user, text))
            self._opened("quota exceeded")
            return Sent(screens[-1], tuple(screens[1:-1]))
        except (Denied, Failed) as failure:
            return await self._failed(failure)

    async def poll(self, receive: Receive) -> None:
        """Fetch events until cancelled or hushed; see `Polling`. Only one process of a bot may do so."""
        await self._polling.run(receive)

    async def hush(self) -> None:
        """Fetch nothing more; returns when what was fetched is kept, or after a while."""
        await self._polling.end(PATIENCE)

    def hook(self, receive: Receive) -> Handler:
        """Make the handler of `POST /hook/zalo-bot`; raises ValueError without a secret."""
        return webhook.Webhook(self._access.secret, self._now, self.counts).handler(receive)

    async def register(self, public_url: str) -> None:
        """Ask Zalo to bring events to `public_url`/hook/zalo-bot; tries until it is done.

        Raises ValueError with one clear line for settings that cannot work.
        """
        if wrong := webhook.fault(self._access.secret, public_url, self._access.base_url):
            raise ValueError(wrong)
        self._awaited.add("setWebhook")
        url = public_url.rstrip("/") + webhook.PATH
        await self._until_done("setWebhook", {"url": url, "secret_token": self._access.secret})

    async def introduce(self) -> None:
        """Ask who we are, until Zalo knows us. Run it beside the other channels: none of them waits for it."""
        await self._until_done("getMe", {})

    @property
    def well(self) -> bool:
        """Whether Zalo knows us and where we hear, and answered when it was last asked."""
        return not self._awaited and not self._failures and not self.trouble

    async def feel(self) -> None:
        """Ask for nothing in particular when nothing else was asked for a while: a webhook hears no silence."""
        while True:
            await asyncio.sleep(FEEL_EVERY)
            if asyncio.get_running_loop().time() - self._heard >= FEEL_EVERY:
                with suppress(Denied, Failed):
                    await self.call("getMe", {})

    async def call(self, method: str, parameters: dict[str, Any], patience: float = READ_SECONDS) -> Any:
        """Make one call and give its result; raises Denied or Failed. A token that Zalo refuses closes the channel."""
        url = f"{self._access.base_url}{self._access.token}/{method}"
        before = self._failures  # many that fail at once are one failure
        try:
            reply = await ask(self._session, url, patience, json=parameters)
            if reply.told.get("ok") is not True:
                raise Denied(_code(reply.told.get("error_code"), reply.status))
        except Denied as denied:
            self._failures = before + 1 if denied.code >= 500 else 0
            if denied.code == 401 or (denied.code in NO_TOKEN and method != "sendMessage"):
                self._close_channel(rest_after(denied), "token refused")
            raise
        except Failed:
            self._failures = before + 1
            raise
        self._failures, self._heard = 0, asyncio.get_running_loop().time()
        self._opened("token refused")
        return reply.told.get("result")

    async def _said(self, chat: str, text: str) -> str:
        result = await self.call("sendMessage", {"chat_id": chat, "text": text})
        id = result.get("message_id") if isinstance(result, dict) else None
        return str(id or "")

    async def _failed(self, failure: Failure) -> Outcome:
        if not isinstance(failure, Denied):
            return outcome_of(failure, self._failures)
        if failure.code == QUOTA:
            if self._shut() <= 0:  # of many that were on their way at once, the first refusal counts
                self._quota += 1
                self._close_channel(rest_after(failure, self._quota), "quota exceeded")
            return Throttled(self._shut())
        return await self._forbidden(failure) if failure.code == 403 else outcome_of(failure, self._failures)

    async def _forbidden(self, failure: Denied) -> Outcome:
        """Find out whom Zalo forbids: us, or to write to this one person (which must not silence all the others)."""
        try:
            await self.call("getMe", {})
        except (Denied, Failed) as worse:
            return outcome_of(worse, self._failures)
        return Refused(str(failure))

    def _shut(self) -> float:
        """Seconds for which nothing is to be sent."""
        return self._closed_until - asyncio.get_running_loop().time()

    def _opened(self, trouble: str) -> None:
        """Take note that this trouble, if it was there, is over."""
        if trouble == self.trouble:
            self._closed_until, self._quota, self.trouble = 0.0, 0, ""

    def _close_channel(self, seconds: float, trouble: str) -> None:
        self._closed_until = asyncio.get_running_loop().time() + seconds
        if trouble != self.trouble:
            LOG.error("zalo-bot: %s: the channel is closed and tried again later", trouble)
        self.trouble = trouble

    async def _until_done(self, method: str, parameters: dict[str, Any]) -> None:
        tries = 0
        while True:
            try:
                await self.call(method, parameters)
            except (Denied, Failed) as failure:
                tries += 1
                LOG.warning("zalo-bot: %s: %s (%s)", method, type(failure).__name__, failure)
                await asyncio.sleep(rest_after(failure, tries))
                continue
            self._awaited.discard(method)
            return


def pieces(outbound: Outbound) -> list[str]:
    """Give the texts that say this message, in order; none where there is nothing to say."""
    words = unicodedata.normalize("NFC", in_words(outbound)).encode("utf-8", "replace").decode("utf-8").strip()
    return parts(words, MAX_TEXT) if words else []


def _code(told: object, status: int) -> int:
    known = isinstance(told, int) and not isinstance(told, bool)
    return told if known and isinstance(told, int) else status
