"""A town that lives as it pleases, through the real desk, while its groups are watched (a stateful property test).

Everything happens in one transaction that is taken back at the end, so that a life leaves nothing to the next.
"""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import answers, participation
from models.audit import Act
from models.database import open_engine
from models.released import release_group, released_count
from models.unit_import import import_file
from tests.guarantees.ledgers import Books
from tests.guarantees.linear import least
from tests.guarantees.tour import glance
from tests.guarantees.town import CODES, LAST, NEXT, OPEN, UNITS, K, Town

Came = TypeVar("Came")
FORMS = st.sampled_from(["doi-song", "nha-an"])
Said = dict[str, str | tuple[str, ...]]
WHO = st.integers(0, 99)
WHERE = st.sampled_from([*CODES, "xa-3"])
SAID = st.fixed_dictionaries(
    {"viec-lam": st.sampled_from(["on", "lo"]), "gio-an": st.sampled_from(["som", "muon"])},
    optional={"vi-sao": st.just("Vì ít việc"), "mon-an": st.just("ngon"), "quan-tam": st.just(("nha",))},
)


class Lives(RuleBasedStateMachine):
    """One life of the town. `url` and `base` are set by whoever runs it."""

    url: ClassVar[str]
    base: ClassVar[Town]
    names: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_engine(self.url)
        self.conn = self.run(self._connected())
        self.town = self.base.again(Path(self.folder.name), conn=self.conn)
        self.books = Books(self.town)
        self.people = list(self.names)
        self.heir: dict[int, int] = {}
        self.period: str | None = "2020-01"
        self.reorganised: set[str] = set()
        self.kept: dict[str, list[tuple[object, ...]]] = {}
        self.looked = False
        self.deeds = 0  # since the last close

    def run(self, deed: Coroutine[Any, Any, Came]) -> Came:
        """Let something happen."""
        return self.runner.run(deed)

    async def _connected(self) -> AsyncConnection:
        conn = await self.engine.connect()
        await conn.begin()
        return conn

    def teardown(self) -> None:
        """Take it all back."""
        self.run(self.conn.rollback())
        self.run(self.conn.close())
        self.run(self.engine.dispose())
        self.runner.close()
        self.folder.cleanup()

    def _name(self, who: int) -> str:
        return self.people[who % len(self.people)]

    @initialize(said=SAID, number=st.integers(4, 8))
    def begin(self, said: Said, number: int) -> None:
        """Most of one workplace answer."""
        for who in range(number):
            self.run(self._answer(self._name(who), "doi-song", said))

    @rule(where=WHERE)
    def join(self, where: str) -> None:
        """Somebody new comes, who does not count yet."""
        name = f"new.{self.town.said}"
        self.run(self.town.join(name, where if where in self.town.unit else "xa-1"))
        self.people.append(name)

    @rule(who=WHO, form=FORMS, said=SAID)
    def answer(self, who: int, form: str, said: Said) -> None:
        """Somebody answers, changes what was sent, or comes back to what was published."""
        self.deeds += 1
        self.run(self._answer(self._name(who), form, said))

    @rule(first=WHO, form=FORMS, said=SAID, number=st.integers(4, 9))
    def several_answer(self, first: int, form: str, said: Said, number: int) -> None:
        """Several neighbours answer on one day."""
        self.deeds += 2
        for who in range(first, first + number):
            self.run(self._answer(self._name(who), form, said))

    async def _answer(self, name: str, form: str, said: Said) -> None:
        id = (await self.town.person(name)).id
        stage = await answers.stage(self.conn, id, form)
        if self.period is None:
            return
        if stage == "pending":
            changed = {step: value for step, value in said.items() if step in ("viec-lam", "gio-an")}
            steps = self.town.house.pack.questionnaires[form].by_id
            await self.town.edit(name, form, {step: value for step, value in changed.items() if step in steps})
        elif stage in ("released", "withheld"):
            await self.town.say(name, "/start")
            await self.town.tap(name, f"q:{form}")
            assert await answers.stage(self.conn, id, form) == stage
        else:
            await self.town.answer(name, form, said)

    @rule(who=WHO, form=FORMS)
    def withdraw(self, who: int, form: str) -> None:
        """Somebody takes everything back."""
        name = self._name(who)
        id = self.run(self.town.person(name)).id
        if self.run(answers.stage(self.conn, id, form)) in ("pending", "draft"):
            self.run(self.town.withdraw(name, form))

    @rule(who=WHO, where=WHERE)
    def move(self, who: int, where: str) -> None:
        """Somebody works elsewhere now; what was sent stays where it was sent from."""
        if where in self.town.unit:
            self.run(self.town.move(self._name(who), where))

    @precondition(lambda self: len(self.people) > 8)
    @rule(gives=WHO, keeps=WHO)
    def link(self, gives: int, keeps: int) -> None:
        """Two records turn out to be one person's."""
        old, new = self._name(gives), self._name(keeps)
        if old != new:
            gone, stays = (self.run(self.town.person(name)).id for name in (old, new))
            self.run(self.town.link(old, new))
            self.people.remove(old)
            self.heir[gone] = stays

    @rule(how=st.sampled_from(["merge", "hang elsewhere", "found"]))
    def reorganise(self, how: str) -> None:
        """The federation publishes other units."""
        if how not in self.reorganised and self.period in list(NEXT)[1:]:
            self.reorganised.add(how)
            self.run(self._reorganise(how))

    async def _reorganise(self, how: str) -> None:
        day = self.town.at.date() + timedelta(days=len(self.reorganised))
        self.town.at += timedelta(days=len(self.reorganised))
        before, head = day - timedelta(days=1), UNITS.partition("\n")[0]
        rows = {
            "merge": f"2019-01-01,{before},cdcs,xa-2,Công đoàn cơ sở trường mầm non,CĐCS mầm non,huyen-a,xa-1,",
            "hang elsewhere": f"2019-01-01,{before},cdcs,xa-1,Công đoàn cơ sở xưởng chè,CĐCS xưởng chè,huyen-a,,che\n"
            f"{day},,cdcs,xa-1,Công đoàn cơ sở xưởng chè,CĐCS xưởng chè,huyen-b,,che",
            "found": f"{day},,cdcs,xa-3,Công đoàn cơ sở bến xe,CĐCS bến xe,huyen-b,,",
        }
        file = Path(self.folder.name) / "units-anew.csv"
        await asyncio.to_thread(file.write_text, f"{head},id\n{rows[how]}\n", "utf-8")
        await import_file(self.conn, file, Act(self.town.at, "test"))
        self.town.unit = {**self.town.unit, **{unit.code: unit.id for unit in (await self.town.tree()).units}}

    @rule(unit=st.sampled_from([*CODES, "xa-3"]), form=FORMS)
    def look(self, unit: str, form: str) -> None:
        """An officer looks at a unit."""
        if unit in self.town.unit:
            self.run(self._look(unit, form))

    async def _look(self, unit: str, form: str) -> None:
        its = (await self.town.tree()).get(self.town.unit[unit])
        if its is not None:
            await self.town.say("canbo", f"/summary {its.short_name} {form}")
            self.looked = True

    @precondition(lambda self: self.period is not None and self.deeds > 2)
    @rule()
    def close(self) -> None:
        """A period closes; what was published is checked against who took part."""
        assert self.period is not None
        period, self.deeds = self.period, 0
        self.run(self.books.close_all(period))
        self.period = NEXT[period] if period != LAST else None
        if self.period is not None:
            self.town.at = max(self.town.at, OPEN[self.period])
        self.run(self._checked(period))

    async def _checked(self, period: str) -> None:
        its = participation.participation.c
        of: dict[str, list[str]] = {}
        for row in await self.conn.execute(select(release_group.c.id, release_group.c.questionnaire)):
            of.setdefault(row.questionnaire, []).append(row.id)
        for form in self.town.house.pack.questionnaires:
            groups = [self.books.members[id] for id in of.get(form, [])]
            everybody = [member for group in groups for member in group]
            assert len(everybody) == len(set(everybody))
            assert all(self.books.countable[id] >= K for id in of.get(form, []))
            rows = await self.conn.execute(select(its.person_id, its.state).where(its.questionnaire == form))
            state = {row.person_id: row.state for row in rows}
            released = {one for one, how in state.items() if how == "released"}
            assert released == {self._today(member) for member in everybody}
            waited = self.books.waiting.get(form, set())
            assert waited <= {one for one in state if state[one] != "none"}
            if period == LAST:
                assert "pending" not in state.values()
        await self._nothing_old_changed()

    def _today(self, member: int) -> int:
        while member in self.heir:
            member = self.heir[member]
        return member

    async def _nothing_old_changed(self) -> None:
        """A group that was published stays as it is, to the last count."""
        rows: dict[str, list[tuple[object, ...]]] = {}
        for group in (await self.conn.execute(select(release_group))).all():
            rows[group.id] = [tuple(group)]
        counts = select(released_count).order_by(*released_count.primary_key)
        for count in (await self.conn.execute(counts)).all():
            rows[count.group_id].append(tuple(count))
        for id, before in self.kept.items():
            assert rows[id] == before
        self.kept = rows

    @precondition(lambda self: self.looked)
    @rule(seed=st.integers(0, 9))
    def attack(self, seed: int) -> None:
        """Everything that was ever given out is combined."""
        for form in self.town.house.pack.questionnaires:
            assert least(self.run(self.books.shown(form)), Random(seed)) >= K


