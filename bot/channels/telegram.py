"""Telegram: how the house speaks and hears there. It translates and decides nothing.

Built on `telegram.Bot` alone (python-telegram-bot): its Application would confirm updates before they are kept and
forget conversations with the process. The `telegram` package is imported only in bot/channels/telegram*.py.
Answers are taken raw: the objects that the library would build of them are never looked at and cost more than the
request.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import aiohttp
from telegram import Bot, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.channels import telegram_webhook as webhook
from bot.channels.can import Can
from bot.channels.hearing import Receive
from bot.channels.secret_door import Handler
from bot.channels.telegram_deleting import delete
from bot.channels.telegram_failures import CLOSED_SECONDS, outcome_of, too_large, unchanged
from bot.channels.telegram_files import Files, root
from bot.channels.telegram_menus import Menu, drop_menus, set_menus, until_done
from bot.channels.telegram_polling import Polling
from bot.channels.telegram_screens import DELETE, MAX_TEXT, Call, in_words, render, second_try, unquoted
from bot.channels.telegram_updates import KINDS, NAME, callback_id, parse
from bot.channels.telegram_wire import READ_SECONDS, Stranger, Wire
from bot.outcomes import Outcome, Sent, Throttled
from models.messages import Outbound

__all__ = ["NAME", "Access", "Menu", "Telegram", "callback_id", "can", "parse", "render"]

LOG = logging.getLogger(__name__)
BASE_URL = "https://api.telegram.org/bot"
WEBHOOKS_AT_ONCE = 100
FEEL_EVERY = 30.0
MOST_TAPS = 60  # answered at once; with the messages on their way they leave room on the connections
PATIENCE = 5.0  # seconds for updates that were fetched to be kept, at the end
can = Can(buttons=True, edit=True, max_text=MAX_TEXT, photo=True, document=True, erase="recent")


@dataclass(frozen=True, slots=True)
class Access:
    """What the operator gives: the bot's token, where the Bot API is, and how to get there. Never printed."""

    token: str
    base_url: str = BASE_URL
    proxy: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"Access(base_url={self.base_url!r})"


class RawBot(Bot):
    """The library's bot, asked by the Bot API's own names for answers as they came.

    Its public way to do so, `do_api_request`, warns for every method that the library also has a function for.
    """

    __slots__ = ()

    async def ask(self, method: str, parameters: dict[str, Any], patience: float) -> Any:
        """Make one call and give what Telegram gave as its result; raises TelegramError, KeyError without a result."""
        return await self._post(method, dict(parameters), read_timeout=patience)


