"""An Official Account's webhook under attack, with the strict Zalo of the tests behind it."""

import hashlib
import hmac
import json
import random
import time
import uuid
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.channels.zalo_oa_signature import HEADER
from bot.channels.zalo_oa_webhook import PATH
from tests.fuzz.doors import DRIFTERS, Ground, hooked
from tests.fuzz.hooks import FORGERS, Requests, each, objects, spoken
from tests.fuzz.mutants import Mutator, dumped
from tests.fuzz.wire import Request
from tests.platforms.telegram_chats import Chat
from tests.platforms.zalo_oa import ACCOUNT, APP_ID, APP_SECRET, OA_SECRET, FakeZaloOA, Phone
from tests.platforms.zalo_oa_hooks import sign
from tests.walks.plan import planned
from tests.walks.walker import Walker
from tests.walks.words import Words, choices
from tests.walks.world import World

NAMED = ("id", "user_id", "user_id_by_app")


class Unhurried(FakeZaloOA):
    """The account's platform without its limit of calls a minute, which a flood is beyond."""

    def _admit(self, request: web.BaseRequest) -> None:
        self._calls = 0
        super()._admit(request)


class ZaloOADoor:
    """Drifters read the last message and type. Whatever is not forged is signed, whatever it says."""

    name, path = "zalo-oa", PATH
    # Refused although signed: no time of its own, a time to come, too large; 503 comes again (it took too long).
    answers = hooked(true={200, 403, 413, 503}, forged={403})

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._platform = Unhurried(remembers=1000)
        self._platform.hooks.stamp = time.time
        self._world = World(dict(ground.forms), patience=5.0, think=0.02)
        self._requests = Requests(self, ground)
        self._drifters = [self._platform.people.known(f"55{n:08d}") for n in range(DRIFTERS)]
        self._sane = set[str]()

    async def open(self, port: int) -> Mapping[str, str]:
        """Open the platform; the drifters have written before."""
        await self._platform.__aenter__()
        self._platform.hooks.set(f"http://127.0.0.1:{port}{PATH}")
        url, (_, refresh) = self._platform.base_url, self._platform.oauth.explorer()
        here = {"ZALO_OA_BASE_URL": url, "ZALO_OAUTH_BASE_URL": url, "ZALO_OA_REFRESH_TOKEN": refresh}
        keys = {"ZALO_OA_APP_ID": APP_ID, "ZALO_OA_APP_SECRET": APP_SECRET, "ZALO_OA_SECRET": OA_SECRET}
        return here | keys | {"ZALO_OA_IN_CHAT": "true", "TELEGRAM_TOKEN": ""}

    async def close(self) -> None:
        """Close the platform."""
        await self._platform.__aexit__()

    def walker(self, number: int, token: str) -> Walker:
        """A sane person."""
        phone = Phone(self._platform, f"77{number:08d}")
        words = Words(Chat(number), phone.person.user, self._ground.forms, phone.say)
        phone.person.watch = lambda shown: words.arrived(shown.text)
        self._sane.add(phone.person.user)
        return Walker(self._world, planned(number, dict(self._ground.forms)), token, words)

    def faults(self) -> list[str]:
        """What the platform did not like, and answers that took longer than Zalo waits."""
        slow = self._platform.hooks.slowest
        late = [f"Zalo waited {slow:.1f} s for an answer"] if slow > 2 else []
        return [*self._platform.complaints, *self._world.disordered, *late]

    async def heard(self, request: Request, status: int, body: bytes) -> None:
        """Nothing comes back on the hook itself."""

    def draw(self, kind: str, lots: random.Random) -> Request:
        """One request of a kind."""
        return self._requests.draw(kind, lots)

    def headers(self, body: bytes, update: Any) -> dict[str, str]:
        """The signature, over what is sent."""
        return {"Content-Type": "application/json", HEADER: f"mac={sign(APP_ID, body, _stamp(update), OA_SECRET)}"}

    def forgery(self, body: bytes, update: Any, lots: random.Random) -> dict[str, str]:
        """No signature, or one by another formula, over other bytes, with another secret."""
        stamp = _stamp(update)
        true = sign(APP_ID, body, stamp, OA_SECRET)
        text = APP_ID.encode() + body + stamp.encode()
        again = [json.dumps(update).encode(), json.dumps(update, separators=(",", ":")).encode(), body + b" "]
        macs = [
            *(sign(APP_ID, other, stamp, OA_SECRET) for other in again if other != body),
            hmac.new(OA_SECRET.encode(), text, hashlib.sha256).hexdigest(),
            sign(ACCOUNT, body, stamp, OA_SECRET),
            sign(APP_ID, body, stamp, APP_SECRET),
            sign(APP_ID, body, stamp, OA_SECRET.upper()),
            sign(APP_ID, body, stamp, ""),
            sign(APP_ID, body, str(int(time.time() * 1000) + 1), OA_SECRET),
            *(true[:-1], true[::-1], true + "0", "0" * 64, ""),
        ]
        headers: list[dict[str, str]] = [{HEADER: f"mac={mac}"} for mac in macs]
        return lots.choice(
            [{}, {HEADER: true}, {HEADER: f"sha256={true}"}, {"X-Zalo-Signature": f"mac={true}"}, *headers]
        )

    def placed(self, update: Any, lots: random.Random) -> Any:
        """A captured event of a drifter, of now, with a message id of its own."""
        user, message = lots.choice(self._drifters).user, uuid.UUID(int=lots.getrandbits(128)).hex[:20]
        if isinstance(update, dict):
            update |= {"timestamp": _now()} if "timestamp" in update else {}
            for key in ("sender", "follower"):
                if isinstance(update.get(key), dict) and update[key].get("id") != ACCOUNT:
                    update[key]["id"] = user
            update |= {"user_id": user} if "user_id" in update else {}
        each(update, lambda holder: holder.update(msg_id=message) if "msg_id" in holder else None)
        return update

    def known(self, update: Any) -> bool:
        """Mutants take nobody's name who walks by a plan; whoever else they name may be written to."""
        named = {str(value) for holder in objects(update) for key, value in holder.items() if key in NAMED}
        for name in named:
            self._writes(name)
        return not self._sane & named

    def live(self, wild: Mutator, lots: random.Random, forged: bool) -> Any:
        """What a stranger may type below the last message."""
        person = lots.choice(self._drifters)
        self._writes(person.user)
        del person.messages[:-2]
        shown = [typed for typed, _ in choices(person.screen.text).values()] if person.screen else []
        known = bool(shown) and lots.random() < 0.85
        text = lots.choice(shown) if known else spoken(wild, lots, self._ground.tokens, begun=bool(shown))
        user = f"{FORGERS}{lots.randrange(1000)}" if forged else person.user
        event = {"app_id": APP_ID, "user_id_by_app": f"9{user}", "event_name": "user_send_text", "timestamp": _now()}
        message = {"text": text, "msg_id": uuid.UUID(int=lots.getrandbits(128)).hex[:20]}
        return event | {"sender": {"id": user}, "recipient": {"id": ACCOUNT}, "message": message}

    def _writes(self, user: str) -> None:
        person = self._platform.people.known(user)
        person.last, person.refuses = self._platform.clock.now(), 0


def _now() -> str:
    return str(int(time.time() * 1000))


def _stamp(update: Any) -> str:
    """The timestamp as Zalo would sign it: as it stands in the body."""
    given = update.get("timestamp", "") if isinstance(update, dict) else ""
    return given.encode("utf-8", "replace").decode() if isinstance(given, str) else dumped(given).decode()