def lived(lives: type[Lives], seed: int, deeds: int) -> int:
    """Live one life that is busy all the time, to the end of all periods; give how many groups it published."""
    chance, life = Random(seed), lives()
    answer: Said = {"viec-lam": "on", "gio-an": "som", "quan-tam": ("nha",)}
    units, forms = (*CODES, "xa-3"), ("doi-song", "nha-an")

    def who() -> int:
        return chance.randrange(len(life.people))

    ways: tuple[Callable[[], None], ...] = (
        lambda: life.join(chance.choice(units)),
        lambda: life.answer(who(), chance.choice(forms), answer),
        lambda: life.several_answer(who(), chance.choice(forms), answer, chance.randint(3, 8)),
        lambda: life.several_answer(who(), "doi-song", answer, chance.randint(3, 8)),
        lambda: life.withdraw(who(), chance.choice(forms)),
        lambda: life.move(who(), chance.choice(units)),
        lambda: life.link(who(), who()),
        lambda: life.reorganise(chance.choice(("merge", "hang elsewhere", "found"))),
        lambda: life.look(chance.choice(units), chance.choice(forms)),
    )
    try:
        while life.period is not None:
            for _ in range(deeds):
                chance.choice(ways)()
            life.close()
            life.run(glance(life.town, "canbo"))
            life.attack(seed)
        return len(life.books.members)
    finally:
        life.teardown()
