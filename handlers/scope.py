"""Which units an officer may look at: those of the roles held, and everything below them. Refuses every other."""

from collections.abc import Iterable, Sequence

from handlers.commands import OFFICER
from handlers.visit import Visit
from locales.vietnamese import fold
from models.homes import homes
from models.units import Tree, Unit

FOUND = 24


async def tops(visit: Visit, tree: Tree, roles: Iterable[str] = (OFFICER,)) -> tuple[Unit, ...]:
    """The units of some of the officer's roles as they stand today, none twice and none below another."""
    held = {grant.unit_id for grant in await visit.grants() if grant.role in roles}
    if not held or not tree.roots:
        return ()
    now = set((await homes(visit.conn, held, tree, visit.today)).values())
    highest = [name for name in now if not any(above.id in now for above in tree.path(name)[:-1])]
    return tuple(unit for unit in map(tree.get, sorted(highest)) if unit)


def within(tree: Tree, top: Sequence[Unit], unit_id: str) -> bool:
    """Tell whether a unit lies in the officer's part of the tree."""
    return bool({unit.id for unit in tree.path(unit_id)} & {unit.id for unit in top})


def search(tree: Tree, top: Sequence[Unit], text: str) -> list[Unit]:
    """Find units by name in the officer's part alone; a single one that is named so, or whose name ends so, alone."""
    found = [unit for unit in tree.search(text, FOUND * 8) if within(tree, top, unit.id)][:FOUND]
    name = fold(text)
    for same in (str.__eq__, lambda whole, end: whole.endswith(f" {end}")):
        meant = [unit for unit in found if any(same(fold(known), name) for known in _names(unit))]
        if len(meant) == 1:
            return meant
    return found


def _names(unit: Unit) -> tuple[str, str, str]:
    return unit.name, unit.short_name, unit.code


async def at_the_top(visit: Visit, roles: Iterable[str]) -> bool:
    """Tell whether somebody holds one of the roles over a unit at the very top, of which there is no other above.

    Refuses the heir of such a unit: a merger gives nobody a say over more people than they were invited for.
    """
    held = {grant.unit_id for grant in await visit.grants() if grant.role in roles}
    return bool(held) and any(unit.id in held for unit in (await visit.tree()).roots)
