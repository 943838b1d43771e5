"""Who gets it: a topic that people chose, a unit of one's own part of the tree, kinds of unit, a language, outlets.

There is nothing else to choose people by, and no list of them.
"""

from conversations.screens import Choice, Said, Screen
from handlers import broadcast_told, broadcast_work, scope
from handlers.broadcast_told import LANGUAGES, TOPICS
from handlers.broadcast_ways import PLAN, back, distinct, to
from handlers.broadcast_work import Work
from handlers.commands import EDITOR
from handlers.visit import Visit
from handlers.words import aliases, home, pages, turned
from locales.vietnamese import clean
from models import outlets
from models.units import Tree, Unit

FIELDS = ("topic", "unit", "kinds", "language", "outlets")
OFFERED = ("news", "slogans", "results")
PAGE = 7
LABEL = 60


async def ask(visit: Visit, work: Work) -> Screen:
    """List what can be chosen."""
    field = str(visit.person.data["field"])
    if field == "unit":
        return await _units(visit)
    ticks = field in ("kinds", "outlets")
    done = Choice("back", visit.t("broadcast.done"), aliases(visit, "broadcast.back.words"))
    return Screen(
        title=visit.t("broadcast.plan.title"),
        text=visit.t(ASKED[field]),
        choices=tuple(await _choices(visit, work, field)),
        nav=(done if ticks else back(visit), home(visit)),
    )


async def _choices(visit: Visit, work: Work, field: str) -> list[Choice]:
    audience = work.plan.audience
    if field == "topic":
        return [Choice(f"set:{name}", visit.t(TOPICS[name])) for name in OFFERED]
    if field == "language":
        everyone = Choice("set:", visit.t("broadcast.language.all"))
        return [everyone, *(Choice(f"set:{name}", visit.t(key)) for name, key in LANGUAGES.items())]
    if field == "kinds":
        chosen = set(audience.kinds) if audience else set()
        return [_tick(kind, broadcast_told.kind_name(visit, kind), kind in chosen) for kind in await _kinds(visit)]
    known = await outlets.listed(visit.conn, open_only=True)
    names = distinct([(await broadcast_told.outlet_name(visit, each.key))[:LABEL] for each in known])
    chosen = set(work.plan.outlets)
    return [_tick(each.key, name, each.key in chosen) for each, name in zip(known, names, strict=True)]


def _tick(name: str, label: str, chosen: bool) -> Choice:
    return Choice(f"{'-' if chosen else '+'}{name}", label, chosen=chosen)


async def _kinds(visit: Visit) -> list[str]:
    """The kinds of unit that there are in one's own part of the tree, from the top down."""
    tree = await visit.tree()
    top = await broadcast_work.tops(visit, EDITOR)
    below = {id for unit in top for id in tree.subtree(unit.id)}
    return list(dict.fromkeys(unit.kind for unit in reversed(tree.post_order()) if unit.id in below))


async def _units(visit: Visit) -> Screen:
    tree, top = await visit.tree(), await broadcast_work.tops(visit, EDITOR)
    found = [unit for unit in visit.units(tree, "found") if scope.within(tree, top, unit.id)]
    node = tree.get(str(visit.person.data.get("node", "")))
    here = node if node and scope.within(tree, top, node.id) else None
    units = found or (list(tree.children(here.id)) if here else list(top))
    last = max(len(units) - 1, 0) // PAGE
    page = min(int(visit.person.data.get("page") or 0), last)
    this = [Choice(f"set:{here.id}", visit.t("broadcast.unit.this", unit=here.name)[:64])] if here and not found else []
    return Screen(
        title=visit.t("broadcast.plan.title"),
        text=visit.t("broadcast.ask.unit"),
        choices=(*this, *(_unit(visit, tree, unit) for unit in units[page * PAGE : (page + 1) * PAGE])),
        nav=(*pages(visit, page, last), back(visit), home(visit)),
        typed=True,
    )


def _unit(visit: Visit, tree: Tree, unit: Unit) -> Choice:
    if tree.children(unit.id):
        return Choice(f"node:{unit.id}", visit.t("unit.open", unit=tree.label(unit.id)))
    return Choice(f"set:{unit.id}", tree.label(unit.id))


async def take(visit: Visit, work: Work, said: Said) -> None:
    """Keep what was chosen at once; several can be ticked one after the other."""
    field = str(visit.person.data["field"])
    kind, _, value = said.action.partition(":")
    if said.action.startswith(("+", "-")):
        await _ticked(visit, work, field, said.action.split())
    elif kind == "page":
        visit.go(broadcast_work.NAME, **turned(visit, said.action))
    elif kind == "node":
        to(visit, PLAN, work, field=field, node=value)
    elif said.text:
        await _search(visit, work, said.text)
    elif kind == "set":
        await broadcast_work.keep(visit, work.aims(**{field: value}))
        to(visit, PLAN, work)
    else:
        to(visit, PLAN, work)


async def _ticked(visit: Visit, work: Work, field: str, ticks: list[str]) -> None:
    kept = list(work.plan.outlets if field == "outlets" or not work.plan.audience else work.plan.audience.kinds)
    for tick in ticks:
        kept = [each for each in kept if each != tick[1:]] + ([tick[1:]] if tick.startswith("+") else [])
    chosen = tuple(sorted(kept))
    await broadcast_work.keep(visit, work.plans(outlets=chosen) if field == "outlets" else work.aims(kinds=chosen))
    if work.known:
        to(visit, PLAN, work, field=field)


async def _search(visit: Visit, work: Work, text: str) -> None:
    tree, query = await visit.tree(), clean(text)
    found = scope.search(tree, await broadcast_work.tops(visit, EDITOR), query)
    if not found:
        visit.notice(visit.t("summary.no-such-unit", name=query[:80]))
    to(visit, PLAN, work, field="unit", found=[unit.id for unit in found])


ASKED = {field: f"broadcast.ask.to-{field}" for field in FIELDS if field != "unit"}
PHRASE_KEYS = tuple(ASKED.values())
