"""Which units an audience takes people from: a unit with or without those below it, units of some kinds.

The tree of the day decides. People of a unit that has ended belong to the unit it was merged into. Where the unit that
the audience names has itself ended since, nobody of its heir is added: its people are those whose own unit stood there
when the audience was approved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from models.audiences import Audience
from models.homes import homes
from models.units import Tree, load_tree


@dataclass(slots=True)
class Catchment:
    """The units of an audience. `units` are those of the tree, None for all; what was found is remembered."""

    audience: Audience
    tree: Tree
    on: date
    units: frozenset[str] | None
    ended: bool = False
    _found: dict[str, bool] = field(default_factory=dict)

    async def of(self, conn: AsyncConnection, units: Iterable[str | None]) -> set[str | None]:
        """Those of these units whose people belong to the audience; None is the unit of people without one."""
        asked = set(units)
        if self.units is None and not self.audience.kinds:
            return asked
        named = {unit for unit in asked if unit is not None}
        if new := named - self._found.keys():
            places = await homes(conn, new, self.tree, self.on)
            self._found |= {unit: self._takes(unit, place) for unit, place in places.items()}
        return {unit for unit in named if self._found[unit]}

    def _takes(self, unit: str, place: str) -> bool:
        at = self.tree.get(place)
        kind = not self.audience.kinds or (at is not None and at.kind in self.audience.kinds)
        return kind and (self.units is None or (unit if self.ended else place) in self.units)


async def catchment(conn: AsyncConnection, audience: Audience, tree: Tree, days: tuple[date, date]) -> Catchment:
    """Work out the units of an audience in the tree of a day; `days` are that one and the one of the approval."""
    today, approved = days
    if not audience.unit:
        return Catchment(audience, tree, today, None)
    ended = audience.unit not in tree
    stood = await load_tree(conn, approved) if ended else tree
    below = stood.subtree(audience.unit) if audience.below else set()
    return Catchment(audience, tree, today, frozenset({audience.unit, *below}), ended)
