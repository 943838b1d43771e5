"""The units to go to from where an officer stands: below, up, beside, or found by name."""

from conversations.screens import Choice, Screen
from handlers import scope
from handlers.margins import back
from handlers.view import View, summed
from handlers.visit import Visit
from handlers.words import aliases, home, pages
from locales.formats import number
from models.units import Unit

PAGE = 8


def ways(visit: Visit, view: View) -> tuple[Choice, ...]:
    """The ways to other units and questionnaires."""
    found = []
    if view.tree.children(view.unit.id) or len(view.top) > 1:
        found.append(Choice("units", visit.t("summary.below"), aliases(visit, "summary.below.words")))
    above = view.tree.get(view.unit.parent_id or "")
    if above and scope.within(view.tree, view.top, above.id):
        found.append(Choice(f"at:{above.id}", visit.t("summary.up", unit=above.name)))
    others = (form for form in visit.house.pack.questionnaires.values() if form.id != view.form.id)
    found += [Choice(f"form:{form.id}", visit.t("summary.form", title=form.title.in_(visit.lang))) for form in others]
    return tuple(found)


async def screen(visit: Visit, view: View) -> Screen:
    """The units below, or those that were found, each with its number of people."""
    found = [unit for unit in visit.units(view.tree, "found") if scope.within(view.tree, view.top, unit.id)]
    units = found or _listed(view)
    last = max(len(units) - 1, 0) // PAGE
    at = min(int(visit.person.data.get("page") or 0), last)
    return Screen(
        title=visit.t("summary.title", title=view.form.title.in_(visit.lang)),
        text=visit.t("summary.choose") if found else visit.t("summary.units", unit=view.unit.name),
        choices=tuple([await _unit(visit, view, unit) for unit in units[at * PAGE : (at + 1) * PAGE]]),
        nav=(*pages(visit, at, last), back(visit), home(visit)),
        typed=True,
    )


def _listed(view: View) -> list[Unit]:
    others = [unit for unit in view.top if not scope.within(view.tree, (unit,), view.unit.id)]
    return [*view.tree.children(view.unit.id), *others]


async def _unit(visit: Visit, view: View, unit: Unit) -> Choice:
    n = view.summary.below.get(unit.id, 0)
    if unit.parent_id != view.unit.id:
        n = (await summed(visit, view.tree, unit, view.form)).n
    words = visit.t("summary.unit", n=number(n, visit.lang)) if n else visit.t("summary.unit-none")
    return Choice(f"at:{unit.id}", f"{view.tree.label(unit.id)} · {words}")
