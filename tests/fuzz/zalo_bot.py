"""A Zalo Bot's webhook under attack, with the strict Zalo of the tests behind it."""

import random
import uuid
from collections.abc import Mapping
from typing import Any

from bot.channels.zalo_bot_webhook import PATH, SECRET_HEADER
from tests.fuzz.doors import DRIFTERS, Ground, hooked
from tests.fuzz.hooks import FORGERS, Requests, each, near, objects, spoken
from tests.fuzz.mutants import Mutator
from tests.fuzz.wire import Request
from tests.platforms.telegram_chats import Chat
from tests.platforms.zalo_bot import TOKEN, FakeZaloBot, Phone
from tests.platforms.zalo_bot_chats import Shown
from tests.walks.plan import planned
from tests.walks.product import SECRET
from tests.walks.walker import Walker
from tests.walks.words import Words, choices
from tests.walks.world import World

TRUE = {"Content-Type": "application/json", SECRET_HEADER: SECRET}
NOT_OURS = ("not found",)


class ZaloBotDoor:
    """Drifters read the last message and type."""

    name, path = "zalo-bot", PATH
    answers = hooked(true={200}, forged={403})

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._platform = FakeZaloBot()
        self._world = World(dict(ground.forms), patience=5.0, think=0.02)
        self._requests = Requests(self, ground)
        self._drifters = [self._platform.chats.known(f"drifter {n}") for n in range(DRIFTERS)]
        self._sane = set[str]()

    async def open(self, port: int) -> Mapping[str, str]:
        """Open the platform; the drifters have written before."""
        await self._platform.__aenter__()
        for chat in self._drifters:
            self._writes(chat.user)
        here = {"ZALO_BOT_BASE_URL": self._platform.base_url, "ZALO_BOT_TOKEN": TOKEN, "ZALO_BOT_MODE": "webhook"}
        plan = {"ZALO_BOT_MONTHLY": str(10**9), "ZALO_BOT_USERS": str(10**9)}
        return here | plan | {"ZALO_BOT_WEBHOOK_SECRET": SECRET, "TELEGRAM_TOKEN": ""}

    async def close(self) -> None:
        """Close the platform."""
        await self._platform.__aexit__()

    def walker(self, number: int, token: str) -> Walker:
        """A sane person."""
        phone = Phone(self._platform, f"sane {number}")
        words = Words(Chat(number), phone.chat.user, self._ground.forms, phone.say)
        phone.chat.watch = lambda shown: words.arrived(shown.text)
        self._sane.add(phone.chat.user)
        return Walker(self._world, planned(number, dict(self._ground.forms)), token, words)

    def faults(self) -> list[str]:
        """What Zalo refused although nobody's mutant named it."""
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
        return lots.choice([{}, {"X-Telegram-Bot-Api-Secret-Token": SECRET}, *wrong])

    def placed(self, update: Any, lots: random.Random) -> Any:
        """A captured event in a drifter's chat, with a message id of its own."""
        user = lots.choice(self._drifters).user
        message = uuid.UUID(int=lots.getrandbits(128)).hex[:20]
        each(update, lambda holder: holder.update(id=user) if "id" in holder else None)
        each(update, lambda holder: holder.update(message_id=message) if "message_id" in holder else None)
        return update

    def known(self, update: Any) -> bool:
        """Mutants take nobody's name who walks by a plan; whoever else they name has a phone."""
        named = [str(holder["id"]) for holder in objects(update) if isinstance(holder.get("id"), str | int)]
        for name in named:
            self._writes(name)
        return not self._sane & set(named)

    def _writes(self, user: str) -> None:
        chats = self._platform.chats._chats
        chat = chats.setdefault(user, type(self._drifters[0])(user))
        if not chat.messages:
            chat.messages.append(Shown("0", False, "", 0.0))

    def live(self, wild: Mutator, lots: random.Random, forged: bool) -> Any:
        """What a stranger may type below the last message."""
        chat = lots.choice(self._drifters)
        del chat.messages[1:-3]
        shown = [typed for typed, _ in choices(chat.messages[-1].text).values()]
        known = bool(shown) and lots.random() < 0.85
        text = lots.choice(shown) if known else spoken(wild, lots, self._ground.tokens, begun=bool(shown))
        name = f"{FORGERS}{lots.randrange(1000)}" if forged else chat.user
        place, person = chat.place | {"id": name}, chat.person | {"id": name}
        message = {"message_id": uuid.UUID(int=lots.getrandbits(128)).hex[:20], "date": 1578297600000}
        event = {
            "event_name": "message.text.received",
            "message": message | {"chat": place, "from": person, "text": text},
        }
        return {"ok": True, "result": event} if lots.random() < 0.5 else event
