"""A person's phone on the fake Telegram: types, taps what is on the screen, and waits for what comes."""

import re
from typing import Any, Protocol

from tests.platforms.telegram_chats import Chats, Shown

TICKS = ("✅ ", "⬜ ")


class Place(Protocol):
    """Where the phone is: anything that has the chats."""

    chats: Chats


class Phone:
    """One person. Labels are given without ticks; a label that stands in the text as "2. label" taps the button 2."""

    def __init__(self, server: Place, user: int, language: str = "vi") -> None:
        self._chats = server.chats
        self.chat = server.chats.known(user, language)
        self._seen = self.chat.version

    @property
    def screen(self) -> Shown:
        """The message that the bot sent or changed last."""
        if self.chat.screen is None:
            raise LookupError(f"person {self.chat.user} has not been written to")
        return self.chat.screen

    async def next_screen(self, seconds: float = 10.0) -> Shown:
        """Wait for what the bot does after the last screen that was waited for."""
        if not await self.chat.changed(self._seen, seconds):
            raise TimeoutError(f"nothing new for person {self.chat.user} in {seconds} s")
        self._seen = self.chat.version
        return self.screen

    async def until(self, words: str, seconds: float = 10.0) -> Shown:
        """Wait until the screen shows these words, in its text or on a button."""
        while self.chat.screen is None or words not in "\n".join((self.screen.text, *self.screen.labels)):
            await self.next_screen(seconds)
        self._seen = self.chat.version
        return self.screen

    async def send(self, text: str) -> Shown:
        """Type something and send it."""
        return self.say(text)

    def say(self, text: str) -> Shown:
        """Type something and send it."""
        command = re.match(r"/\w+(@\w+)?", text)
        marks = [{"type": "bot_command", "offset": 0, "length": len(command[0])}] if command else None
        return self.send_content({"text": text} | ({"entities": marks} if marks else {}))

    async def start(self, token: str = "") -> Shown:
        """Press Start, with the token of an invitation or without."""
        return await self.send(f"/start {token}".strip())

    def send_content(self, content: dict[str, Any]) -> Shown:
        """Send a message of any kind: `content` is the part of the Message object that tells what."""
        return self._chats.say(self.chat, content)

    def attach(self, data: bytes, name: str, kind: str) -> Shown:
        """Send a file as a document."""
        id = f"f{len(self._chats.files)}"
        self._chats.files[id] = data
        told = {"file_id": id, "file_unique_id": f"u{id}", "file_name": name, "mime_type": kind, "file_size": len(data)}
        return self.send_content({"document": told})

    def change(self, message: Shown, text: str) -> None:
        """Edit a message that was sent."""
        self._chats.say(self.chat, {"message_id": message.id, "text": text, "edit_date": message.at}, "edited_message")

    async def tap(self, label: str | int, screen: Shown | None = None) -> str:
        """Tap a button by its label or its index, on the current screen or an older one; gives the tap's name."""
        shown = screen or self.screen
        button = self.button(label, shown)
        if "callback_data" not in button:
            raise LookupError(f"{button['text']!r} opens a page")
        return self.tap_data(str(button["callback_data"]), shown)

    def tap_data(self, data: str, screen: Shown | None = None) -> str:
        """Send any data, as a patched client can."""
        return self._chats.tap(self.chat, screen or self.screen, data)

    def button(self, label: str | int, screen: Shown | None = None) -> dict[str, Any]:
        """Find a button by its label, or by its index."""
        shown = screen or self.screen
        buttons = [button for row in shown.keyboard for button in row]
        if isinstance(label, int):
            return buttons[label]
        numbered = re.search(rf"^(\d+)\. (?:[✅⬜] )?{re.escape(label)}$", shown.text, re.MULTILINE)
        wanted = {label, numbered[1]} if numbered else {label}
        for button in buttons:
            if _bare(button["text"]) in wanted:
                return button
        raise LookupError(f"no {label!r} among {shown.labels} under {shown.text!r}")

    def block(self) -> None:
        """Block the bot."""
        self._chats.membership(self.chat, True)

    def unblock(self) -> None:
        """Take the bot back."""
        self._chats.membership(self.chat, False)


def _bare(face: str) -> str:
    for tick in TICKS:
        face = face.removeprefix(tick)
    return face
