"""The shape of a Vietnamese syllable: first consonant, rhyme, tone. A test of form; it knows no dictionary."""

import re
import unicodedata as ud

from locales.vietnamese import TONES

_TONE = re.compile(f"[{TONES}]")
_LETTERS = re.compile(
    """
    (?: b|ch?|d|đ|gh?|gi|h|kh?|l|m|n|ngh?|nh|ph?|qu?|r|s|t[hr]?|v|x )?
    (?: o?a(?:ch?|i|m|n|ng|nh|o|p|t|u|y)? | o?ă(?:c|m|n|ng|p|t) | u?â(?:c|m|n|ng|p|t|u|y)
      | o?e(?:c|m|n|ng|o|p|t)? | u?ê(?:ch|m|n|ng|nh|p|t|u)?
      | i(?:a|ch|m|n|nh|p|t|u|ê(?:c|m|n|ng|p|t|u))? | u?y(?:a|ch|n|nh|p|t|u|ê(?:m|n|ng|t|u))?
      | o(?:o?c|i|m|n|o?ng|p|t)? | ô(?:c|i|m|n|ng|p|t)? | u?ơ | ơ(?:i|m|n|p|t)
      | u(?:a|c|i|m|n|ng|p|t|ô(?:c|i|m|n|ng|t))? | ư(?:a|c|i|ng|t|u|ơ(?:c|i|m|n|ng|p|t|u))? )
    """,
    re.VERBOSE,
)
_STOPPED = re.compile("(?:c|ch|p|t)$")
_STOPPED_TONES = TONES[3:]  # a syllable that ends in c, ch, p or t has sắc or nặng


def is_syllable(word: str) -> bool:
    """Tell whether the word could be one written Vietnamese syllable with its tone; case does not matter."""
    decomposed = ud.normalize("NFD", word.lower())
    tones = _TONE.findall(decomposed)
    letters = ud.normalize("NFC", _TONE.sub("", decomposed))
    if len(tones) > 1 or not _LETTERS.fullmatch(letters):
        return False
    return not _STOPPED.search(letters) or (bool(tones) and tones[0] in _STOPPED_TONES)
