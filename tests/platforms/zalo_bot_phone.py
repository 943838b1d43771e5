"""A person's phone on the fake Zalo: reads messages and types, since there is nothing to tap."""

import re
from typing import Any, Protocol

from tests.platforms.zalo_bot_chats import Chat, Chats, Shown


class Place(Protocol):
    """Where the phone is: anything that has the chats."""

    chats: Chats


class Phone:
    """One person, by any name of ours. A label is typed by the number that stands before it, or as the word it is."""

    def __init__(self, server: Place, user: object, group: bool = False) -> None:
        self._chats = server.chats
        self.chat: Chat = server.chats.known(user, group)
        self._seen = self.chat.version

    @property
    def text(self) -> str:
        """What the bot has written since the person wrote last, however many messages it took."""
        written: list[str] = []
        for message in reversed(self.chat.messages):
            if not message.mine:
                break
            written.append(message.text)
        return "\n".join(reversed(written))

    async def next_screen(self, seconds: float = 10.0) -> str:
        """Wait for what the bot writes after the last time it was waited for."""
        if not await self.chat.changed(self._seen, seconds):
            raise TimeoutError(f"nothing new for person {self.chat.user} in {seconds} s")
        self._seen = self.chat.version
        return self.text

    async def until(self, words: str, seconds: float = 10.0) -> str:
        """Wait until these words stand there."""
        while words not in self.text:
            try:
                await self.next_screen(seconds)
            except TimeoutError:
                raise TimeoutError(f"no {words!r} but {self.text!r}") from None
        self._seen = self.chat.version
        return self.text

    def say(self, text: str) -> Shown:
        """Type something and send it."""
        self._seen = self.chat.version
        return self._chats.say(self.chat, "message.text.received", {"text": text})

    async def send(self, text: str) -> Shown:
        """Type something and send it."""
        return self.say(text)

    async def start(self, token: str = "") -> Shown:
        """Write for the first time, with the token of an invitation or without."""
        return self.say(f"/start {token}".strip())

    def send_content(self, kind: str, **content: Any) -> Shown:
        """Send something else: `kind` is "image", "sticker", "voice" ..."""
        return self._chats.say(self.chat, f"message.{kind}.received", content)

    @property
    def choices(self) -> dict[str, str]:
        """What stands there to be chosen, without ticks: each label with what is typed for it."""
        numbered = re.findall(r"^ *(\d+)\. (?:\[[x ]\] )?(.+)$", self.text, re.MULTILINE)
        words = re.findall(r"\[([^\[\]]{2,})\]", self.text)
        return {word: word for word in words} | {label: number for number, label in numbered}

    def choose(self, label: str) -> Shown:
        """Type the number that stands before a label, or the word; LookupError for what does not stand there."""
        if label not in self.choices:
            raise LookupError(f"no {label!r} in {self.text!r}")
        return self.say(self.choices[label])
