"""One question's released figures as a picture and in words, for whoever may see them. Adds nothing up by itself."""

from dataclasses import dataclass

from conversations.options import DECLINED_KEY
from conversations.questions import Questionnaire, Shown
from handlers.rendering.chart import Bar, Chart, described, drawn
from handlers.rendering.png import painted
from handlers.visit import Visit
from locales.formats import day, month, number, percent
from models.figures import Figure, Summary
from models.periods import closing_day
from models.units import Tree

MOST_LINES = 40
SHORT = 12  # a list up to here is shown whole; of a longer one only what somebody chose, and this many drawn


@dataclass(frozen=True, slots=True)
class Charted:
    """A question's figures: in words, and as a PNG (empty where there is nothing to draw) with its own words."""

    words: str
    png: bytes = b""
    alt: str = ""


def shown_steps(form: Questionnaire, summary: Summary) -> list[Shown]:
    """The questions that have figures here: not notes, and words only where their number may be told."""
    return [step for step in form.steps if step.kind not in ("note", "words") or step.id in summary.texts]


def charted(visit: Visit, tree: Tree, step: Shown, summary: Summary, place: str) -> Charted:
    """Draw and describe one question for the unit named `place`."""
    if step.kind == "words":
        return Charted(visit.t("charted.words", n=number(summary.texts.get(step.id, 0), visit.lang)))
    figure = summary.questions.get(step.id, Figure(0, {}))
    if not figure.answered:
        return Charted(visit.t("charted.nobody"))
    bars = _bars(visit, tree, step, figure)
    answered = visit.t("charted.answered", n=number(figure.answered, visit.lang))
    notes = [visit.t("charted.several")] if step.kind == "several" else []
    if len(step.keys()) > SHORT and len(bars) < MOST_LINES:
        notes.append(visit.t("charted.rest"))
    # A longer picture would be made too small to read on a phone; the words beside it tell all.
    more = [visit.t("charted.more", n=SHORT)] if len(bars) > SHORT + 1 else []
    footer = (answered, *(more or notes), until(visit, summary), visit.t("charted.voluntary"))
    picture = drawn(Chart(step.name(visit.lang), place, bars[:SHORT] if more else bars, footer))
    words = "\n".join((" ".join((answered, *notes)), described(bars)))
    return Charted(words, painted(picture), visit.t("charted.alt", question=step.name(visit.lang)))


def until(visit: Visit, summary: Summary) -> str:
    """Say up to which day the figures go."""
    closed = closing_day(summary.last, visit.house.pack.period_close_day) if summary.last else visit.today
    return visit.t("charted.until", day=day(closed, visit.lang))


def _bars(visit: Visit, tree: Tree, step: Shown, figure: Figure) -> list[Bar]:
    labels = {key: words.in_(visit.lang) for key, words in step.keys().items()}
    keys = _listed(step, list(labels), figure) if labels else _open(step, figure)
    bars = [_bar(visit, labels.get(key) or _named(visit, tree, step, key), figure, key) for key in keys]
    declined = figure.options.get(DECLINED_KEY, 0)
    if declined or getattr(step, "decline", False):
        bars.append(_bar(visit, visit.t("charted.declined"), figure, DECLINED_KEY))
    return bars


def _listed(step: Shown, keys: list[str], figure: Figure) -> list[str]:
    """The author's order, in which a scale or a document's answers are read; the most chosen first among several."""
    if step.kind == "several":
        keys.sort(key=lambda key: -figure.options.get(key, 0))
    return keys if len(keys) <= SHORT else [key for key in keys if figure.options.get(key)][:MOST_LINES]


def _open(step: Shown, figure: Figure) -> list[str]:
    keys = sorted(key for key, n in figure.options.items() if n and key != DECLINED_KEY)
    by_number = keys if step.kind == "date" else sorted(keys, key=lambda key: -figure.options[key])
    return by_number[:MOST_LINES]


def _named(visit: Visit, tree: Tree, step: Shown, key: str) -> str:
    if step.kind == "date":
        return month(key, visit.lang)
    return tree.label(key) if key in tree else key


def _bar(visit: Visit, label: str, figure: Figure, key: str) -> Bar:
    n = figure.options.get(key, 0)
    share = n / figure.answered
    value = f"{percent(share, visit.lang)} ({number(n, visit.lang)})"
    return Bar(label, value, share, muted=key == DECLINED_KEY)
