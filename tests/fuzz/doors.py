"""What a channel's door is to the flood: its platform, its requests by lot, and the people who walk through it."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from conversations.questions import Questionnaire
from handlers.commands import COMMAND_WORDS
from handlers.talks import TALKS
from locales import phrases
from tests.fuzz.mutants import Mutator
from tests.fuzz.wire import Request
from tests.walks.walker import Walker

PAYLOADS = Path(__file__).parent.parent / "payloads"
DRIFTERS = 120  # strangers who answer anything on any screen
KINDS = ("live", "mutant", "body", "again", "forged", "rude")
SHARES = (35, 35, 8, 5, 12, 5)  # of a hundred
RUDE = (
    b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\n",
    b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST %s HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"POST %s%%00?Chim-vanh-khuyen HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nX: " + b"Chim-vanh-khuyen" * 1000 + b"\r\n\r\n",
    b"Chim-vanh-khuyen \xff\xfe\r\n\r\n",
    b"POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every door stands on: the folder of the product's data, its questionnaires, invitations by unit."""

    folder: Path
    forms: Mapping[str, Questionnaire]
    tokens: Mapping[str, str]
    seed: int


class Door(Protocol):
    """One channel under attack. `answers` are the statuses that it may answer to each kind of request.

    `open` and `close` are of the platform; `environment` is what the product needs to know of it. `draw` makes a
    request by lot; `heard` is told what became of it. `walker` is a sane person by number, with a plan. `faults` says
    in the end what the platform did not like, by what nobody forged.
    """

    name: str
    answers: Mapping[str, frozenset[int]]

    async def open(self, port: int) -> Mapping[str, str]: ...

    async def close(self) -> None: ...

    def draw(self, kind: str, lots: random.Random) -> Request: ...

    async def heard(self, request: Request, status: int, body: bytes) -> None: ...

    def walker(self, number: int, token: str) -> Walker: ...

    def faults(self) -> list[str]: ...


@dataclass(slots=True)
class Told:
    """Payloads that were sent a while ago, to be brought again."""

    most: int = 500
    kept: list[Request] = field(default_factory=list)

    def keep(self, request: Request, lots: random.Random) -> None:
        """Keep one, in place of another where there are enough."""
        if len(self.kept) < self.most:
            self.kept.append(request)
        else:
            self.kept[lots.randrange(self.most)] = request


def captured(channel: str) -> list[Any]:
    """The payloads that a channel's tests have, as they came."""
    files = sorted((PAYLOADS / channel / "heard").glob("*.json"))
    kept = [json.loads(file.read_text("utf-8")) for file in files]
    return [each["event" if "event" in each else "update"] for each in kept]


def commands() -> tuple[str, ...]:
    """Every command by its name and by its words in every language, and some that are none."""
    say = phrases.load()
    named = [f"/{talk.name}" for talk in TALKS]
    words = [word for key in COMMAND_WORDS.values() for lang in say.languages for word in say.say(lang, key).split("|")]
    return (*named, *words, "/start", "/nothing", "/", "//", "/STOP")


def hooked(true: set[int], forged: set[int]) -> Mapping[str, frozenset[int]]:
    """The statuses of a webhook, by kind of request."""
    honest = dict.fromkeys(("live", "mutant", "body", "again"), frozenset(true))
    return {**honest, "forged": frozenset(forged), "rude": frozenset({0, 200, 400, 403, 404, 405})}


def mutator(lots: random.Random, others: list[Any]) -> Mutator:
    """One for these lots."""
    return Mutator(lots, COMMANDS, tuple(others))


def rude(path: str, headers: Mapping[str, str], lots: random.Random) -> Request:
    """What is hardly HTTP, at times with the headers of a true caller."""
    head = lots.choice(RUDE)
    head = head % path.encode() if b"%s" in head else head
    if lots.random() < 0.5:
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
        head = head.replace(b"\r\n\r\n", b"\r\n" + more + b"\r\n", 1)
    return Request("rude", path, b"", head=head)


COMMANDS = commands()
