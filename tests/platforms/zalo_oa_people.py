"""The people of the fake Zalo: whether they follow, when they last did something, and what stands on their phones."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.clock import Clock
from tests.platforms.zalo_oa_rules import Refusal

HOUR = 3600.0
FREE, TAKEN, ACTIVE = 48 * HOUR, 7 * 24 * HOUR, 45 * 24 * HOUR


@dataclass
class Shown:
    """One message of the account as a phone shows it."""

    id: str
    text: str
    at: float
    buttons: list[dict[str, Any]] = field(default_factory=list)
    billed: bool = False

    @property
    def labels(self) -> list[str]:
        """Give the buttons' titles."""
        return [button["title"] for button in self.buttons]


class Person:
    """One person. `version` grows with every message that arrives, and `watch` is told of it.

    `refuses` is a code with which everything to this person is refused (-213, -217, -218, -227, -244).
    """

    def __init__(self, user: str) -> None:
        self.user = user
        self.follows = False
        self.last: float | None = None
        self.refuses = 0
        self.messages: list[Shown] = []
        self.posts: list[str] = []
        self.version = 0
        self.watch: Callable[[Shown], None] | None = None
        self._changed = asyncio.Event()

    @property
    def screen(self) -> Shown | None:
        """The account's last message."""
        return self.messages[-1] if self.messages else None

    @property
    def history(self) -> list[str]:
        """Every text the account sent, in order."""
        return [message.text for message in self.messages]

    def show(self, message: Shown) -> None:
        """Let a message arrive."""
        self.messages.append(message)
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()
        if self.watch:
            self.watch(message)

    async def changed(self, version: int, seconds: float) -> bool:
        """Wait (in real seconds) until something newer than a version stands there; False when nothing comes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.version <= version:
                    await self._changed.wait()
        return self.version > version


class People:
    """Everybody. `billed` counts messages for which the account pays."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.by_id: dict[str, Person] = {}
        self.billed = 0

    def known(self, user: str) -> Person:
        """Give a person, new or known."""
        return self.by_id.setdefault(user, Person(user))

    def reachable(self, user: object) -> tuple[Person, bool]:
        """Give who can be written to now, and whether that is billed; refuses as Zalo does."""
        person = self.by_id.get(user) if isinstance(user, str) else None
        if person is None:
            raise Refusal(-201, "user_id")
        if person.refuses:
            raise Refusal(person.refuses)
        if person.last is None:
            raise Refusal(-232)
        quiet = self.clock.now() - person.last
        if quiet > ACTIVE:
            raise Refusal(-227)
        if quiet > TAKEN:
            raise Refusal(-230)
        return person, quiet > FREE

    def followers(self) -> list[Person]:
        """Give those who follow, in order."""
        return [person for person in self.by_id.values() if person.follows]
