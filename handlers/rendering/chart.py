"""Horizontal bars as an SVG picture 720 wide, made to be read on a phone, and the same figures in words.

Words stand above their bar at full width, because Vietnamese labels are long and a phone is narrow. Nothing is smaller
than 22 pixels. Knows no language and no number format: every word and figure comes ready to be shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from handlers.rendering.lettering import Face, width, wrapped

WIDTH = 720
MARGIN = 32
ROOM = WIDTH - 2 * MARGIN
THICK, GAP = 34, 14
INK, SOFT, BAR, MUTED, TRACK = "#111111", "#444444", "#1b5faa", "#8a8f98", "#e8ebf0"

TITLE = Face(30, bold=True)
SUBTITLE = Face(25)
LABEL = Face(25)
VALUE = Face(25, bold=True)
FOOTER = Face(22)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its figure as it is written ("62%"), its share from 0 to 1.

    The true share lies from `low` to `high`, shown by a thin line unless they are one; `beside` are further words for
    where there is room. `muted` is for what is no opinion, such as not wanting to answer.
    """

    label: str
    value: str
    share: float
    low: float = 0.0
    high: float = 0.0
    beside: str = ""
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A question with its bars. `footer` says how many answered, when, and what the figures are not."""

    title: str
    subtitle: str
    bars: Sequence[Bar]
    footer: Sequence[str]


def described(bars: Sequence[Bar]) -> str:
    """Put the bars into words, one line each."""
    return "\n".join(f"• {bar.label}: {bar.value}" + (f" ({bar.beside})" if bar.beside else "") for bar in bars)


def drawn(chart: Chart) -> str:
    """Draw a chart as an SVG document."""
    page = _Page()
    page.text(chart.title, TITLE)
    page.space(4)
    page.text(chart.subtitle, SUBTITLE, SOFT)
    page.space(16)
    longest = ROOM - GAP - max((width(bar.value, VALUE) for bar in chart.bars), default=0)
    for bar in chart.bars:
        page.text(bar.label, LABEL)
        page.bar(bar, longest)
        page.space(20)
    page.rule()
    for line in chart.footer:
        page.text(line, FOOTER, SOFT)
    return "\n".join(page.document(escape(f"{chart.title}. {described(chart.bars)}")))


class _Page:
    """A page that grows downwards as it is written on."""

    def __init__(self) -> None:
        self._y = float(MARGIN)
        self._parts: list[str] = []

    def space(self, height: float) -> None:
        self._y += height

    def text(self, words: str, face: Face, ink: str = INK) -> None:
        for line in wrapped(words, face, ROOM):
            self._y += face.line
            self._parts.append(_line(line, face, (MARGIN, self._y - face.line * 0.28), ink))

    def bar(self, bar: Bar, longest: float) -> None:
        share, low, high = (min(max(value, 0.0), 1.0) for value in (bar.share, bar.low, bar.high))
        top = self._y + 6
        self._parts.append(_box(longest, top, TRACK))
        if share:
            self._parts.append(_box(max(longest * share, 4), top, MUTED if bar.muted else BAR))
        if low < high:
            self._parts += _span(longest, (low, high), top + THICK / 2)
        self._parts.append(_line(bar.value, VALUE, (MARGIN + longest + GAP, top + 26), INK))
        self._y = top + THICK

    def rule(self) -> None:
        self._parts.append(f'<rect x="{MARGIN}" y="{self._y:.0f}" width="{ROOM}" height="2" fill="{TRACK}"/>')
        self._y += 10

    def document(self, words: str) -> Iterator[str]:
        height = self._y + MARGIN
        size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="DejaVu Sans">'
        yield f"<title>{words}</title>"
        yield '<rect width="100%" height="100%" fill="#ffffff"/>'
        yield from self._parts
        yield "</svg>"


def _line(words: str, face: Face, at: tuple[float, float], ink: str) -> str:
    weight = ' font-weight="bold"' if face.bold else ""
    place = f'x="{at[0]:.0f}" y="{at[1]:.1f}" font-size="{face.size}"{weight} fill="{ink}"'
    return f'<text {place} xml:space="preserve">{escape(words)}</text>'


def _span(longest: float, ends: tuple[float, float], middle: float) -> list[str]:
    """A thin line with an end on either side, in white first, so that it stands out from the bar and the track."""
    left, right = (MARGIN + min(max(longest * at, 3), longest - 3) for at in ends)
    strokes = " ".join(f"M{at:.1f} {middle - 9:.1f}v18" for at in (left, right))
    way = f"M{left:.1f} {middle:.1f}H{right:.1f} {strokes}"
    looks = (("#ffffff", 9), (INK, 4))
    return [f'<path d="{way}" fill="none" stroke="{ink}" stroke-width="{thick}"/>' for ink, thick in looks]


def _box(long: float, top: float, ink: str) -> str:
    return f'<rect x="{MARGIN}" y="{top:.1f}" width="{long:.1f}" height="{THICK}" rx="4" fill="{ink}"/>'
