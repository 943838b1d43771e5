"""Text in the old Vietnamese encodings TCVN3 (ABC) and VNI, which arrives as odd Latin letters.

"C«ng ®oµn" is TCVN3 and "Coâng ñoaøn" is VNI for "Công đoàn". Neither says what it is, and French or Spanish words use
the same letters, so what is found here is offered to the person and never applied silently.

Sources: TCVN 5712:1993, part VN3 (glibc's TCVN5712-1 without its accented capitals: those came from a font of their
own and read as small letters), and the table of the VNI fonts for Windows.
"""

import re
import unicodedata as ud
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, product

from locales.syllables import is_syllable

_VN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_VN3_CODES = (
    (0xA1, 0xAF),
    (0xB5, 0xBA),
    (0xBB, 0xBF),
    (0xC6, 0xCD),
    (0xCE, 0xD9),
    (0xDC, 0xE0),
    (0xE1, 0xF0),
    (0xF1, 0xFF),
)
TCVN3 = dict(zip(map(chr, chain.from_iterable(range(*codes) for codes in _VN3_CODES)), _VN3_LETTERS, strict=True))


def _vni() -> dict[str, str]:
    tones = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
    hats = {"â": "\u0302"} | {mark: f"\u0302{tone}" for mark, tone in zip("áàåãä", tones.values(), strict=True)}
    bows = {"ê": "\u0306"} | {mark: f"\u0306{tone}" for mark, tone in zip("éèúüë", tones.values(), strict=True)}
    small = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))
    bases = {letter: letter for letter in "aeouy"} | {"ô": "ơ", "ö": "ư"}
    marked = [*product(bases, tones.items()), *product("aeo", hats.items()), *product("a", bows.items())]
    small |= {base + mark: ud.normalize("NFC", bases[base] + accents) for base, (mark, accents) in marked}
    capital_first = {code.capitalize(): letter.upper() for code, letter in small.items()}
    return small | capital_first | {code.upper(): letter.upper() for code, letter in small.items()}


VNI = _vni()


@dataclass(frozen=True, slots=True)
class _Encoding:
    """`telltale` matches what neither French nor Spanish writes: one such place is enough, else two letters are."""

    letters: Mapping[str, str]
    codes: re.Pattern[str]
    word: re.Pattern[str]
    telltale: re.Pattern[str]

    def read(self, text: str) -> str:
        return self.codes.sub(lambda code: self.letters[code[0]], text)

    def leaves_letters(self, text: str) -> bool:
        rest = self.codes.sub("", text)
        return any(not sign.isascii() and (sign.isalpha() or ud.combining(sign)) for sign in rest)


def _encoding(letters: Mapping[str, str], telltale: str) -> _Encoding:
    codes = "|".join(re.escape(code) for code in sorted(letters, key=len, reverse=True))
    signs = re.escape("".join(sorted(set("".join(letters)))))
    return _Encoding(letters, re.compile(codes), re.compile(f"[A-Za-z{signs}]+"), re.compile(telltale))


_ENCODINGS = (
    _encoding(TCVN3, r"[A-Za-z][¨©ª«¬®µ¶·¸»¼½¾]|\b®[a-z¬«]"),
    _encoding(VNI, r"(?i)[aeouyôö]ø|\bñ[aeiouyôö]|öô|[aeo]â"),
)


def converted(text: str) -> str | None:
    """Return the text as it was meant if it is TCVN3 or VNI, else None. Must see raw text, before `clean`.

    (In TCVN3 the letter ư is U+00AD, the soft hyphen that cleaning takes away.) Careful rather than keen: text with
    any letter of today's Vietnamese, unaccented text and text in other languages give None; so does a lone word that
    could be either.
    """
    if text.isascii():
        return None
    for encoding in _ENCODINGS:
        if not encoding.leaves_letters(text) and _convinces(encoding, text):
            return ud.normalize("NFC", encoding.read(text))
    return None


def _convinces(encoding: _Encoding, text: str) -> bool:
    words = encoding.word.findall(text)
    changed = [(word, encoding.read(word)) for word in words if encoding.codes.search(word)]
    told = [(word, read) for word, read in changed if is_syllable(read)]
    wrong = len([read for _, read in changed if not is_syllable(read) and not read.isupper()])
    odd = len([word for word, _ in told if not is_syllable(word)])
    if not told or wrong * 10 > len(changed) or odd * 2 < len(told):
        return False
    if encoding.telltale.search(text):
        return True
    return _count(encoding, (word for word, _ in told)) >= 2 and _foreign(words) * 2 < len(told)


def _count(encoding: _Encoding, words: Iterable[str]) -> int:
    return sum(len(encoding.codes.findall(word)) for word in words)


def _foreign(words: Iterable[str]) -> int:
    """Count the plain words that no Vietnamese syllable is spelled like, whatever its tone."""
    return len([word for word in words if word.isascii() and not (is_syllable(word) or is_syllable(f"{word}\u0301"))])
