"""One message to very many chats: laid out once, its file uploaded once, and then called up by the id it got."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram import Telegram
from bot.channels.telegram_failures import too_large
from bot.channels.telegram_screens import Call, in_words, render, second_try
from bot.channels.telegram_updates import NAME
from bot.outcomes import Outcome, Sent, Throttled, Unknown
from models.messages import Address, Outbound

PATIENCE = 60.0  # seconds for which the rest of a message that is half there is tried again
OURS = ("entities", "image", "photo", "file")  # a refusal of the message itself, whoever it goes to


def ready(telegram: Telegram, outbound: Outbound) -> Callable[[str], Awaitable[Outcome]]:
    """Give what sends this message to one chat after the other."""
    return Edition(telegram, render(replace(outbound, to=Address(NAME, "")))).send


class Edition:
    """One message as it goes to everybody."""

    def __init__(self, telegram: Telegram, calls: list[Call]) -> None:
        self._telegram = telegram
        self._calls = calls
        self._files: dict[int, str] = {}  # by call: what Telegram named the file
        self._uploading = asyncio.Lock()

    async def send(self, user: str) -> Outcome:
        """Send it to one chat. What is half there and cannot be completed is Unknown: it is not begun again."""
        if self._telegram.shut > 0:
            return Throttled(self._telegram.shut)
        shown = []
        for number in range(len(self._calls)):
            outcome = await self._insist(number, user) if number else await self._try(number, user)
            if not isinstance(outcome, Sent):
                return Unknown() if number and isinstance(outcome, Throttled) else outcome
            shown.append(outcome.screen)
        return Sent(shown[-1], tuple(shown[:-1]))

    async def _insist(self, number: int, user: str) -> Outcome:
        until = asyncio.get_running_loop().time() + PATIENCE
        while True:
            outcome = await self._try(number, user)
            if not isinstance(outcome, Throttled) or asyncio.get_running_loop().time() + outcome.after > until:
                return outcome
            await asyncio.sleep(outcome.after)

    async def _try(self, number: int, user: str) -> Outcome:
        call = self._calls[number]
        try:
            if not (call.png or call.document):
                return Sent(await self._telegram.show(_to(call, user)))
            if number not in self._files:
                async with self._uploading:
                    if number not in self._files:
                        return Sent(await self._upload(number, user))
            return Sent(await self._again(number, user))
        except TelegramError as failure:
            return self._telegram.outcome(failure)

    async def _upload(self, number: int, user: str) -> str:
        call = self._calls[number]
        try:
            result = await self._telegram.made(_to(call, user))
        except BadRequest as refusal:
            other = second_try(call, str(refusal)) if any(word in str(refusal).lower() for word in OURS) else None
            if other is None:
                raise
            self._calls[number] = other
            return await self._telegram.show(_to(other, user))
        except TelegramError as failure:
            words = in_words(call) if too_large(failure) else None
            if words is None:
                raise
            self._calls[number] = words
            return await self._telegram.show(_to(words, user))
        if file := _file(result):
            self._files[number] = file
        return str(result.get("message_id", "")) if isinstance(result, dict) else ""

    async def _again(self, number: int, user: str) -> str:
        call, file = self._calls[number], self._files[number]
        kind = "photo" if call.png else "document"
        again = Call(call.method, {**call.parameters, "chat_id": user, kind: file})
        try:
            return await self._telegram.show(again)
        except BadRequest as refusal:
            if "file" not in str(refusal).lower():
                raise
        self._files.pop(number, None)  # Telegram has forgotten it
        return await self._upload(number, user)


def _to(call: Call, user: str) -> Call:
    return replace(call, parameters={**call.parameters, "chat_id": user})


def _file(result: Any) -> str:
    """The id that Telegram gave a picture (its largest size) or a document."""
    told = result if isinstance(result, dict) else {}
    sizes, document = told.get("photo"), told.get("document")
    largest = sizes[-1] if isinstance(sizes, list) and sizes else document
    return str(largest.get("file_id", "")) if isinstance(largest, dict) else ""
