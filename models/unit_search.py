"""Finds units by what people type: without accents, in any order of words, abbreviated, or with a slip of the finger.

Abbreviations of the union and of the state count as equal to what they stand for; their table is data, not grammar.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from locales.vietnamese import fold, plain

ABBREVIATIONS = {
    "tong lien doan lao dong": "tldld",
    "lien doan lao dong": "ldld",
    "cong doan vien chuc": "cdvc",
    "cong doan co so": "cdcs",
    "cong doan bo phan": "cdbp",
    "to cong doan": "tcd",
    "cong doan": "cd",
    "khu cong nghiep": "kcn",
    "uy ban nhan dan": "ubnd",
    "trung hoc pho thong": "thpt",
    "trung hoc co so": "thcs",
    "phat trien nong thon": "ptnt",
    "trach nhiem huu han": "tnhh",
    "co phan": "cp",
    "cong ty": "cty",
    "thanh pho": "tp",
    "thi tran": "tt",
    "thi xa": "tx",
}

KINDS = {"ldld", "cdcs", "cdvc", "cdbp", "tcd", "cd", "nganh", "tinh", "huyen", "tp", "tx", "tt", "xa", "phuong"}

_LONG = re.compile(r"\b(?:" + "|".join(ABBREVIATIONS) + r")\b")
_LONGEST = 200  # letters of a query that are looked at; more is no name

Positions = Iterable[int]


def shortened(folded: str) -> str:
    """Write folded text with every known abbreviation, so that long and short forms are equal."""
    return _LONG.sub(lambda found: ABBREVIATIONS[found[0]], folded)


def proper(short: str) -> str:
    """Leave out the kinds that a shortened name begins with: of "cdcs xa chieng chung" keep "chieng chung"."""
    words = short.split()
    while len(words) > 1 and words[0] in KINDS:
        del words[0]
    return " ".join(words)


class NameIndex:
    """Names in a fixed order, each entry with all that it may be called by. Gives positions in that order."""

    def __init__(self, entries: Sequence[tuple[str, ...]]) -> None:
        """Fold everything once; 50,000 entries take about a second."""
        self._entries = entries
        self._keys: defaultdict[str, list[int]] = defaultdict(list)
        self._words: defaultdict[str, set[int]] = defaultdict(set)
        self._spaceless: defaultdict[str, list[int]] = defaultdict(list)
        for position, names in enumerate(entries):
            for folded in {fold(name) for name in names} - {""}:
                self._add(position, folded)
        self._key_list = sorted(self._keys)
        self._word_list = sorted(self._words)
        self._spaceless_list = list(self._spaceless)

    def _add(self, position: int, folded: str) -> None:
        short = shortened(folded)
        for key in {short, proper(short)}:
            self._keys[key].append(position)
        for form in {folded, proper(short)}:
            if not form.isdecimal():  # a slip in a number is another unit's number
                self._spaceless[form.replace(" ", "")].append(position)
        for word in {*folded.split(), *short.split()}:
            self._words[word].add(position)

    def find(self, text: str, limit: int) -> list[int]:
        """Give at most `limit` positions: exact, then beginnings, then all words, beginnings of words, then slips.

        What was found as typed leaves room for one slip only; words with slips are a last resort.
        """
        folded = fold(text[:_LONGEST])
        if not folded:
            return []
        found: dict[int, None] = {}
        for positions in self._as_typed(text, shortened(folded)):
            found |= dict.fromkeys(islice(positions, limit + len(found)))
            if len(found) >= limit:
                return list(found)[:limit]
        found |= dict.fromkeys(self._misspelt({folded, proper(shortened(folded))}, most=1 if found else 3))
        return list(found or dict.fromkeys(self._nearly(folded)))[:limit]

    def _as_typed(self, text: str, query: str) -> Iterator[Positions]:
        words = query.split()
        yield self._exact(text, query)
        yield sorted(self._beginning(query))
        yield sorted(self._all([self._words.get(word, set()) for word in words]))
        yield sorted(self._all([self._starting(word) for word in words]))

    def _exact(self, text: str, query: str) -> Positions:
        wanted = plain(text)
        return sorted(
            set(self._keys.get(query, ())),
            key=lambda position: (wanted not in map(plain, self._entries[position]), position),
        )

    def _beginning(self, query: str) -> set[int]:
        return {position for key in _range(self._key_list, query) for position in self._keys[key]}

    def _starting(self, word: str) -> set[int]:
        return set[int]().union(*(self._words[each] for each in _range(self._word_list, word)))

    def _all(self, sets: list[set[int]]) -> set[int]:
        smallest, *others = sorted(sets, key=len)
        return smallest.intersection(*others)

    def _misspelt(self, forms: set[str], most: int) -> Positions:
        """Whole names a few slips away, spaces not counted: the fewest slips first."""
        slips: dict[int, float] = {}
        for form in (form.replace(" ", "") for form in sorted(forms)):
            cutoff = min(most, allowed(len(form)))
            near = process.extract(form, self._spaceless_list, scorer=OSA.distance, score_cutoff=cutoff, limit=None)
            for key, distance, _ in near:
                for position in self._spaceless[key]:
                    slips[position] = min(distance, slips.get(position, distance))
        return sorted(slips, key=lambda position: (slips[position], position))

    def _nearly(self, folded: str) -> Positions:
        """Parts of names with slips inside words: the most alike first."""
        positions = sorted(self._all([self._near(word) for word in folded.split()]))
        names = {position: fold(self._entries[position][0]) for position in positions}
        alike = process.extract(folded, names, scorer=fuzz.token_sort_ratio, limit=None)
        return [position for _, _, position in sorted(alike, key=lambda each: (-each[1], each[2]))]

    def _near(self, word: str) -> set[int]:
        if word.isdecimal():
            return self._starting(word)
        near = process.extract(
            word, self._word_list, scorer=OSA.distance, score_cutoff=allowed(len(word) + 2), limit=None
        )
        return self._starting(word).union(*(self._words[each] for each, _, _ in near))


def allowed(letters: int) -> int:
    """Tell how many slips (a letter more, less, other, or two exchanged) a text of so many letters may hold."""
    return 0 if letters < 5 else 1 if letters < 9 else 2 if letters < 16 else 3


def _range(ordered: list[str], beginning: str) -> list[str]:
    return ordered[bisect_left(ordered, beginning) : bisect_left(ordered, beginning + "\x7f")]