class Telegram:
    """One bot. `username` is known after `introduce`; `trouble` names what keeps the channel closed ("" when open)."""

    def __init__(self, access: Access, session: aiohttp.ClientSession, now: Callable[[], datetime]) -> None:
        wire = Wire(session, access.proxy)
        self._access = access
        self._bot = RawBot(access.token, base_url=access.base_url, request=wire, get_updates_request=wire)
        self._files = Files(self.call, session, root(access.base_url, access.token), access.proxy)
        self._now = now
        self._failures = 0
        self._heard = 0.0
        self._closed_until = 0.0
        self._answering: set[asyncio.Task[None]] = set()
        self.counts: Counter[str] = Counter()
        self.username: str | None = None
        self.trouble = ""
        self._polling = Polling(self.call, self.answer_tap, now, self.counts)

    async def send(self, outbound: Outbound) -> Outcome:
        """Deliver one message; every failure of Telegram is an outcome, none an exception."""
        if self.shut > 0:
            return Throttled(self.shut)
        screens = [""]
        try:
            for call in render(outbound):
                if call.method == DELETE:
                    await delete(self.made, call)
                else:
                    screens.append(await self.show(call))
            return Sent(screens[-1], tuple(screens[1:-1]))
        except TelegramError as failure:
            return self.outcome(failure)

    async def fetch(self, id: str, most: int) -> bytes | Outcome | None:
        """Give a file that somebody sent; None for one that cannot be had, an outcome where the channel has to wait."""
        if self.shut > 0:
            return Throttled(self.shut)
        try:
            return await self._files.fetch(id, most)
        except TelegramError as failure:
            outcome = self.outcome(failure)
            return outcome if isinstance(outcome, Throttled) else None

    @property
    def shut(self) -> float:
        """For how many seconds the channel is closed."""
        return max(0.0, self._closed_until - asyncio.get_running_loop().time())

    def outcome(self, failure: TelegramError) -> Outcome:
        """What a failure means for the message."""
        return outcome_of(failure, self._failures)

    def answer_tap(self, callback: str) -> None:
        """Stop a tap's spinner without waiting and without failing: a tap too old to be answered is no matter."""
        if len(self._answering) >= MOST_TAPS:
            self.counts["taps unanswered"] += 1
            return
        task = asyncio.get_running_loop().create_task(self._answer(callback))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def poll(self, receive: Receive) -> None:
        """Fetch updates until cancelled or hushed; see `Polling`. Only one process of a bot may do so."""
        await self._polling.run(receive)

    async def hush(self) -> None:
        """Fetch nothing more; returns when what was fetched is kept, or after a while."""
        await self._polling.end(PATIENCE)

    def hook(self, receive: Receive) -> Handler:
        """Make the handler of `POST /hook/telegram`; raises ValueError without a secret."""
        return webhook.Webhook(self._access.secret, self.answer_tap, self._now, self.counts).handler(receive)

    async def register(self, public_url: str) -> None:
        """Ask Telegram to bring updates to `public_url`/hook/telegram; tries until it is done.

        Raises ValueError with one clear line for settings that cannot work. What waits at Telegram is kept.
        """
        if wrong := webhook.fault(self._access.secret, public_url, self._access.base_url):
            raise ValueError(wrong)
        asked: dict[str, Any] = {"url": public_url.rstrip("/") + webhook.PATH, "secret_token": self._access.secret}
        asked |= {"allowed_updates": list(KINDS), "max_connections": WEBHOOKS_AT_ONCE}
        await until_done(partial(self.call, "setWebhook", asked))

    async def introduce(self, menus: Sequence[Menu] = ()) -> None:
        """Learn our own name, then set commands and descriptions; tries until Telegram answers.

        Run it beside the other channels: none of them waits for it.
        """
        await until_done(self._learn_name)
        await set_menus(self.call, menus)

    @property
    def well(self) -> bool:
        """Whether Telegram answered when it was last asked."""
        return not self._failures and not self.trouble

    async def feel(self) -> None:
        """Ask for nothing in particular when nothing else was asked for a while: a webhook hears no silence."""
        while True:
            await asyncio.sleep(FEEL_EVERY)
            if asyncio.get_running_loop().time() - self._heard >= FEEL_EVERY:
                with suppress(TelegramError):
                    await self._learn_name()

    async def officer_commands(self, user: str, menus: Sequence[Menu], on: bool) -> None:
        """Give one chat the officers' commands, or take them away. Cosmetic: rights are checked where they are used."""
        await (set_menus if on else drop_menus)(self.call, menus, {"type": "chat", "chat_id": user})

    async def close(self) -> None:
        """Let the last taps be answered, for a second at most."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=1.0)

    async def call(self, method: str, parameters: dict[str, Any], patience: float = READ_SECONDS) -> Any:
        """Make one Bot API call and give its raw result; raises TelegramError. A bad token closes the channel."""
        before = self._failures
        try:
            result = await self._bot.ask(method, parameters, patience)
        except KeyError:
            raise Stranger("an answer without a result") from None
        except InvalidToken:
            self._close_channel()
            raise
        except TelegramError as failure:
            if not isinstance(failure, BadRequest):
                self._failures = max(self._failures, before + 1)  # many that fail at once are one failure
            raise
        self._failures, self._closed_until, self.trouble = 0, 0.0, ""
        self._heard = asyncio.get_running_loop().time()
        return result

    def _close_channel(self) -> None:
        self._closed_until = asyncio.get_running_loop().time() + CLOSED_SECONDS
        if not self.trouble:
            LOG.error("telegram: the token is revoked, or TELEGRAM_BASE_URL is wrong: the channel is closed")
        self.trouble = "token refused"

    async def show(self, call: Call) -> str:
        """Make one call, fall back where Telegram refuses its form, and give the id of the message that shows it."""
        try:
            result = await self.made(call)
        except BadRequest as refusal:
            if unchanged(refusal) or call.in_place:
                return str(call.parameters["message_id"])
            again = second_try(call, str(refusal))
            if again is None:
                raise
            LOG.warning("telegram: %s refused (%s), sent otherwise", call.method, unquoted(str(refusal)))
        except NetworkError as failure:
            again = in_words(call) if too_large(failure) else None
            if again is None:
                raise
        else:
            return str(result["message_id"]) if isinstance(result, dict) and "message_id" in result else ""
        return await self.show(again)

    async def made(self, call: Call) -> Any:
        """Make a call that was laid out, with its file; raises TelegramError."""
        return await self.call(call.method, _with_file(call))

    async def _answer(self, callback: str) -> None:
        try:
            await self.call("answerCallbackQuery", {"callback_query_id": callback})
        except TelegramError:
            self.counts["taps unanswered"] += 1

    async def _learn_name(self) -> None:
        me = await self.call("getMe", {})
        self.username = me.get("username") if isinstance(me, dict) else None


def _with_file(call: Call) -> dict[str, Any]:
    if call.document is not None:
        return {**call.parameters, "document": InputFile(call.document.data, filename=call.document.name)}
    if not call.png:
        return call.parameters
    return {**call.parameters, "photo": InputFile(call.png, filename="picture.png")}
