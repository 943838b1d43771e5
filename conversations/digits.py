"""Finds numbers that lead to a person: telephones, identity papers, accounts. Dates, years and money are none.

Facts: the numbering plan of Viet Nam since 2018 (mobile 03, 05, 07, 08, 09 and eight digits, fixed 02 and eight or
nine) and the mobile numbers of eleven digits before it; CCCD has 12 digits and begins with 0, CMND has 9, a passport a
letter and seven. Every pattern is read in time linear in the text.
"""

import re
import unicodedata as ud
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from locales.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Found:
    """A personal detail of a kind ("phone", "link" ...), from `start` up to `end` in the text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits that stand together."""

    digits: str
    start: int
    end: int

    @property
    def year(self) -> bool:
        return len(self.digits) == 4 and self.digits[:2] in ("19", "20")


_TOKEN = re.compile(r"[^\W_]+")
_STANDS_FOR = str.maketrans("oOlI", "0011")
_MARKS = "\ufe0f\u20e3"  # what makes an emoji of a digit
_RUN = re.compile(rf"\d[{_MARKS}]*(?:(?:[ \t.\-–—_·()\u200d]{{1,4}}|,|(?<=\d\d\d)/(?=\d\d\d))?\d[{_MARKS}]*)*")
_GROUP = re.compile(rf"(?:\d[{_MARKS}]*)+")
_NO_DIGIT = re.compile(r"\D")

_TOGETHER = "ý|chí|nghiệp|đội|hương|bào|môn|loạt|thời|lòng|tình|nhất|hành|phục|bằng|ruộng"  # đồng ý is no money
_MONEY = (
    rf"(?=\s{{0,2}}(?:(?:(?:nghìn|ngàn|triệu|tỷ|tỉ)\s)?đồng(?!\s(?:{_TOGETHER}))|đ(?![\w/])|vnđ|vnd|₫|usd|dong"
    r"(?!\s(?:y|chi|nghiep|doi|huong|thoi))|triệu|trieu|nghìn|nghin|ngàn|ngan|tỷ|tỉ)(?!\w))"
)
_SPENT = "(?:lương|thưởng|nhập|tiền|giá|quỹ|nợ|vay|phí|cấp|trợ|trả|salary|wage|fund)"
_HARMLESS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)",
        r"(?<!\d)(?:19|20)\d\d([./-])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?![.-]?\d)",
        r"(?<![\d.,])(?!84[.,][2-9])[1-9]\d{0,2}([.,])(?:\d{3}\1){0,6}000(?![.,]?\d)",
        rf"(?<![\d.,])[1-9]\d{{0,2}}([., ])(?:\d{{3}}\1){{0,6}}\d{{3}}(?:,\d{{1,2}})?{_MONEY}",
        rf"(?<![\d.,])[1-9]\d{{4,14}}{_MONEY}",
        rf"(?<![\d.,])[1-9]\d{{0,2}}(?:\s?[-–]\s?[1-9]\d{{0,2}}){{1,5}}{_MONEY}",
        rf"(?<!\w){_SPENT}\s(?:(?:là|khoảng|hơn|gần|trên|dưới|được|of|about)\s)?(?!84)[1-9]\d{{5,11}}000(?!\d)",
    )
)

