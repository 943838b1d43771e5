"""What in a person's own words may tell who wrote them, and the words without it (guarantee G16).

Points out; decides nothing. Refuses to guess names of people: no list of them would be whole, and the question asks for
none. Telephones, e-mail, papers, accounts and plates are never kept; links, names of accounts and of the own union are
kept where the writer insists.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from conversations.digits import Found, numbers, straight
from locales.vietnamese import fold

NEVER_KEPT = frozenset({"phone", "email", "id", "number", "plate"})
SHORT = "[…]"  # stands for whatever is taken out where the full words would not fit; shorter than anything found
ROUNDS = 5  # what stood before a detail may be one itself once the detail is gone

_TLD = "com|vn|net|org|edu|gov|info|biz|io|xyz|top|asia|online|site|shop|club|dev"
_TLD_BEFORE_PATH = f"{_TLD}|me|co|ly|gl|gd|be|cc|tv|app|link|page|to|us|la|id"
_MAILERS = "gmail|yahoo|ymail|hotmail|outlook|icloud|gmai|gmial|proton(?:mail)?|zoho"
_AT = r"(?:\s{0,2}(?:@|[(\[{]\s?(?:at|a còng|a cong|@)\s?[)\]}]|a còng|a cong)\s{0,2})"
_DOT = r"(?:\.|\s{0,2}(?:\.|[(\[{]\s?(?:dot|chấm|cham)\s?[)\]}]|\bchấm\b|\bdot\b)\s{0,2})"
_LOCAL = r"(?<![\w.+-])[\w+-][\w.+-]*"
_EMAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LOCAL}@[\w-]+(?:\.[\w-]+)*\.[a-z]{{2,24}}(?![a-z])",
        rf"{_LOCAL}{_AT}[a-z0-9-]+(?:{_DOT}[a-z0-9-]+){{0,3}}?{_DOT}(?:{_TLD})(?:\.vn)?(?!\w)",
        rf"{_LOCAL}(?:{_AT}|\s{{1,2}}at\s{{1,2}})(?:{_MAILERS})(?:{_DOT}(?:com|net|vn))*(?!\w)",
        rf"(?<![\w.+-])(?=[a-z0-9._+-]*[a-z])[a-z0-9._+-]{{4,64}}\s(?:{_MAILERS})\.com(?!\w)",
    )
)
_LINKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:https?|hxxps?|ftp)://\S+|(?<!\w)www\.\S+",
        rf"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:{_TLD_BEFORE_PATH})/\S*",
        rf"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:{_TLD})(?![\w-]|\.\w)",
    )
)
_ACCOUNTS = (
    re.compile(r"(?<![\w@.])@[^\W\d_](?:\w|\.(?=\w)){2,}"),
    re.compile(
        r"(?<!\w)(?:fb|facebook|zalo|telegram|tiktok|instagram|viber)\s?[:=]\s?(?=[a-z]*[\d._])[a-z0-9](?:\w|\.(?=\w)){3,}",
        re.IGNORECASE,
    ),
)
_CLOSING = ".,;:!?…)]}»”’\"'"  # of the sentence, not of the link

_SERIES = r"(?<![^\W_])(?:1[1-9]|[2-9]\d)[ .-]?([A-ZĐa-zđ]{1,2}[1-9]?)[ .-]{0,3}"
_PLATE = re.compile(_SERIES + r"(\d{3}[. -]?\d{2})(?![.,]?\d)(?![^\W\d_])")
_OLD_PLATE = re.compile(_SERIES + r"(?!19|20)\d{4}(?![.,]?\d)(?![^\W\d_])")  # 26H-1234; not class 12A in 2019
_UNITS_OF_MEASURE = frozenset("kmhgltdđw")
_WORD = re.compile(r"[^\W_]+|[\[\]]")


def found(text: str, names: Sequence[str] = ()) -> tuple[Found, ...]:
    """Return what may tell who wrote a text, in its order and apart; what overlaps is one, of its gravest kind.

    `names` are the own union's, as `own_names.spoken` gives them.
    """
    plain = straight(text)
    everything = (*numbers(plain), *_plates(plain), *_addresses(plain), *_named(text, names))
    return tuple(_apart(everything))


def never_kept(details: Iterable[Found]) -> bool:
    """Tell whether any of the details is never kept, whatever its writer says."""
    return any(each.kind in NEVER_KEPT for each in details)


def masked(text: str, names: Sequence[str], mark: Callable[[str], str]) -> str:
    """Return the text with each detail replaced by the mark of its kind, until nothing more is found in it."""
    for _ in range(ROUNDS):
        details = found(text, names)
        if not details:
            break
        text = _without(text, details, mark)
    return text


def _without(text: str, details: Iterable[Found], mark: Callable[[str], str]) -> str:
    parts: list[str] = []
    at = 0
    for each in details:
        parts += text[at : each.start], mark(each.kind)
        at = each.end
    return "".join((*parts, text[at:]))


def _apart(everything: Iterable[Found]) -> Iterator[Found]:
    last: Found | None = None
    for each in sorted(everything, key=lambda one: (one.start, -one.end)):
        if last and each.start < last.end:
            kind = each.kind if each.kind in NEVER_KEPT and last.kind not in NEVER_KEPT else last.kind
            last = Found(kind, last.start, max(last.end, each.end))
            continue
        if last:
            yield last
        last = each
    if last:
        yield last


def _plates(text: str) -> Iterator[Found]:
    for plate in _PLATE.finditer(text):
        series, number = plate.groups()
        measured = series in _UNITS_OF_MEASURE and "." not in number  # 50k 12345
        if not measured and (" " not in number or series.isupper()):
            yield Found("plate", *plate.span())
    for plate in _OLD_PLATE.finditer(text):
        if plate[1].isupper() and ("-" in plate[0] or plate[1][-1].isdigit()):
            yield Found("plate", *plate.span())


def _addresses(text: str) -> Iterator[Found]:
    yield from (Found("email", *each.span()) for pattern in _EMAILS for each in pattern.finditer(text))
    for pattern in _LINKS:
        for each in pattern.finditer(text):
            yield Found("link", each.start(), each.start() + len(each[0].rstrip(_CLOSING)))
    for pattern in _ACCOUNTS:
        for each in pattern.finditer(text):
            yield Found("account", *each.span())


def _named(text: str, names: Sequence[str]) -> Iterator[Found]:
    """Find the own union's names, whatever the accents and the case; a bare proper name by its capital letters."""
    if not names:
        return
    words = [(fold(each[0]), each) for each in _WORD.finditer(text)]
    line = " " + " ".join(word or "[" for word, _ in words) + " "
    places = {at: index for index, at in enumerate(_offsets(line))}
    for name in names:
        wanted = f" {fold(name)} "
        at = line.find(wanted)
        while at >= 0:
            first = places[at]
            whole = [each for _, each in words[first : first + wanted.count(" ") - 1]]
            if name == fold(name) or all(each[0][0].isupper() or each[0][0].isdigit() for each in whole):
                yield Found("unit", whole[0].start(), whole[-1].end())
            at = line.find(wanted, at + 1)


def _offsets(line: str) -> Iterator[int]:
    return (at for at, sign in enumerate(line[:-1]) if sign == " ")
