"""The web chat's posts under attack, and browsers through which sane people walk."""

import json
import random
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.visitors import HEADER
from tests.fuzz.doors import DRIFTERS, Ground, Told, captured, mutator, rude
from tests.fuzz.hooks import forward
from tests.fuzz.mutants import Mutator, dumped
from tests.fuzz.wire import Request
from tests.platforms.telegram_chats import Chat
from tests.walks.browser import Browser
from tests.walks.plan import planned
from tests.walks.walker import Walker
from tests.walks.world import World

SAY, SEEN = "/chat/say", "/chat/seen"
TOLD = frozenset({200, 204, 400, 413, 415, 429})
VISITORS = DRIFTERS  # the house asks each for a bearable pace


class WebDoor:
    """Drifters are cookies. After each post of theirs the screen is fetched and acknowledged."""

    name = "web"
    answers: Mapping[str, frozenset[int]] = {
        **dict.fromkeys(("live", "mutant", "body", "again"), TOLD),
        "forged": frozenset({401, 403}),
        "rude": frozenset({0, 400, 401, 403, 404, 405, 413, 415, 429}),
    }

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._world = World(dict(ground.forms), patience=5.0, think=0.1)
        self._seeds = captured(self.name)
        self._told = Told()
        lots = random.Random(ground.seed)
        self._cookies = [f"{lots.getrandbits(256):064x}"[:43] for _ in range(VISITORS)]
        self._screens: dict[str, list[str]] = {}
        self._unseen: dict[str, list[int]] = {}
        self._browsers: list[Browser] = []
        self._port = 0

    async def open(self, port: int) -> Mapping[str, str]:
        """There is no platform to open."""
        self._port = port
        return {"TELEGRAM_TOKEN": ""}

    async def close(self) -> None:
        """Close what sane people have open."""
        for browser in self._browsers:
            await browser.close()

    def walker(self, number: int, token: str) -> Walker:
        """A sane person with a browser."""
        self._browsers.append(Browser(self._port, Chat(number)))
        return Walker(self._world, planned(number, dict(self._ground.forms)), token, self._browsers[-1])

    def faults(self) -> list[str]:
        """What went wrong with browsers."""
        refused = [f"a sane post was answered {status}" for each in self._browsers for status in each.refused]
        return self._world.disordered + refused

    async def heard(self, request: Request, status: int, body: bytes) -> None:
        """Look at the screen that a drifter was shown."""
        if request.path != SEEN or status != 200 or not request.who:
            return
        messages = json.loads(body)["messages"]
        self._unseen[request.who] = [message["id"] for message in messages]
        for message in messages:
            self._screens[request.who] = [b["tap"] for row in message.get("buttons", ()) for b in row if "tap" in b]

    def draw(self, kind: str, lots: random.Random) -> Request:
        """One request of a kind."""
        if kind == "again" and self._told.kept:
            return replace(lots.choice(self._told.kept), kind=kind)
        wild, cookie = mutator(lots, self._seeds), lots.choice(self._cookies)
        path = SEEN if lots.random() < 0.1 else SAY
        true = {"Content-Type": "application/json", HEADER: "1", "Cookie": f"langnghe={cookie}"}
        if kind == "rude":
            return rude(path, true, lots)
        post = wild.mutant(lots.choice(self._seeds)) if kind in ("mutant", "body") else self._live(wild, lots, cookie)
        body, more = wild.body(post) if kind == "body" else (dumped(post), {})
        headers = {**true, **more}
        if kind == "forged":
            return Request(kind, path, body, _forged(headers, lots))
        if kind == "live" and lots.random() < 0.4:
            seen = self._unseen.pop(cookie, [])
            return Request(kind, SEEN, dumped({"ask": True, "seen": seen}), headers, who=cookie)
        request = Request(kind, path, body, headers)
        if kind != "body":
            self._told.keep(request, lots)
        return request

    def _live(self, wild: Mutator, lots: random.Random, cookie: str) -> Any:
        taps = self._screens.get(cookie, [])
        post: dict[str, Any] = {"id": secrets.token_hex(8), "screen": "1", "seen": self._unseen.pop(cookie, [])}
        lot = lots.random()
        if not taps or lot > 0.97:
            return post | {"start": lots.choice((*sorted(self._ground.tokens), ""))}
        if lot < 0.85:
            return post | {"tap": forward(taps, lots) if lot < 0.78 else wild.tap(lots.choice(taps))}
        return post | {"text": wild.text()}


def _forged(headers: dict[str, str], lots: random.Random) -> dict[str, str]:
    """A post that our own page would not have sent."""
    kept = {name: value for name, value in headers.items() if name not in (HEADER, "Cookie")}
    cookie = headers["Cookie"]
    ways: tuple[dict[str, str], ...] = (
        {HEADER: "1"},
        {HEADER: "1", "Cookie": cookie[:-1]},
        {HEADER: "1", "Cookie": cookie.replace("langnghe=", "Langnghe=")},
        {HEADER: "1", "Cookie": cookie.replace("langnghe=", "__Host-langnghe=")},
        {HEADER: "1", "Cookie": cookie[:-1] + "\xff"},
        {"Cookie": cookie},
        {HEADER: "1", "Cookie": cookie, "Origin": "https://elsewhere.example"},
        {HEADER: "1", "Cookie": cookie, "Origin": "null"},
        {HEADER: "1", "Cookie": cookie, "Sec-Fetch-Site": "cross-site"},
        {HEADER: "1", "Cookie": cookie, "Sec-Fetch-Site": "same-site"},
    )
    return kept | lots.choice(ways)
