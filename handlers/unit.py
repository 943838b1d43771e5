"""Which unit one belongs to: confirmed from a link, or found in the tree by walking down or typing a name."""

from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from locales.vietnamese import clean
from models.units import Tree, Unit

PAGE = 7


async def show(visit: Visit) -> Screen:
    """Ask whether the unit is right, or list units to choose from."""
    tree = await visit.tree()
    chosen = tree.get(str(visit.person.data.get("unit", "")))
    return _confirm(visit, tree, chosen) if chosen else _browse(visit, tree)


def _confirm(visit: Visit, tree: Tree, unit: Unit) -> Screen:
    above = " › ".join(parent.name for parent in tree.path(unit.id)[:-1])
    begin = tuple(
        Choice(f"begin:{questionnaire.id}", visit.t("unit.begin", title=questionnaire.title.in_(visit.lang)))
        for questionnaire in visit.house.pack.open_on(visit.today)
    )
    return Screen(
        title=visit.t("unit.confirm.title"),
        text=visit.t("unit.confirm.text", unit=unit.name, above=above),
        choices=(*begin, Choice("home", visit.t("unit.home")), Choice("other", visit.t("unit.other"))),
    )


def _browse(visit: Visit, tree: Tree) -> Screen:
    node, query, page = (visit.person.data.get(name) for name in ("node", "query", "page"))
    units = tree.search(str(query)) if query else _below(tree, str(node or ""))
    start = min(int(page or 0), max(len(units) - 1, 0) // PAGE) * PAGE
    return Screen(
        title=visit.t("unit.browse.title"),
        text=_browse_text(visit, tree, units),
        choices=tuple(_unit_choice(visit, tree, unit) for unit in units[start : start + PAGE]),
        nav=_browse_nav(visit, len(units), start, bool(node or query)),
        typed=True,
    )


def _below(tree: Tree, node: str) -> list[Unit]:
    unit = tree.get(node)
    if unit is None:
        return list(tree.roots)
    return [unit, *tree.children(node)]


def _browse_text(visit: Visit, tree: Tree, units: list[Unit]) -> str:
    query, node = str(visit.person.data.get("query", "")), tree.get(str(visit.person.data.get("node", "")))
    if query and not units:
        return visit.t("unit.not-found", query=query)
    if query:
        return visit.t("unit.found", query=query, n=len(units))
    if node:
        return visit.t("unit.below", unit=node.name)
    return visit.t("unit.browse.text")


def _unit_choice(visit: Visit, tree: Tree, unit: Unit) -> Choice:
    # The unit one stands in is chosen; one with others below it is opened.
    here = unit.id == visit.person.data.get("node")
    if tree.children(unit.id) and not here:
        return Choice(f"open:{unit.id}", visit.t("unit.open", unit=tree.label(unit.id)))
    label = visit.t("unit.this", unit=unit.name) if here else tree.label(unit.id)
    return Choice(f"unit:{unit.id}", label)


def _browse_nav(visit: Visit, total: int, start: int, inside: bool) -> tuple[Choice, ...]:
    nav = []
    if start:
        nav.append(Choice("page:prev", visit.t("nav.previous"), ("truoc",)))
    if start + PAGE < total:
        nav.append(Choice("page:next", visit.t("nav.next"), ("tiep", "sau")))
    if inside:
        nav.append(Choice("top", visit.t("unit.top"), ("quay lai", "dau")))
    return tuple(nav)


async def act(visit: Visit, said: Said) -> None:
    """Walk, search, or settle on a unit."""
    kind, _, value = said.action.partition(":")
    data = dict(visit.person.data)
    if not kind:
        visit.go("unit", query=clean(said.text)[:80])
    elif kind in ("begin", "home"):
        visit.change(unit_id=data["unit"])
        visit.go("questionnaire", id=value) if kind == "begin" else visit.go("start")
    elif kind == "unit":
        visit.go("unit", unit=value)
    elif kind == "open":
        visit.go("unit", node=value)
    elif kind == "page":
        data["page"] = int(data.get("page") or 0) + (1 if value == "next" else -1)
        visit.go("unit", **data)
    else:
        visit.go("unit")


TALK = Talk("unit", show, act)
