"""Says to an officer, without a figure that could point at anybody, what is not shown and why."""

from handlers.visit import Visit
from models.buckets import FEW, NONE
from models.figures import Summary
from models.units import Tree, Unit


def reasons(visit: Visit, tree: Tree, unit: Unit, summary: Summary) -> list[str]:
    """What waits, what was pooled further up, what was never counted; nothing before the first close."""
    if summary.last is None:
        return []
    k, hold = visit.house.pack.k, visit.house.pack.hold
    above = tree.get(unit.parent_id or "")
    said = []
    if summary.waiting != NONE and not summary.final:
        said.append(visit.t("withheld.waiting", people=_people(visit, summary.waiting), k=k))
    if above is not None and not (summary.n and summary.waiting == NONE):
        said.append(visit.t("withheld.pooled", k=k, hold=hold, above=above.name))
    if above is not None:
        said.append(visit.t("withheld.words"))
    if summary.withheld != NONE:
        said.append(visit.t("withheld.erased", people=_people(visit, summary.withheld), k=k))
    if summary.n:
        said.append(visit.t("charted.voluntary"))
    return said


def _people(visit: Visit, bucket: str) -> str:
    return visit.t("withheld.few" if bucket == FEW else "withheld.ten")
