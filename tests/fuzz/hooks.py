"""What the webhooks of all platforms have in common under attack: a secret, captured updates, drifters who answer."""

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from tests.fuzz.doors import Ground, Told, captured, mutator, rude
from tests.fuzz.mutants import Mutator, dumped
from tests.fuzz.wire import Request

FORGERS = "8000000000"  # what the names of those begin with who never wrote: nobody of that name may be known
AHEAD = ("yes", "begin:", "q:", "o:", "+", "done", "next", "skip", "send", "home")
SANE = range(1000, 2000)


class Speech(Protocol):
    """How one platform brings updates.

    `live` is what a drifter does on the screen in front, in whatever `name` is given or else a drifter's. `placed`
    gives a captured payload a fresh number and a drifter's name. `known` gives everybody that a mutant names a phone,
    or says that it names somebody who walks by a plan. `headers` are the true ones, `forgery` wrong ones.
    """

    name: str
    path: str

    def live(self, wild: Mutator, lots: random.Random, forged: bool) -> Any: ...

    def placed(self, update: Any, lots: random.Random) -> Any: ...

    def known(self, update: Any) -> bool: ...

    def headers(self, body: bytes, update: Any) -> dict[str, str]: ...

    def forgery(self, body: bytes, update: Any, lots: random.Random) -> dict[str, str]: ...


class Requests:
    """Requests by lot to one webhook."""

    def __init__(self, speech: Speech, ground: Ground) -> None:
        self._speech, self._ground = speech, ground
        self._seeds = captured(speech.name)
        self._told = Told()

    def draw(self, kind: str, lots: random.Random) -> Request:
        """One request of a kind."""
        path = self._speech.path
        wild = mutator(lots, self._seeds)
        if kind == "rude":
            return rude(path, self._speech.headers(b"", {}), lots)
        if kind == "again" and self._told.kept:
            return replace(lots.choice(self._told.kept), kind=kind)
        update = (
            self._mutant(wild, lots) if kind in ("mutant", "body") else self._speech.live(wild, lots, kind == "forged")
        )
        body, more = wild.body(update) if kind == "body" else (dumped(update), {})
        if kind == "forged":
            return Request(kind, path, body, self._speech.forgery(body, update, lots))
        request = Request(kind, path, body, {**self._speech.headers(body, update), **more})
        if kind != "body":
            self._told.keep(request, lots)
        return request

    def _mutant(self, wild: Mutator, lots: random.Random) -> Any:
        update = self._speech.placed(copy.deepcopy(lots.choice(self._seeds)), lots)
        changed = wild.mutant(update)
        return changed if self._speech.known(changed) else {}


def spoken(wild: Mutator, lots: random.Random, tokens: Mapping[str, str], *, begun: bool) -> str:
    """What a drifter types: an invitation to begin with, and at times again; else anything."""
    if not begun or lots.random() > 0.97:
        return f"/start {lots.choice(sorted(tokens))}"
    return wild.text()


def forward(taps: list[str], lots: random.Random) -> str:
    """One of the taps on a screen, most often one that leads on."""
    ahead = [tap for tap in taps if tap.partition(".")[2].startswith(AHEAD)]
    return lots.choice(ahead if ahead and lots.random() < 0.8 else taps)


def each(tree: Any, act: Callable[[dict[str, Any]], object]) -> None:
    """Do something to every object of a tree."""
    for holder in objects(tree):
        act(holder)


def objects(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of a tree."""
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict):
            yield holder
            waiting += holder.values()
        elif isinstance(holder, list):
            waiting += holder


def near(secret: str) -> tuple[str, ...]:
    """Secrets that are not quite this one."""
    cut, changed = secret[:-1], secret[:-1] + chr(ord(secret[-1]) ^ 1)
    return ("", cut, changed, secret + "x", secret.upper(), secret.title(), f"{secret},{secret}", "\xff", secret[::-1])
