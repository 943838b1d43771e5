"""Telegram's webhook under attack, with the strict Telegram of the tests behind it."""

import random
from collections.abc import Mapping
from typing import Any

from bot.channels.telegram_webhook import PATH, SECRET_HEADER
from tests.fuzz.doors import DRIFTERS, Ground, hooked
from tests.fuzz.hooks import FORGERS, SANE, Requests, each, forward, near, objects, spoken
from tests.fuzz.mutants import Mutator
from tests.fuzz.wire import Request
from tests.platforms.telegram import FakeTelegram, Phone
from tests.platforms.telegram_chats import Shown
from tests.walks.plan import planned
from tests.walks.product import SECRET, TOKEN
from tests.walks.sides import FIRST
from tests.walks.walker import Walker
from tests.walks.world import World

FIRST_DRIFTER = 9_000_000
OWN_NUMBERS = range(700_000_000, 701_000_000)  # of updates, those of the platform itself
TRUE = {"Content-Type": "application/json", SECRET_HEADER: SECRET}
NOT_OURS = ("not found", "can't initiate", "invalid message identifiers")  # chats and messages that mutants name


class TelegramDoor:
    """Knows the screens of all drifters, so that they can answer them."""

    name, path = "telegram", PATH
    answers = hooked(true={200}, forged={403})

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._platform = FakeTelegram(TOKEN, remembers=1000)
        self._world = World(dict(ground.forms), patience=5.0, think=0.02)
        self._requests = Requests(self, ground)
        self._number = 10**12

    async def open(self, port: int) -> Mapping[str, str]:
        """Open the platform; people who already talk to the bot are there."""
        await self._platform.__aenter__()
        for user in range(FIRST_DRIFTER, FIRST_DRIFTER + DRIFTERS):
            self._platform.chats.known(user).started = True
        here = {"TELEGRAM_BASE_URL": self._platform.base_url, "TELEGRAM_MODE": "webhook"}
        return here | {"TELEGRAM_WEBHOOK_SECRET": SECRET}

    async def close(self) -> None:
        """Close the platform."""
        await self._platform.__aexit__()

    def walker(self, number: int, token: str) -> Walker:
        """A sane person."""
        phone = Phone(self._platform, FIRST + number)
        return Walker(self._world, planned(number, dict(self._ground.forms)), token, phone)

    def faults(self) -> list[str]:
        """What Telegram refused although nobody's mutant named it."""
        said = [each for each in self._platform.complaints if not any(words in each for words in NOT_OURS)]
        return said + self._world.disordered

    async def heard(self, request: Request, status: int, body: bytes) -> None:
        """Nothing comes back on the hook itself."""

    def draw(self, kind: str, lots: random.Random) -> Request:
        """One request of a kind."""
        return self._requests.draw(kind, lots)

    def headers(self, body: bytes, update: Any) -> dict[str, str]:
        """The secret."""
        return dict(TRUE)

    def forgery(self, body: bytes, update: Any, lots: random.Random) -> dict[str, str]:
        """No secret, or not quite the right one, or in another header."""
        wrong: list[dict[str, str]] = [{SECRET_HEADER: secret} for secret in near(SECRET)]
        return lots.choice([{}, {"X-Secret-Token": SECRET}, {"Authorization": f"Bearer {SECRET}"}, *wrong])

    def placed(self, update: Any, lots: random.Random) -> Any:
        """A captured update in a drifter's chat, under a number of its own."""
        if isinstance(update, dict):
            update["update_id"] = self._next()
        user = FIRST_DRIFTER + lots.randrange(DRIFTERS)
        each(update, lambda holder: holder.update(id=user) if holder.get("type") == "private" else None)
        return update

    def known(self, update: Any) -> bool:
        """Mutants take nobody's name who walks by a plan; whoever else they name has a phone."""
        named = [holder.get(key) for holder in objects(update) for key in ("id", "update_id")]
        numbers = [number for number in named if isinstance(number, int)]
        if any(number in SANE or number in OWN_NUMBERS for number in numbers):
            return False
        for number in numbers:
            self._platform.chats.known(number).started = True
        return True

    def live(self, wild: Mutator, lots: random.Random, forged: bool) -> Any:
        """What a stranger may do on the screen that stands there."""
        chat = self._platform.chats.known(FIRST_DRIFTER + lots.randrange(DRIFTERS))
        chat.history.clear()
        taps, number = _taps(chat.screen), self._next()
        place = chat.place | ({"id": int(f"{FORGERS}{lots.randrange(1000)}")} if forged else {})
        message = {"message_id": number % 2**31, "from": chat.person, "chat": place, "date": 1578297600}
        lot = lots.random()
        if taps and lot < 0.85 and chat.screen:
            tap = forward(taps, lots) if lot < 0.78 else wild.tap(lots.choice(taps))
            query = {"id": str(number), "from": chat.person, "chat_instance": "1", "data": tap}
            shown = message | {"message_id": chat.screen.id, "text": chat.screen.text}
            return {"update_id": number, "callback_query": query | {"message": shown}}
        text = spoken(wild, lots, self._ground.tokens, begun=bool(taps))
        return {"update_id": number, "message": message | {"text": text}}

    def _next(self) -> int:
        self._number += 1
        return self._number


def _taps(screen: Shown | None) -> list[str]:
    buttons = [button for row in screen.keyboard for button in row] if screen else []
    return [button["callback_data"] for button in buttons if "callback_data" in button]
