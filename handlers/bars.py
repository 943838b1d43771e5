"""A question's options as bars, each with the span that its true share lies in."""

from collections.abc import Sequence

from conversations.options import DECLINED_KEY
from conversations.questions import Shown
from handlers.estimates import Estimate, Span
from handlers.rendering.chart import Bar
from handlers.visit import Visit
from locales.formats import month, number, percent
from models.units import Tree

MOST_LINES = 40
LONG = 12  # a list up to here is shown whole; of a longer one only what somebody chose, and this many drawn


def bars(visit: Visit, tree: Tree, step: Shown, estimate: Estimate) -> list[Bar]:
    """Make the bars in the order to be shown; not wanting to answer comes last."""
    labels = {key: words.in_(visit.lang) for key, words in step.keys().items()}
    keys = _listed(step, list(labels), estimate) if labels else _open(step, estimate)
    made = [_bar(visit, labels.get(key) or _named(visit, tree, step, key), estimate, key) for key in keys]
    if estimate.figure.options.get(DECLINED_KEY, 0) > 0 or getattr(step, "decline", False):
        made.append(_bar(visit, visit.t("charted.declined"), estimate, DECLINED_KEY))
    return made


def tied(shown: Sequence[Bar]) -> int:
    """How many options may be the one that was chosen most: their spans reach that of the longest bar."""
    options = [bar for bar in shown if not bar.muted]
    first = max(options, key=lambda bar: bar.share, default=None)
    return sum(bar.high >= first.low for bar in options) if first else 0


def _listed(step: Shown, keys: list[str], estimate: Estimate) -> list[str]:
    """The author's order, in which a scale or a document's answers are read; the most chosen first among several."""
    if step.kind == "several":
        keys.sort(key=lambda key: -estimate.people(key).about)
    return (
        keys
        if len(keys) <= LONG
        else [key for key in keys if estimate.people(key).about > faint(estimate)][:MOST_LINES]
    )


def faint(estimate: Estimate) -> int:
    """What a figure exceeds to be in a long list: so many options go wrong that some do by more than the error."""
    return 2 * estimate.error


def _open(step: Shown, estimate: Estimate) -> list[str]:
    keys = sorted(key for key in estimate.figure.options if key != DECLINED_KEY and estimate.people(key).about)
    by_number = keys if step.kind == "date" else sorted(keys, key=lambda key: -estimate.people(key).about)
    return by_number[:MOST_LINES]


def _named(visit: Visit, tree: Tree, step: Shown, key: str) -> str:
    if step.kind == "date":
        return month(key, visit.lang)
    return tree.label(key) if key in tree else key


def _bar(visit: Visit, label: str, estimate: Estimate, key: str) -> Bar:
    people, muted = estimate.people(key), key == DECLINED_KEY
    if estimate.in_shares:
        span, whole = estimate.percent(key), 100
        value, beside = _share(visit, span, people, exact=not estimate.error)
    else:
        span, whole = people, estimate.answered.high
        value, beside = _people(visit, span, exact=not estimate.error)
    return Bar(label, value, span.about / whole, span.low / whole, span.high / whole, beside, muted)


def _share(visit: Visit, span: Span, people: Span, *, exact: bool) -> tuple[str, str]:
    share, low, high = (percent(value / 100, visit.lang) for value in (span.about, span.low, span.high))
    n = number(people.about, visit.lang)
    if exact:
        return share, visit.t("bars.people", n=n)
    return visit.t("bars.about", share=share), visit.t("bars.share-span", low=low, high=high, n=n)


def _people(visit: Visit, span: Span, *, exact: bool) -> tuple[str, str]:
    n, low, high = (number(value, visit.lang) for value in (span.about, span.low, span.high))
    if exact:
        return visit.t("bars.people", n=n), ""
    return visit.t("bars.people-about", n=n), visit.t("bars.span", low=low, high=high)