_PHONE = re.compile(r"(?:0|(?:00)?840?)(?:[2-9]\d{8}|2\d{9}|1[2689]\d{8})")
_CARD = re.compile(r"0\d{11}")
_PASSPORT = re.compile(r"(?<![^\W_])[A-Z]\d{7}(?!\w)")
_GAP = r"[^\w\n]{0,3}(?:(?:số|so|là|la|no|is)[^\w\n]{1,3}){0,2}(?=\d)"
_CALL = r"(?<!\w)(?:sđt|sdt|đt|điện thoại|dien thoai|tel|phone|zalo|gọi|goi|liên hệ|lien he|số máy|máy bàn|call)"
_PAPER = (
    r"(?<!\w)(?:cmnd|cmtnd|cccd|căn cước(?: công dân)?|can cuoc|chứng minh(?: thư| nhân dân)?|hộ chiếu|passport|stk"
    r"|số tài khoản|so tai khoan|tài khoản số|số tk|mã (?:số )?nhân viên|mã nv|msnv|mã số thuế|mst|số thẻ|mã thẻ"
    r"|số sổ|số bhxh|bhxh số|mã (?:số )?bhxh|account(?: no| number)?|id card|employee (?:id|no|number))"
)
_KEYED = (("phone", 6, re.compile(_CALL + _GAP, re.IGNORECASE)), ("id", 5, re.compile(_PAPER + _GAP, re.IGNORECASE)))
_ACCENTED = ("không", "một", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín")
_DIGIT_WORDS = frozenset((*_ACCENTED, *map(fold, _ACCENTED)))
_SPOKEN = 10  # as many digits written out as words make a telephone number


def straight(text: str) -> str:
    """Return the text, place for place, with every digit as 0-9: of full width, or a letter o or l among digits."""
    if not text.isascii():
        text = "".join(sign if sign.isascii() else str(ud.digit(sign, sign)) for sign in text)
    return _TOKEN.sub(_numeral, text)


def _numeral(token: re.Match[str]) -> str:
    meant = token[0].translate(_STANDS_FOR)
    digits = sum(sign.isdigit() for sign in token[0])
    return meant if digits >= 2 and meant.isdigit() else token[0]


def numbers(text: str) -> Iterator[Found]:
    """Find telephone numbers, numbers of papers and long numbers in a text made `straight`. They may overlap."""
    yield from (Found("id", *found.span()) for found in _PASSPORT.finditer(text))
    yield from _spoken(text)
    for harmless in _HARMLESS:
        text = harmless.sub(lambda found: "#" * len(found[0]), text)
    for run in _RUN.finditer(text):
        groups = [_Group(_NO_DIGIT.sub("", each[0]), *each.span()) for each in _GROUP.finditer(text, *run.span())]
        yield from (_whole(text, found) for found in _of_a_run(text, groups))
    for kind, least, key in _KEYED:
        for found in key.finditer(text):
            run_after = _RUN.match(text, found.end())
            if run_after and _named(run_after[0], least):
                yield Found(kind, *run_after.span())


def _named(run: str, least: int) -> bool:
    """Tell whether a number is one of a person's where the words before it say so. 1800 and 1900 are everybody's."""
    digits = _NO_DIGIT.sub("", run)
    years = all(len(each) == 4 and each[:2] in ("19", "20") for each in _GROUP.findall(run))
    return len(digits) >= least and not years and not (len(digits) == 8 and digits[:4] in ("1800", "1900"))


def _of_a_run(text: str, groups: list[_Group]) -> Iterator[Found]:
    rest: list[_Group] = []
    at = 0
    while at < len(groups):
        found, following = _known(text, groups, at)
        if found:
            yield from _long(rest)
            yield found
            rest = []
        else:
            rest.append(groups[at])
        at = following
    yield from _long(rest)


def _known(text: str, groups: list[_Group], at: int) -> tuple[Found | None, int]:
    """Read a telephone or identity number that begins with a group, the longest there is; say where to go on."""
    digits, best, following = "", None, at + 1
    abroad = text[max(0, groups[at].start - 1) : groups[at].start] == "+"
    for index in range(at, min(at + 15, len(groups))):
        digits += groups[index].digits
        if len(digits) > 15:
            break
        kind = "phone" if _PHONE.fullmatch(digits) else "id" if _CARD.fullmatch(digits) else ""
        if kind or (abroad and len(digits) >= 10):
            best, following = Found(kind or "phone", groups[at].start, groups[index].end), index + 1
            if index == at:
                break
    return best, following


def _long(groups: list[_Group]) -> Iterator[Found]:
    """Find what is long enough for a card or an account: nine digits, together or in groups that are no list."""
    large = [each for each in groups if len(each.digits) >= 9]
    if large:
        yield from (Found(_size(len(each.digits)), each.start, each.end) for each in large)
        return
    while groups and len(groups[0].digits) < 3:
        groups = groups[1:]  # a number of something else, just before
    years = sum(len(list(takewhile(lambda each: each.year, side))) for side in (groups, reversed(groups)))
    total = sum(len(each.digits) for each in groups)
    if len(groups) > years + 1 and total - 4 * years >= 9 and all(len(each.digits) >= 3 for each in groups[:-1]):
        yield Found(_size(total), groups[0].start, groups[-1].end)


def _size(digits: int) -> str:
    return "id" if digits in (9, 12) else "number"


def _whole(text: str, found: Found) -> Found:
    """Take in the plus sign and the bracket before a number."""
    start = found.start
    if text[max(0, start - 1) : start] == "+":
        start -= 1
    inside = text[found.start : found.end]
    if text[max(0, start - 1) : start] == "(" and ")" in inside and "(" not in inside.partition(")")[0]:
        start -= 1
    return Found(found.kind, start, found.end)


def _spoken(text: str) -> Iterator[Found]:
    """Find digits written out as words, one after the other."""
    run: list[re.Match[str]] = []
    for token in (*_TOKEN.finditer(text), None):
        if token and (token[0].lower() in _DIGIT_WORDS or (len(token[0]) == 1 and token[0].isdigit())):
            near = run and token.start() - run[-1].end() <= 3
            if not run or near:
                run.append(token)
                continue
        if len(run) >= _SPOKEN and sum(not each[0].isdigit() for each in run) >= 3:
            yield Found("phone", run[0].start(), run[-1].end())
        run = [token] if token and token[0].lower() in _DIGIT_WORDS else []
