"""Somebody at the web chat of a running product, who never tells it what has arrived: everything stays on its way."""

import uuid
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, CookieJar

from bot.channels.visitors import HEADER

Message = dict[str, Any]


class Visitor:
    """A browser with a cookie of its own."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = ClientSession(cookie_jar=CookieJar(unsafe=True), headers={HEADER: "1"})

    async def __aenter__(self) -> Self:
        await (await self._session.get(f"{self._address}/")).read()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def say(self, **said: str) -> Message:
        """Say something; gives the screen that comes of it."""
        answer = await self._session.post(f"{self._address}/chat/say", json={"id": uuid.uuid4().hex, **said})
        assert answer.status == 204, await answer.text()
        return await self.screen()

    async def screen(self) -> Message:
        """The last message."""
        answer = await self._session.post(f"{self._address}/chat/seen", json={"seen": [], "ask": True})
        messages: list[Message] = (await answer.json())["messages"]
        return messages[-1]

    async def walk(self, said: dict[str, str]) -> Message:
        """Agree and answer: `said` are the words for each question, by what its text begins with. Up to the review."""
        screen = await self.screen()
        while True:
            taps = actions(screen)
            if "send" in taps:
                return screen
            step = next((taps[name] for name in taps if name == "yes" or name.startswith(("q:", "begin:"))), "")
            asked = next((words for question, words in said.items() if question in screen["text"]), "")
            assert step or asked, screen
            screen = await (self.say(tap=step) if step else self.say(text=asked))

    async def tap(self, action: str) -> Message:
        """Tap what the last screen offers."""
        return await self.say(tap=actions(await self.screen())[action])


def actions(screen: Message) -> dict[str, str]:
    """The taps of a screen, by what they do."""
    buttons = [button for row in screen.get("buttons", ()) for button in row if "tap" in button]
    return {button["tap"].partition(".")[2]: button["tap"] for button in buttons}
