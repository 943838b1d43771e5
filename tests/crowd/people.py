"""People who walk a questionnaire: each sees a screen, taps or types, waits for the next, and chooses by lot.

The same person (by number) makes the same choices with every bot that offers the same actions in the same order.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field

from tests.crowd.platform import Platform, Screen
from tests.crowd.wire import Line

PATIENCE = 60.0  # seconds for one screen; a bot that needs longer has lost it
WORDS = ("Xin tăng bữa ăn ca.", "Mong công đoàn hỏi thăm tổ ca đêm nhiều hơn.", "Đường đi làm xa, xin có xe đưa đón.")
TO_BEGIN = ("yes", "begin:", "unit:", "open:")  # from the first message to the first question, where there is a way
FORWARD = ("send", "next")


@dataclass(slots=True)
class Person:
    """One person in one chat. `head` is the webhook's request line with its headers."""

    number: int
    platform: Platform
    line: Line
    head: bytes
    screen: Screen = field(default_factory=dict)
    ticks: int = 0
    latencies: list[float] = field(default_factory=list)
    sent: bool = False
    lots: random.Random = field(init=False)
    wanted: int = field(init=False)

    def __post_init__(self) -> None:
        self.lots = random.Random(self.number)
        self.wanted = self.lots.randint(1, 3)

    async def arrive(self) -> None:
        """Say hello and go on until the first question."""
        await self.hear(self.platform.typed(self.number, "/start"))
        while tap := self.first(TO_BEGIN):
            await self.hear(self.platform.tapped(self.number, self.screen, tap))

    async def walk(self) -> None:
        """Answer until the answers are sent, and keep how long each step took."""
        while not self.sent:
            update = self.chosen()
            began = time.perf_counter()
            await self.hear(update)
            self.latencies.append(time.perf_counter() - began)

    async def hear(self, update: bytes) -> None:
        """Send an update as Telegram does; over when it is acknowledged and its screen has arrived."""
        arrived: asyncio.Future[Screen] = asyncio.get_running_loop().create_future()

        def watch(screen: Screen) -> None:
            if not arrived.done():
                arrived.set_result(screen)

        self.platform.watchers[self.number] = watch
        async with asyncio.timeout(PATIENCE):
            status = await self.line.post(self.head, update)
            if status != 200:
                raise ConnectionError(f"the bot answered {status}")
            self.screen = await arrived

    def chosen(self) -> bytes:
        """What this person does on this screen."""
        tap = self.first(FORWARD) or self.tick() or self.option()
        self.sent = tap.endswith(".send")
        if tap:
            return self.platform.tapped(self.number, self.screen, tap)
        return self.platform.typed(self.number, self.lots.choice(WORDS))

    def tick(self) -> str:
        """Tick some of a list of several, then say that this is all."""
        ticks = [*self.offered("+"), *self.offered("on:")]
        if not ticks:
            return ""
        if self.ticks == self.wanted:
            return self.first(("done",))
        self.ticks += 1
        return self.lots.choice(ticks)

    def option(self) -> str:
        """Choose one option."""
        options = self.offered("o:")
        return self.lots.choice(options) if options else ""

    def first(self, wanted: tuple[str, ...]) -> str:
        """The first of the wanted actions that the screen offers, as its button's data."""
        return next((tap for action in wanted for tap in self.offered(action)), "")

    def offered(self, action: str) -> list[str]:
        """The data of all buttons whose action is this one, or begins with it where it ends in a sign."""
        rows = self.screen.get("reply_markup", {}).get("inline_keyboard", ())
        whole = action[-1].isalpha()
        taps = [button.get("callback_data", "") for row in rows for button in row]
        return [tap for tap in taps if (tap.endswith(f".{action}") if whole else f".{action}" in tap)]
