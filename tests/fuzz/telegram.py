"""Telegram's webhook under attack, with the strict Telegram of the tests behind it."""

import copy
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.telegram_webhook import PATH, SECRET_HEADER
from tests.fuzz.doors import DRIFTERS, Ground, Told, captured, mutator, rude
from tests.fuzz.mutants import Mutator, dumped
from tests.fuzz.wire import Request
from tests.platforms.telegram import FakeTelegram
from tests.platforms.telegram_chats import Shown
from tests.walks.plan import planned
from tests.walks.product import SECRET, TOKEN
from tests.walks.walker import Walker, World

FIRST_DRIFTER = 9_000_000
FORGER = 8_000_000  # in whose name forged updates come
SANE = range(1000, 2000)
OWN_NUMBERS = range(700_000_000, 701_000_000)  # of updates, those of the platform itself
FORGERIES = ("", SECRET[:-1], SECRET + "x", SECRET.upper(), SECRET.title(), f"{SECRET},{SECRET}", "\xff", SECRET[::-1])
TRUE = {"Content-Type": "application/json", SECRET_HEADER: SECRET}
NOT_OURS = ("not found", "can't initiate", "invalid message identifiers")  # chats and messages that mutants name


class TelegramDoor:
    """Knows the screens of all drifters, so that they can answer them."""

    name = "telegram"
    answers: Mapping[str, frozenset[int]] = {
        **dict.fromkeys(("live", "mutant", "body", "again"), frozenset({200})),
        "forged": frozenset({403}),
        "rude": frozenset({0, 200, 400, 403, 404, 405}),
    }

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._platform = FakeTelegram(TOKEN, remembers=1000)
        self._world = World(self._platform, dict(ground.forms), patience=5.0, think=0.02)
        self._seeds = captured(self.name)
        self._told = Told()
        self._number = 10**12

    async def open(self, port: int) -> Mapping[str, str]:
        """Open the platform; people who already talk to the bot are there."""
        await self._platform.__aenter__()
        for user in range(FIRST_DRIFTER, FIRST_DRIFTER + DRIFTERS):
            self._platform.chats.known(user).started = True
        return {
            "TELEGRAM_BASE_URL": self._platform.base_url,
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
        }

    async def close(self) -> None:
        """Close the platform."""
        await self._platform.__aexit__()

    def walker(self, number: int, token: str) -> Walker:
        """A sane person."""
        return Walker(self._world, planned(number, dict(self._ground.forms)), token)

    def faults(self) -> list[str]:
        """What Telegram refused although nobody's mutant named it."""
        said = [each for each in self._platform.complaints if not any(words in each for words in NOT_OURS)]
        return said + self._world.disordered

    async def heard(self, request: Request, status: int, body: bytes) -> None:
        """Nothing comes back on the hook itself."""

    def draw(self, kind: str, lots: random.Random) -> Request:
        """One request of a kind."""
        if kind == "rude":
            return rude(PATH, TRUE, lots)
        if kind == "again" and self._told.kept:
            return replace(lots.choice(self._told.kept), kind=kind)
        wild = mutator(lots, self._seeds)
        if kind == "forged":
            return self._forged(wild, lots)
        update = self._mutant(wild, lots) if kind in ("mutant", "body") else self._live(wild, lots)
        body, more = wild.body(update) if kind == "body" else (dumped(update), {})
        request = Request(kind, PATH, body, {**TRUE, **more})
        if kind != "body":
            self._told.keep(request, lots)
        return request

    def _forged(self, wild: Mutator, lots: random.Random) -> Request:
        update = self._live(wild, lots)
        _each(update, lambda holder: holder.update(id=FORGER + lots.randrange(1000)) if "type" in holder else None)
        secret = lots.choice(FORGERIES)
        headers = {SECRET_HEADER: secret} if secret or lots.random() < 0.5 else {"X-Secret-Token": SECRET}
        body = wild.body(update)[0] if lots.random() < 0.1 else dumped(update)
        return Request("forged", PATH, body, headers)

    def _mutant(self, wild: Mutator, lots: random.Random) -> Any:
        update = copy.deepcopy(lots.choice(self._seeds))
        if isinstance(update, dict):
            self._number += 1
            update["update_id"] = self._number
        user = FIRST_DRIFTER + lots.randrange(DRIFTERS)
        _each(update, lambda holder: holder.update(id=user) if holder.get("type") == "private" else None)
        update = wild.mutant(update)
        return update if self._harmless(update) else {"update_id": self._number}

    def _harmless(self, update: Any) -> bool:
        """Mutants take nobody's name who walks by a plan; whoever else they name has a phone."""
        named = [update.get("update_id")] if isinstance(update, dict) else []
        _each(update, lambda holder: named.append(holder.get("id")))
        numbers = [number for number in named if isinstance(number, int)]
        if any(number in SANE or number in OWN_NUMBERS for number in numbers):
            return False
        for number in numbers:
            self._platform.chats.known(number).started = True
        return True

    def _live(self, wild: Mutator, lots: random.Random) -> Any:
        """What a stranger may do on the screen that stands there."""
        chat = self._platform.chats.known(FIRST_DRIFTER + lots.randrange(DRIFTERS))
        chat.history.clear()
        self._number += 1
        taps = _taps(chat.screen)
        message = {"message_id": self._number % 2**31, "from": chat.person, "chat": chat.place, "date": 1578297600}
        lot = lots.random()
        if taps and lot < 0.7 and chat.screen:
            tap = lots.choice(taps) if lot < 0.55 else wild.tap(lots.choice(taps))
            query = {"id": str(self._number), "from": chat.person, "chat_instance": "1", "data": tap}
            shown = message | {"message_id": chat.screen.id, "text": chat.screen.text}
            return {"update_id": self._number, "callback_query": query | {"message": shown}}
        joins = not taps or lot > 0.97
        text = f"/start {lots.choice(sorted(self._ground.tokens))}" if joins else wild.text()
        return {"update_id": self._number, "message": message | {"text": text}}


def _taps(screen: Shown | None) -> list[str]:
    buttons = [button for row in screen.keyboard for button in row] if screen else []
    return [button["callback_data"] for button in buttons if "callback_data" in button]


def _each(tree: Any, act: Any) -> None:
    """Do something to every object of a tree."""
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict):
            act(holder)
            waiting += holder.values()
        elif isinstance(holder, list):
            waiting += holder
