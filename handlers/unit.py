"""Which unit one belongs to: confirmed from a link, or found in the tree by walking down or typing a name."""

import re

from conversations.screens import Choice, Said, Screen
from handlers.commands import Talk
from handlers.visit import Visit
from handlers.words import aliases, home, pages, turned
from locales.legacy import converted
from locales.vietnamese import clean
from models.units import Tree, Unit

PAGE = 7
LONGEST = 80  # characters of a name that is looked for
PLACE_IN_LIST = re.compile(r"\W*\d{1,3}\W*")


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
    asked = visit.t("unit.confirm.text", unit=unit.name)
    return Screen(
        title=visit.t("unit.confirm.title"),
        text=f"{asked}\n{visit.t('unit.confirm.above', above=above)}" if above else asked,
        choices=(*begin, Choice("home", visit.t("unit.home")), Choice("other", visit.t("unit.other"))),
        nav=(_out(visit),),
    )


def _out(visit: Visit) -> Choice:
    """The way out: home for somebody who has a unit already, else stopping."""
    if visit.person.unit_id is not None:
        return home(visit)
    return Choice("go:stop", visit.t("engine.stop"), aliases(visit, "engine.stop.words"))


def _browse(visit: Visit, tree: Tree) -> Screen:
    found, node = visit.units(tree, "found"), _node(visit, tree)
    units = found or list(tree.children(node.id) if node else tree.roots)
    last = max(len(units) - 1, 0) // PAGE
    page = min(int(visit.person.data.get("page") or 0), last)
    here = () if found or node is None else (Choice(f"unit:{node.id}", visit.t("unit.this", unit=node.name)),)
    inside = bool(found) or (node is not None and len(tree.path(node.id)) > 1)
    back = Choice("top", visit.t("unit.top"), aliases(visit, "unit.top.words")) if inside else _out(visit)
    return Screen(
        title=visit.t("unit.browse.title"),
        text=visit.t("unit.below", unit=node.name) if inside and node and not found else visit.t("unit.browse.text"),
        choices=(*(_unit_choice(visit, tree, unit) for unit in units[page * PAGE : (page + 1) * PAGE]), *here),
        nav=(*pages(visit, page, last), back),
        typed=True,
    )


def _node(visit: Visit, tree: Tree) -> Unit | None:
    """Where one stands in the tree; a single top says nothing, so its children are the beginning."""
    alone = tree.roots[0] if len(tree.roots) == 1 else None
    return tree.get(str(visit.person.data.get("node", ""))) or alone


def _unit_choice(visit: Visit, tree: Tree, unit: Unit) -> Choice:
    if tree.children(unit.id):
        return Choice(f"open:{unit.id}", visit.t("unit.open", unit=tree.label(unit.id)))
    return Choice(f"unit:{unit.id}", tree.label(unit.id))


async def act(visit: Visit, said: Said) -> None:
    """Walk, search, or settle on a unit. A bare number that is not on the list is no name, and is asked again."""
    kind, _, value = said.action.partition(":")
    if kind in ("begin", "home"):
        visit.change(unit_id=str(visit.person.data["unit"]))
        visit.go("questionnaire", id=value) if kind == "begin" else visit.go("start")
    elif kind == "unit":
        visit.go("unit", unit=value)
    elif kind == "open":
        visit.go("unit", node=value)
    elif kind == "page":
        visit.go("unit", **turned(visit, said.action))
    elif said.text and PLACE_IN_LIST.fullmatch(said.text):
        visit.notice(visit.t("unit.number"))
    elif said.text:
        await _search(visit, said.text[:LONGEST])
    else:
        visit.go("unit")


async def _search(visit: Visit, text: str) -> None:
    """Keep what was found, never what was typed. An old encoding is simply read as what it says."""
    query = clean(converted(text) or text)
    found = (await visit.tree()).search(query)
    if found:
        visit.notice(visit.t("unit.found", query=query, n=len(found)))
    else:
        visit.notice(visit.t("unit.not-found", query=query))
    visit.go("unit", found=[unit.id for unit in found])


TALK = Talk("unit", show, act)
