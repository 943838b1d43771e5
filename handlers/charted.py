"""One question's released figures as a picture and in words, for whoever may see them. Adds nothing up by itself."""

from dataclasses import astuple, dataclass

from conversations.questions import Questionnaire, Shown
from handlers.bars import LONG, bars, faint, tied
from handlers.estimates import Estimate
from handlers.rendering.chart import Bar, Chart, described, drawn
from handlers.rendering.png import painted
from handlers.visit import Visit
from locales.formats import day, number
from models.figures import Figure, Summary
from models.periods import closing_day
from models.units import Tree, Unit


@dataclass(frozen=True, slots=True)
class Charted:
    """A question's figures: in words, and as a PNG (empty where there is nothing to draw) with its own words."""

    words: str
    png: bytes = b""
    alt: str = ""


def shown_steps(form: Questionnaire, summary: Summary) -> list[Shown]:
    """The questions that have figures here: not notes, and words only where their number may be told."""
    return [step for step in form.steps if step.kind not in ("note", "words") or step.id in summary.texts]


def charted(visit: Visit, tree: Tree, unit: Unit, summary: Summary, step: Shown) -> Charted:
    """Draw and describe one question for a unit; in words alone where too few answered to tell more."""
    words, picture = told(visit, tree, unit, summary, step)
    png = painted(drawn(picture)) if picture else b""
    return Charted(words, png, visit.t("charted.alt", question=step.name(visit.lang)) if png else "")


def told(visit: Visit, tree: Tree, unit: Unit, summary: Summary, step: Shown) -> tuple[str, Chart | None]:
    """Describe one question for a unit, and what there would be to draw."""
    if step.kind == "words":
        return visit.t("charted.words", n=number(summary.texts.get(step.id, 0), visit.lang)), None
    estimate = Estimate(summary.questions.get(step.id, Figure(0, {})), summary.n)
    if not estimate.answered.high:
        return visit.t("charted.nobody"), None
    if estimate.silent:
        return _too_few(visit, unit, step, estimate), None
    shown = bars(visit, tree, step, estimate)
    answered, notes = _answered(visit, estimate), _notes(visit, step, estimate, shown)
    # A longer picture would be made too small to read on a phone; the words beside it tell all.
    cut = len(shown) > LONG + 1
    more = [visit.t("charted.more", n=LONG)] if cut else []
    legend = [visit.t("charted.legend")] if estimate.error else []
    footer = (" ".join((answered, *notes, *more)), *legend, until(visit, summary), visit.t("charted.voluntary"))
    picture = Chart(step.name(visit.lang), tree.label(unit.id), shown[:LONG] if cut else shown, footer)
    words = "\n".join(part for part in (answered, described(shown), " ".join(notes)) if part)
    return words, picture if shown else None


def until(visit: Visit, summary: Summary) -> str:
    """Say up to which day the figures go."""
    closed = closing_day(summary.last, visit.house.pack.period_close_day) if summary.last else visit.today
    return visit.t("charted.until", day=day(closed, visit.lang))


def _answered(visit: Visit, estimate: Estimate) -> str:
    if not estimate.error:
        return visit.t("charted.exact", n=number(estimate.answered.about, visit.lang))
    n, low, high = (number(value, visit.lang) for value in astuple(estimate.answered))
    return visit.t("charted.answered", n=n, low=low, high=high)


def _too_few(visit: Visit, unit: Unit, step: Shown, estimate: Estimate) -> str:
    """Give no figure at all: one that is mostly error would be taken for what was said."""
    error = number(estimate.error, visit.lang)
    if estimate.hopeless:
        said = [visit.t("charted.few", error=error, n=number(estimate.n, visit.lang))]
    else:
        said = [visit.t("charted.few-answered", error=error, high=number(estimate.answered.high, visit.lang))]
    if step.most > 1:
        said.append(visit.t("charted.few-several"))
    if unit.parent_id:
        said.append(visit.t("charted.few-above"))
    return " ".join(said)


def _notes(visit: Visit, step: Shown, estimate: Estimate, shown: list[Bar]) -> list[str]:
    notes = []
    if step.most > 1:
        notes.append(visit.t("charted.several"))
    if not step.keys():
        notes.append(visit.t("charted.opened"))
    elif sum(not bar.muted for bar in shown) < len(step.keys()):
        most = number(faint(estimate), visit.lang)
        notes.append(visit.t("charted.rest", most=most) if estimate.error else visit.t("charted.rest-exact"))
    if not estimate.error:
        return notes
    if estimate.small:
        notes.append(visit.t("charted.small"))
    first = tied(shown)
    if first > 1:
        # Where all that are listed may be the first, so may one be that is not.
        some = step.kind == "several" and first < sum(not bar.muted for bar in shown)
        notes.append(visit.t("charted.tied-first", n=first) if some else visit.t("charted.tied"))
    return notes
