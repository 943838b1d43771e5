"""A person's phone on the fake Zalo: follows, types, taps what is on the screen, and waits for what comes."""

import re
from typing import Any, Protocol

from tests.platforms.zalo_oa_hooks import Hooks
from tests.platforms.zalo_oa_people import People, Person, Shown


class Place(Protocol):
    """Where the phone is."""

    people: People
    hooks: Hooks


class Phone:
    """One person. Whatever they do is an interaction and opens the window of free replies."""

    def __init__(self, server: Place, user: int | str) -> None:
        self._server = server
        self.person: Person = server.people.known(str(user))
        self._seen = self.person.version

    @property
    def screen(self) -> Shown:
        """The account's last message."""
        if self.person.screen is None:
            raise LookupError(f"person {self.person.user} has not been written to")
        return self.person.screen

    async def next_screen(self, seconds: float = 10.0) -> Shown:
        """Wait for what comes after the last screen that was waited for."""
        if not await self.person.changed(self._seen, seconds):
            raise TimeoutError(f"nothing new for person {self.person.user} in {seconds} s")
        self._seen = self.person.version
        return self.screen

    async def until(self, words: str, seconds: float = 10.0) -> Shown:
        """Wait until the screen shows these words."""
        while self.person.screen is None or words not in "\n".join((self.screen.text, *self.screen.labels)):
            await self.next_screen(seconds)
        self._seen = self.person.version
        return self.screen

    def follow(self) -> None:
        """Follow the account."""
        self._acted().follows, self.person.refuses = True, 0
        self._bring("follow", follower={"id": self.person.user}, source="oa_profile")

    def unfollow(self) -> None:
        """Follow it no more: nothing can be sent then."""
        self.person.follows, self.person.last, self.person.refuses = False, None, -213
        self._bring("unfollow", follower={"id": self.person.user}, source="oa_profile")

    def chatnow(self) -> None:
        """Tap the message button on the account's page."""
        self._acted()
        self._bring("user_click_chatnow", user_id=self.person.user)

    def say(self, text: str) -> None:
        """Type something and send it."""
        self.send("user_send_text", text=text)

    def send(self, event: str, **message: Any) -> None:
        """Send a message of any kind."""
        self._acted()
        self._server.hooks.said(self.person.user, event, message)

    def seen(self) -> None:
        """Let the account know that its last message was seen: no interaction."""
        own = {"sender": {"id": self._server.hooks.account}, "recipient": {"id": self.person.user}}
        told = {"event_name": "user_seen_message", "message": {"msg_ids": [self.screen.id]}}
        self._server.hooks.bring({**own, **told})

    def choose(self, label: str) -> None:
        """Type the number of a choice on the screen, by its label."""
        found = re.search(rf"^\s*(\d+)\. (?:\[[x ]\] )?{re.escape(label)}", self.screen.text, re.MULTILINE)
        if not found:
            raise LookupError(f"no {label!r} in {self.screen.text!r}")
        self.say(found[1])

    def tap(self, label: str) -> None:
        """Tap a button by its title or by its end; its payload comes back as text."""
        for button in self.screen.buttons:
            if button["title"].endswith(label):
                self.say(button["payload"])
                return
        raise LookupError(f"no {label!r} among {self.screen.labels}")

    def _acted(self) -> Person:
        self.person.last = self._server.people.clock.now()
        return self.person

    def _bring(self, name: str, **told: Any) -> None:
        ids = {"oa_id": self._server.hooks.account, "user_id_by_app": f"9{self.person.user}"}
        self._server.hooks.bring({**ids, **told, "event_name": name})
