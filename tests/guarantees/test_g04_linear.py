"""G4: no sum, difference or other combination of everything ever shown tells of fewer people than k.

Attacked with linear algebra over thousands of random histories, over the real ledger, and with planted weakenings that
the attack must see.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import figures
from models.figures import Summary
from models.ledger import Look, ledger_figure, ledger_look, ledger_refusal, ledger_set
from models.planner import Group, Patience, Plan, Waiting, plan
from models.released import release_group
from tests.guarantees.ledgers import Books
from tests.guarantees.linear import figure, least, told
from tests.guarantees.tour import glance, tour
from tests.guarantees.town import K, Town, populated
from tests.guarantees.unions import Planner, history, union

Tree = list[tuple[str, str | None]]
ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # storage is not the point
SIZES = {"xa-1": 6, "xa-2": 4, "huyen-b": 9}


def _attacked(planner: Planner, seeds: Iterable[int]) -> int:
    """In how many histories somebody is told of in a set of fewer than `k`."""
    found = 0
    for seed in seeds:
        its, figures = history(seed, planner)
        found += least(figures, Random(seed)) < its.patience.k
    return found


def test_no_combination_of_figures_tells_of_few_in_random_histories() -> None:
    assert _attacked(plan, range(400)) == 0


@pytest.mark.long
def test_no_combination_of_figures_tells_of_few_in_thousands_of_histories() -> None:
    assert _attacked(plan, range(1_000_000, 1_010_000)) == 0


def test_in_a_small_union_no_set_of_few_is_told_of_at_all() -> None:
    tried = 0
    for seed in range(1_500):
        its, figures = history(seed, periods=4, most=2)
        if 0 < len(set(chain(*figures))) <= 14:
            tried += 1
            assert told(figures, its.patience.k - 1) is None
    assert tried >= 5


def test_the_attack_finds_whatever_there_is_to_find() -> None:
    chance, leaks = Random(4), 0
    for _ in range(60):
        people = range(chance.randint(6, 10))
        shown = [figure(chance.sample(people, chance.randint(3, len(people)))) for _ in range(chance.randint(1, 4))]
        size = least(shown, chance)
        assert told(shown, size) is not None
        assert told(shown, size - 1) is None
        leaks += size < 3
    assert 5 < leaks < 60


def _leftover_published(tree: Tree, pending: Iterable[Waiting], patience: Patience) -> Plan:
    """Publishes what the top could not, however few they are, at the end."""
    made = plan(tree, pending, patience)
    rest = (Group(tree[-1][0], made.withheld),) if made.withheld else ()
    return replace(made, groups=(*made.groups, *rest), withheld=())


def _released_twice(tree: Tree, pending: Iterable[Waiting], patience: Patience) -> Plan:
    """Lets some of those who were released wait on, as after an edit."""
    made = plan(tree, pending, patience)
    again = tuple(group.members[0] for group in made.groups)
    return replace(made, carried=tuple(sorted((*made.carried, *again))))


def _exactly_k(tree: Tree, pending: Iterable[Waiting], patience: Patience) -> Plan:
    """Publishes k of a pool and shows the rest with the others at the top."""
    made = plan(tree, pending, patience)
    few = [Group(group.unit, group.members[: patience.k]) for group in made.groups]
    rest = [Group(tree[-1][0], group.members[patience.k :]) for group in made.groups if len(group.members) > patience.k]
    return replace(made, groups=(*few, *rest))


@pytest.mark.parametrize("weakened", [_leftover_published, _released_twice, _exactly_k])
def test_a_weakened_planner_is_seen(weakened: Planner) -> None:
    assert _attacked(weakened, range(200)) > 5


def test_an_ordinary_dashboard_with_a_threshold_is_seen() -> None:
    singled = 0
    for seed in range(50):
        its, figures = union(seed), []
        for _ in range(4):
            its.answer(8)
            for unit in its.above:
                here = [one.person for one in its.pending if unit in its.way(one.unit)]
                figures += [figure(here)] if len(here) >= its.patience.k else []
        singled += bool(figures) and least(figures, Random(seed)) < its.patience.k
    assert singled > 25


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Town:
    """Two districts and their workplaces, where 19 people answer and 12 more, who came later, a period after them."""
    town = await populated(conn, tmp_path / "town", SIZES)
    for code in SIZES:
        for number in range(12, 16):
            await town.join(f"{code}.{number}", code)
    return town


async def test_the_ledger_of_all_that_was_shown_gives_nothing_away(town: Town) -> None:
    books = Books(town)
    for who in [f"{code}.{number}" for code, size in SIZES.items() for number in range(size)]:
        await town.answer(who, "doi-song", {"viec-lam": "on"})
        await town.answer(who, "nha-an", {"gio-an": "som"})
    await books.close_all("2020-01")
    await glance(town, "canbo")
    for who in [f"{code}.{number}" for code in SIZES for number in range(12, 16)]:
        await town.answer(who, "doi-song", {"viec-lam": "lo"})
    for period in ("2020-02", "2020-03"):
        await books.close_all(period)
        await glance(town, "canbo")
    for form in ("doi-song", "nha-an"):
        shown = await books.shown(form)
        assert len(shown) >= 3
        assert least(shown, Random(1)) >= K
        assert told(shown, 2) is None


@ONE_KIND
async def test_every_figure_given_out_is_in_the_ledger_once_with_its_groups(town: Town) -> None:
    for number in range(6):
        await town.answer(f"xa-1.{number}", "doi-song", {"viec-lam": "on"})
    await town.close_all("2020-01")
    first = await _look(town, "xa-1", "officer")
    assert await _look(town, "xa-1", "officer") == first
    await _look(town, "xa-1", "everyone")
    conn = town.conn
    groups = (await conn.execute(select(release_group.c.id))).scalars().all()
    assert (await conn.execute(select(ledger_set.c.group_id))).scalars().all() == groups
    entered = {(row.question, row.option): row.value for row in await conn.execute(select(ledger_figure))}
    assert entered["", "@n"] == first.n == 6
    for question, its in first.questions.items():
        assert entered[question, "@answered"] == its.answered
        assert {option: entered[question, option] for option in its.options} == its.options
    looks = (await conn.execute(select(ledger_look.c.role, ledger_look.c.day).order_by("role"))).all()
    assert [(role, day) for role, day in looks] == [("everyone", town.at.date()), ("officer", town.at.date())]
    assert set(ledger_look.c.keys()) == {"set_id", "extent", "role", "day"}  # to which role, never to whom


async def _look(town: Town, code: str, role: str) -> Summary:
    tree = await town.tree()
    return await figures.summary(town.conn, Look(role, town.at.date()), tree, town.unit[code], "doi-song")


@ONE_KIND
async def test_a_group_smaller_than_k_is_refused_and_counted(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await populated(conn, tmp_path / "town", {"xa-1": 11})
    town.house.pack = town.house.pack.model_copy(update={"k": 10})
    for number in range(11):
        await town.answer(f"xa-1.{number}", "doi-song", {"viec-lam": "on"})
    await town.close_all("2020-01")
    before = await tour(town, "canbo", ["summary"])
    assert any("11 người" in screen.text for screen in before.values())
    planted = {
        "id": "planted",
        "questionnaire": "doi-song",
        "unit_id": town.unit["huyen-b"],
        "period": "2020-01",
        "n": 7,
    }
    await conn.execute(insert(release_group), planted)
    entered = len((await conn.execute(select(ledger_figure))).all())
    after = await tour(town, "canbo", ["summary"])
    for screen in after.values():
        assert "7 người" not in screen.text
        assert "18 người" not in screen.text
    assert len((await conn.execute(select(ledger_figure))).all()) == entered
    refused = (await conn.execute(select(ledger_refusal.c.questionnaire, ledger_refusal.c.times))).all()
    assert [(name, times > 0) for name, times in refused] == [("doi-song", True)]
    there = await _look(town, "tinh", "officer")
    assert (there.n, there.groups, there.questions, there.refused) == (0, 0, {}, True)
    assert (await _look(town, "xa-1", "officer")).n == 11  # whole groups elsewhere are as they were
