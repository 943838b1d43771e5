"""The ledger read with what only a test knows: which people are in which group."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from models import participation, rules
from models.homes import homes
from models.ledger import ledger_set
from models.officers import role_grant
from models.people import person
from models.planner import Patience, Waiting, plan
from models.released import release_group
from models.units import load_tree
from tests.guarantees.linear import Figure, figure
from tests.guarantees.town import LAST, Town


@dataclass(slots=True)
class Books:
    """Plans each release by itself beforehand, from who takes part and the tree, and holds the release to it."""

    town: Town
    members: dict[str, tuple[int, ...]] = field(default_factory=dict)
    countable: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, set[int]] = field(default_factory=dict)

    async def close_all(self, period: str) -> None:
        """Close a period and note who is in its groups."""
        planned = {form: await self._planned(form, period) for form in self.town.house.pack.questionnaires}
        before = set(self.members)
        await self.town.close_all(period)
        rows = (await self.town.conn.execute(select(release_group))).all()
        for row in rows:
            if row.id in before:
                assert row.n == len(self.members[row.id])
                continue
            groups, countable = planned[row.questionnaire]
            self.members[row.id] = groups.pop(row.unit_id)
            self.countable[row.id] = countable[row.unit_id]
            assert row.n == len(self.members[row.id])
            assert row.period == period
        assert not [left for left, _ in planned.values() if left]

    async def _planned(self, form: str, period: str) -> tuple[dict[str, tuple[int, ...]], dict[str, int]]:
        conn = self.town.conn
        kept = await rules.frozen(conn, form)
        if kept is None:
            return {}, {}
        tree = await load_tree(conn, kept.tree_on, kept.edition)
        sent = [one async for one in participation.sent(conn, form)]
        self.waiting[form] = {one.person for one in sent}
        home = await homes(conn, {one.unit for one in sent}, tree, kept.tree_on)
        officers = set((await conn.execute(select(role_grant.c.person_id))).scalars())
        new = set((await conn.execute(select(person.c.id).where(person.c.joined_period >= period))).scalars())
        people = [Waiting(one.person, home[one.unit], one.waited, one.person not in officers | new) for one in sent]
        branches = [(unit.id, unit.parent_id) for unit in tree.post_order()]
        made = plan(branches, people, Patience(kept.rules.k, kept.rules.hold, period == LAST))
        members = {group.unit: group.members for group in made.groups}
        return members, {unit: len(set(those) - officers - new) for unit, those in members.items()}

    async def shown(self, form: str) -> list[Figure]:
        """Every set of people of whom a number was given out, as the ledger has them."""
        conn = self.town.conn
        mine = select(ledger_set.c.set_id, ledger_set.c.group_id).join(
            release_group, release_group.c.id == ledger_set.c.group_id
        )
        sets: dict[str, list[str]] = {}
        for set_id, group_id in await conn.execute(mine.where(release_group.c.questionnaire == form)):
            sets.setdefault(set_id, []).append(group_id)
        return [self._people(groups) for groups in sets.values()]

    def _people(self, groups: list[str]) -> Figure:
        listed = [one for group in groups for one in self.members[group]]
        counts: Mapping[int, int] = {one: listed.count(one) for one in listed}
        return counts if len(counts) < len(listed) else figure(listed)
