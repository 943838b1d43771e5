"""Vietnamese text: cleaned, compared without accents, and sorted.

Facts: old and new tone placement (hoà/hòa, thuỷ/thủy) are equal spellings that Unicode normalisation does not unify;
the sorting rule gives the order of ICU 72's `vi` collation.
"""

import re
import unicodedata as ud
from functools import lru_cache

TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order in which words are sorted
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

_LATE_TONE = re.compile(rf"(?<![qQ])([oO])([aAeE])([{TONES}])(?![^\W\d_])|(?<![qQ])([uU])([yY])([{TONES}])(?![^\W\d_])")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Controls, soft hyphen, marks without width or of direction, lone surrogates. U+200D stays: it holds emoji together.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LOOK_ALIKES = str.maketrans("\u00d0\u0189", "ĐĐ")  # ETH and AFRICAN D
_PLAIN = str.maketrans("“”„‘’‚‐‑‒–—−", '"""' + "'''" + "-" * 6)
_FORMAT_MARKS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_RANK = {letter: rank for rank, letter in enumerate(ALPHABET)}
_TONE_RANK = {tone: rank for rank, tone in enumerate(TONES, start=1)}

SortKey = tuple[list[tuple[int, int]], list[int], list[bool], str]


def clean(text: str) -> str:
    """Return what a person typed as NFC, without invisible characters, trimmed; inner line breaks stay.

    Other spaces become the plain one; Ð (ETH) becomes Đ where every other letter is a-z, with or without marks, or đ.
    Soft hyphens go: text that may be in an old encoding must pass `locales.legacy.converted` first.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    text = _UNSEEN.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)))
    text = ud.normalize("NFC", text).strip()
    straight = text.translate(_LOOK_ALIKES)
    return straight if straight != text and _vietnamese(straight) else text


def _vietnamese(text: str) -> bool:
    plain = (ud.normalize("NFD", letter)[0] for letter in set(text) if letter.isalpha())
    return all(letter.isascii() or letter in "đĐ" for letter in plain)


def fold(text: str) -> str:
    """Return the key without accents: runs of a-z and 0-9 joined by one space. For comparing, never for showing."""
    text = text.casefold()
    if not text.isascii():
        text = ud.normalize("NFD", _FORMAT_MARKS.sub("", text)).replace("đ", "d").replace("ð", "d")
        text = "".join(letter for letter in text if not ud.combining(letter))
    return " ".join(re.findall("[0-9a-z]+", text))


def tone_new(text: str) -> str:
    """Return NFC text with tones where the newer spelling puts them (hoà to hòa); official text is never rewritten."""
    return ud.normalize("NFC", _LATE_TONE.sub(_earlier, ud.normalize("NFD", text)))


def _earlier(found: re.Match[str]) -> str:
    first, second, tone = found.group(1, 2, 3) if found[1] else found.group(4, 5, 6)
    return f"{first}{tone}{second}"


def plain(text: str) -> str:
    """Return the form in which exact labels are compared: accents count; case, spaces, quotes and dashes do not."""
    return " ".join(tone_new(clean(text).casefold()).translate(_PLAIN).split())


def same(one: str, other: str) -> bool:
    """Tell whether two texts are the same words with the same accents, as a reader would say."""
    return plain(one) == plain(other)


def vi_key(text: str) -> SortKey:
    """Return the sorting key: letters over the whole text, then tones, then small before capital, then the text.

    Digits come before letters and everything else before digits. Any text has a key, and two texts have equal keys
    only if they are equal. Digit runs are not read as numbers: "số 10" stands before "số 2".
    """
    weights = [_weight(letter) for letter in ud.normalize("NFC", text)]
    return [each[0] for each in weights], [each[1] for each in weights], [each[2] for each in weights], text


@lru_cache(maxsize=4096)
def _weight(letter: str) -> tuple[tuple[int, int], int, bool]:
    tone, rest = 0, ""
    for part in ud.normalize("NFD", letter):
        if part in _TONE_RANK:
            tone = _TONE_RANK[part]
        else:
            rest += part
    rest = ud.normalize("NFC", rest)
    small = rest.lower()
    if small in _RANK:
        return (2, _RANK[small]), tone, rest != small
    return (1 if small.isdigit() else 0, ord(small[:1] or "\0")), tone, rest != small
