"""Mutants of what a platform brings: JSON trees changed at any place, and bodies that are no JSON at all."""

import copy
import gzip
import json
import random
import re
from dataclasses import dataclass, field
from typing import Any

CANARY = "Chim-vành-khuyên"  # stands in every free text, and may stand in no log
CANARY_ASCII = "Chim-vanh-khuyen"
LARGE = b'{"a":"' + b"x" * 1_100_000 + b'"}'  # more than any hook takes
BOMB = gzip.compress(b'{"a":"' + b"x" * 50_000_000 + b'"}', 6)
DEEP = (b"[" * 1000, b"[" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000)
Json = Any

WILD_NUMBERS: tuple[Json, ...] = (
    *(0, -1, 1.5, -0.0, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63), 10**40, 1e308),
    *(1577836800, -62135596801, 253402300800, 10**13, 32536799999, float("nan"), float("inf")),
)
WILD_TEXTS = (
    *("", " ", "\0", "a\0b", "\ud83d", "\udc00x", "\u202emặc", "\u200b\u200d\ufeff", "🙂" * 50, "e\u0301" * 20),
    *("a" * 300, "%s%n{0}{}", "{vi-tri}", "<b>&lt;</b>", "'; DROP TABLE person; --", "../../etc/passwd", "\r\n\r\n"),
    *("1", "0", "-1", "999999999999999999999", "1 2 3", "1,1,1", "٣", "²", "1.", "không", "đồng ý", "NaN", "null"),
)
WILD = (None, True, False, [], {}, [[]], [None], {"": ""}, {"id": {}}, [1, "a", {}], *WILD_NUMBERS, *WILD_TEXTS)
ACTIONS = ("o:", "+", "-", "q:", "go:", "edit:", "page:", "u:", "back", "next", "send", "done", "yes", "no", "home")
NUMBERS = ("7", "-7", "0", "00", "1e5", "99999999999999999999", "٧", "")
TOKENS = ("A" * 64, "A" * 65, "-", "_", "=", "a b", "a/b", "ă", "%00", "..", "0" * 22, "")
TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "",
    "application/json;charset=x",
)


@dataclass(slots=True)
class Mutator:
    """Changes payloads by lot. `spared` are keys whose values stay, as the address that a sane person has."""

    lots: random.Random
    commands: tuple[str, ...]
    others: tuple[Json, ...] = ()
    spared: frozenset[str] = field(default_factory=frozenset)

    def text(self) -> str:
        """Any text that somebody may type: a command, a number, a word, with our canary in all free ones."""
        lot = self.lots.random()
        if lot < 0.3:
            return self.command()
        if lot < 0.5:
            return str(self.lots.choice((1, 2, 3, 4, 5, 6, 9, 12, 0, -1)))
        return f"{self.lots.choice((CANARY, CANARY_ASCII))} {self.lots.choice(WILD_TEXTS)}"

    def command(self) -> str:
        """A command of any kind, with or without something behind it."""
        word = self.lots.choice(self.commands)
        rest = self.lots.choice(("", "", "", f" {CANARY}", "@bot", "@bot x", " " + self.token(), " 1", "\n", "\0"))
        return word + rest

    def token(self) -> str:
        """The token of an invitation, of odd shape."""
        return self.lots.choice(TOKENS)

    def tap(self, like: str = "7.o:tan-thanh") -> str:
        """What a button brings back, changed: the screen's number, the action, or both."""
        number, _, action = like.partition(".")
        lot = self.lots.random()
        if lot < 0.4:
            number = self.lots.choice(NUMBERS)
        if lot > 0.2:
            action = self.lots.choice(
                (action + "x", self.lots.choice(ACTIONS) + CANARY_ASCII, *ACTIONS, "\0", "x" * 70)
            )
        return number + self.lots.choice((".", ".", ".", "", "..")) + action

    def mutant(self, payload: Json) -> Json:
        """A payload changed at one to four places."""
        changed = copy.deepcopy(payload)
        for _ in range(self.lots.choice((1, 1, 1, 2, 2, 3, 4))):
            places = [place for place in _places(changed) if place[1] not in self.spared]
            if not places:
                return changed
            self._change(*self.lots.choice(places))
        return changed

    def _change(self, holder: Json, key: Any) -> None:
        lots, value = self.lots, holder[key]
        lot = lots.random()
        if lot < 0.12:
            del holder[key]
        elif lot < 0.2 and isinstance(holder, dict):
            holder[lots.choice((str(key).upper(), f"{key}_", f"x{key}", "text", "data", "message"))] = holder.pop(key)
        elif lot < 0.28:
            holder[key] = lots.choice(([value], {"id": value}, {str(key): value}, [[[[value]]]]))
        elif lot < 0.34 and self.others:
            holder[key] = copy.deepcopy(lots.choice(self.others))
        elif lot < 0.4:
            holder[key] = str(value) if isinstance(value, int) else f"{CANARY} {value}"
        elif isinstance(value, str) and lot < 0.75:
            holder[key] = lots.choice((self.text, self.token, self.tap, self._long))()
        elif isinstance(value, int) and lot < 0.75:
            holder[key] = lots.choice((value + 1, -value, value * 10**9, lots.choice(WILD_NUMBERS)))
        else:
            holder[key] = copy.deepcopy(lots.choice(WILD))

    def _long(self) -> str:
        return f"{CANARY} " + "x" * self.lots.choice((500, 4001, 5000, 20_000))

    def body(self, payload: Json) -> tuple[bytes, dict[str, str]]:
        """A body that is no tidy JSON of this payload, with headers that may go with it."""
        plain = dumped(payload)
        way = self.lots.choices(("large", "bomb", "zipped", "deep", "type", "broken"), (10, 2, 40, 20, 80, 848))[0]
        if way == "zipped":
            return gzip.compress(plain, 1), {"Content-Encoding": self.lots.choice(("gzip", "deflate", "br", "x"))}
        if way == "type":
            return plain, {"Content-Type": self.lots.choice(TYPES)}
        if way == "bomb":
            return BOMB, {"Content-Encoding": "gzip"}
        return {"large": LARGE, "deep": self.lots.choice(DEEP)}.get(way) or self._broken(plain), {}

    def _broken(self, plain: bytes) -> bytes:
        at = self.lots.randrange(len(plain) + 1)
        ways = (
            plain[:at],
            plain[:at] + self.lots.choice((b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\0", b"\xf8")) + plain[at:],
            plain[:at] + plain[at + 1 :],
            b"\xef\xbb\xbf" + plain,
            plain.decode("utf-8", "replace").encode("utf-16"),
            plain + plain,
            b"",
            b"null",
            re.sub(rb"\d{3,}", b"9" * self.lots.choice((30, 400, 5000)), plain),
            re.sub(rb'("\w+"): ', self.lots.choice((rb"\1: null, \1: ", rb"\1: {}, \1: ")), plain),
            re.sub(rb'("\w+"): ("[^"]*"|\d+)', rb"\1: \2, \1: \2", plain),
        )
        return self.lots.choice(ways)


def _places(tree: Json) -> list[tuple[Json, Any]]:
    """Every (holder, key) of a tree."""
    found: list[tuple[Json, Any]] = []
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        inside = list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder))
        found += [(holder, key) for key, _ in inside]
        waiting += [value for _, value in inside if isinstance(value, dict | list)]
    return found


def dumped(payload: Json) -> bytes:
    """The payload as JSON; lone surrogates as escapes, all else as itself."""
    return re.sub(
        r"[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(payload, ensure_ascii=False)
    ).encode()
