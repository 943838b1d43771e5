"""Says to an officer, without a figure that could point at anybody, what is not shown and why."""

from handlers.view import View
from handlers.visit import Visit
from models.buckets import FEW, NONE
from models.units import Unit


def reasons(visit: Visit, view: View) -> list[str]:
    """What waits, what was pooled further up, what was never counted; nothing before the first close."""
    summary = view.summary
    if summary.last is None or summary.refused:
        return []
    k = visit.house.pack.k
    above = view.tree.get(view.unit.parent_id or "")
    said = []
    if summary.waiting != NONE and not summary.final:
        said.append(visit.t("withheld.waiting", people=_people(visit, summary.waiting), k=k))
    if above is not None and not (summary.n and summary.waiting == NONE):
        said.append(visit.t("withheld.pooled", k=k, hold=visit.house.pack.hold, above=above.name))
    said += _words(visit, view, above)
    if summary.withheld != NONE:
        said.append(visit.t("withheld.erased", people=_people(visit, summary.withheld), k=k))
    if summary.n:
        said.append(visit.t("charted.voluntary"))
    return said


def _words(visit: Visit, view: View, above: Unit | None) -> list[str]:
    if above is not None:
        return [visit.t("withheld.words")]
    asked = {step.id for step in view.form.steps if step.kind == "words"}
    return [visit.t("withheld.few-words")] if asked - view.summary.texts.keys() else []


def _people(visit: Visit, bucket: str) -> str:
    return visit.t("withheld.few" if bucket == FEW else "withheld.ten")
