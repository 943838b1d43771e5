"""How people write the name of their own union in running text; plain data for `conversations.personal`."""

import re
from collections.abc import Iterable, Iterator

from locales.syllables import is_syllable
from locales.vietnamese import fold

_OFFICE = re.compile(r"(?:công đoàn cơ sở|công đoàn|liên đoàn lao động|ldld|lđlđ|cđcs|cđvc|cđn|cđ)\s+", re.IGNORECASE)
_PROVINCE = re.compile(r"\s+tỉnh(?:\s.*)?$", re.IGNORECASE)
_LEAST = 3  # syllables by which a name without its office is still a name: "xã Chiềng Khừa", not "viên chức"


def spoken(names: Iterable[str], shared: Iterable[str]) -> tuple[str, ...]:
    """Return the ways in which names of units are written, without those that `shared` names are written in too.

    A folded one ("truong mam non hoa ban") is meant however it is written; one with capital letters ("Hoa Ban") only
    where it is written with them.
    """
    common = " ".join(fold(name) for name in shared)
    ways = dict.fromkeys(way for name in names for way in _ways(name))
    return tuple(way for way in ways if f" {fold(way)} " not in f" {common} ")


def _ways(name: str) -> Iterator[str]:
    core = _PROVINCE.sub("", _OFFICE.sub("", name, count=1)).strip()
    if len(fold(name).split()) >= 2 and fold(name) != fold(core):
        yield fold(name)
    if len(fold(core).split()) >= _LEAST:
        yield fold(core)
    proper = _proper(core)
    if len(proper) >= 2 or (proper and not is_syllable(proper[0]) and len(proper[0]) >= 4):
        yield " ".join(proper)


def _proper(core: str) -> list[str]:
    """Return the words with capital letters at the end of a name, without the abbreviations before them."""
    words = re.findall(r"[^\W_]+", core)
    start = len(words)
    while start and words[start - 1][0].isupper():
        start -= 1
    if start == 0 and len(words) > 2:
        start = 1  # a capital letter that only begins the name: "Trường Hoa Ban"
    proper = words[start:]
    while len(proper) > 1 and proper[0].isupper() and len(proper[0]) > 1:
        proper.pop(0)
    return proper
