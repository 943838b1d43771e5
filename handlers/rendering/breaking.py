"""Where a line of Vietnamese may end: lines of about one length, and what is read in one breath stays on one line.

Vietnamese writes every syllable as a word of its own, so a break at any space may cut a word in two ("văn / hóa"). The
lists below have the words and names of political and trade-union writing; two capitals in a row are taken for a name.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise

Measure = Callable[[str], float]

# What a break costs, beside lines of unequal length, which cost 0 when they are equal.
NEVER, SELDOM, RATHER_NOT, GLADLY = 9.0, 1.5, 0.18, -0.15
SIGNS = "–—-"
_WEAK = "và vì là của cho với trong ngoài về các những mọi một từ đến bằng do để mà lần thứ"
_WORDS = (
    "anh hùng|bảo vệ|chào mừng|chính trị|chúng ta|chủ nghĩa|chủ tịch|các cấp|cách mạng|cán bộ|công bằng|"
    "công nghiệp|công nhân|công đoàn|cấp trên|cộng hòa|cộng sản|dân chủ|dân giàu|dân tộc|dự thảo|giai cấp|"
    "hiện đại|hạnh phúc|hội nhập|kinh tế|lao động|lãnh đạo|lập thành tích|muôn năm|mục tiêu|nghị quyết|"
    "người lao động|nhiệm vụ|nhiệt liệt|nhân dân|nước mạnh|phong cách|phát triển|quyền lợi|sáng tạo|sống mãi|"
    "sự nghiệp|then chốt|thi đua|thành công|thắng lợi|tinh thần|tiến tới|toàn dân|toàn quân|toàn quốc|toàn đảng|"
    "trách nhiệm|trọng tâm|tư tưởng|tổ chức|tổ quốc|tự do|việc làm|văn hóa|văn kiện|văn minh|vĩ đại|vững mạnh|"
    "xây dựng|xã hội|xã hội chủ nghĩa|yêu nước|đoàn kết|đoàn viên|đại biểu|đại hội|đạo đức|đảng bộ|đổi mới|"
    "độc lập|đời sống|trung học|phổ thông|cơ sở|tiểu học"
)
_PHRASES = (
    "chủ tịch hồ chí minh|cách mạng việt nam|của chúng ta|mọi thắng lợi|nhiệm vụ then chốt|"
    "nhiệm vụ trọng tâm|nền tảng tinh thần|toàn đảng, toàn dân, toàn quân|tất cả vì|đại hội đại biểu|"
    "đại hội đại biểu toàn quốc|đảng bộ tỉnh|xây dựng đảng"
)
WEAK = frozenset(_WEAK.split())
WORDS, PHRASES = (frozenset(tuple(kept.split()) for kept in listed.split("|")) for listed in (_WORDS, _PHRASES))
LONGEST = max(map(len, WORDS | PHRASES))
NUMERAL = re.compile(r"(?:[IVXLC]+|\d[\d./]*)\W*")


def broken(words: str, lines: int, measure: Measure) -> list[str]:
    """Break words into so many lines (fewer where there are fewer words): the same words, in the best of all ways."""
    said = words.split()
    costs = _costs(words)
    space = measure(" ")
    reach = [0.0, *accumulate(measure(word) + space for word in said)]
    even = (reach[-1] - space) / lines

    @cache
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            return _uneven(reach[-1] - reach[start] - space, even), ()
        return min(
            (_uneven(reach[end] - reach[start] - space, even) + costs[end - 1] + rest, (end, *after))
            for end in range(start + 1, len(said) - left + 2)
            for rest, after in (best(end, left - 1),)
        )

    _, ends = best(0, max(1, min(lines, len(said))))
    return [" ".join(said[a:b]) for a, b in pairwise((0, *ends, len(said)))]


@lru_cache(maxsize=32)
def _costs(words: str) -> tuple[float, ...]:
    """What a break costs before each word but the first: the same words are broken into one line, two, and so on."""
    said = words.split()
    return tuple(cost(said, at) for at in range(1, len(said)))


def penalty(lines: Sequence[str]) -> float:
    """Say what the breaks of some lines cost: 0 where nothing is torn that belongs together."""
    costs = _costs(" ".join(lines))
    ends = accumulate(len(line.split()) for line in lines[:-1])
    return sum(max(0.0, costs[end - 1]) for end in ends)


def cost(said: Sequence[str], at: int) -> float:
    """Say what a break before the word at a place costs."""
    before, after = said[at - 1], said[at]
    if after in SIGNS or NUMERAL.fullmatch(after) or _tears(WORDS, said, at):
        return NEVER
    if before[-1] in f",;:.!?{SIGNS}":
        return GLADLY
    if before[0].isupper() and after[0].isupper():
        return NEVER
    if before.lower() in WEAK:
        return SELDOM
    return RATHER_NOT if _tears(PHRASES, said, at) else 0.0


def _tears(kept: frozenset[tuple[str, ...]], said: Sequence[str], at: int) -> bool:
    """Tell whether a break would fall into one of the words or phrases that are kept together."""
    starts = range(max(0, at - LONGEST + 1), at)
    return any(
        tuple(word.lower() for word in (*said[start : end - 1], said[end - 1].rstrip(",;:.!?…"))) in kept
        for start in starts
        for end in range(at + 1, min(len(said), start + LONGEST) + 1)
    )


def unevenness(lines: Sequence[str], measure: Measure) -> float:
    """Say how far lines are from one length: 0 for lines of one length, more the more they differ."""
    widths = [measure(line) for line in lines]
    even = sum(widths) / len(widths)
    return sum(_uneven(width, even) for width in widths) / len(widths)


def _uneven(width: float, even: float) -> float:
    return (width / even - 1) ** 2 if even else 0.0
