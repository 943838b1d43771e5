"""G3: every group that is published has at least k people who count; groups share nobody, leave out nobody who was
planned into one, and never change again.

Any life of a small federation, lived at the real desk on both databases, keeps to it: people join, answer, change their
minds, move and are joined by a link, units are reorganised, officers look on, and periods close.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from models import answers
from models.participation import participation
from models.planner import Patience, plan
from models.released import release_group, released_count
from models.slips import Slip
from tests.guarantees.dumps import apart, dump
from tests.guarantees.lives import Lives, lived
from tests.guarantees.town import populated
from tests.guarantees.unions import union

SIZES = {"xa-1": 8, "xa-2": 4, "huyen-b": 4}


@pytest.fixture
async def lives(engine: AsyncEngine, database_url: str, tmp_path: Path) -> type[Lives]:
    """A town of sixteen people who have joined, from which every life begins."""
    async with engine.begin() as conn:
        base = await populated(conn, tmp_path / "base", SIZES)
    names = tuple(f"{code}.{number}" for code, size in SIZES.items() for number in range(size))
    return type("Life", (Lives,), {"url": database_url, "base": base, "names": names})


def _settings(examples: int, steps: int) -> settings:
    """No shrinking: a life is some hundred messages long. What failed is printed as it was lived."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=(Phase.explicit, Phase.generate),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_any_life_of_a_town_keeps_its_groups_whole(lives: type[Lives]) -> None:
    run_state_machine_as_test(lives, settings=_settings(5, 20))


def test_a_busy_life_keeps_its_groups_whole_to_the_end(lives: type[Lives]) -> None:
    assert sum(lived(lives, seed, 10) for seed in (1, 2, 3)) >= 8


@pytest.mark.long
def test_busy_lives_keep_their_groups_whole_to_the_end(lives: type[Lives]) -> None:
    assert sum(lived(lives, seed, 14) for seed in range(100, 160)) > 200


@pytest.mark.long
def test_many_long_lives_of_a_town_keep_its_groups_whole(lives: type[Lives]) -> None:
    run_state_machine_as_test(lives, settings=_settings(100, 60))


def test_groups_of_fewer_than_five_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 5"):
        plan([("u", None)], [], Patience(4, 1))


async def test_who_was_published_can_neither_be_kept_nor_sent_again(conn: AsyncConnection, tmp_path: Path) -> None:
    town = await populated(conn, tmp_path / "town", {"xa-1": 6})
    for number in range(6):
        await town.answer(f"xa-1.{number}", "doi-song", {"viec-lam": "on"})
    await town.close_all("2020-01")
    before = await dump(conn)
    slip = Slip((await town.person("xa-1.0")).id, "doi-song", b"another record")
    await answers.keep(conn, town.house.keys, "2020-02", slip)
    assert not await answers.submit(conn, town.house.keys, "2020-02", town.unit["xa-1"], slip)
    assert apart(before, await dump(conn)) == {}


async def test_whom_no_group_holds_in_the_end_are_withheld_and_the_groups_of_before_stay(
    conn: AsyncConnection, tmp_path: Path
) -> None:
    town = await populated(conn, tmp_path / "town", {"xa-1": 6, "huyen-b": 2})
    for number in range(6):
        await town.answer(f"xa-1.{number}", "nha-an", {"gio-an": "som"})
    await town.close_all("2020-01")
    for number in range(2):
        await town.answer(f"huyen-b.{number}", "nha-an", {"gio-an": "muon"})
    groups, counts = await _published(conn)
    for period in ("2020-02", "2020-03", "2020-04"):
        await town.close_all(period)
    assert await _published(conn) == (groups, counts)
    assert [row.n for row in groups] == [6]
    states = await conn.execute(select(participation.c.state, func.count()).group_by(participation.c.state))
    assert {row[0]: row[1] for row in states} == {"released": 6, "withheld": 2}


async def _published(conn: AsyncConnection) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
    groups = await conn.execute(select(release_group).order_by(release_group.c.id))
    counts = await conn.execute(select(released_count).order_by(*released_count.primary_key))
    return groups.all(), counts.all()


def _lived(seeds: range) -> Iterator[int]:
    """Live through whole histories by the planner alone; give how many groups each of them published."""
    for seed in seeds:
        its = union(seed)
        released: set[int] = set()
        for number in range(5):
            its.answer(its.chance.choice([8, 1]))
            its.withdraw()
            waiting = {one.person for one in its.pending}
            countable = {one.person for one in its.pending if one.countable}
            made = its.close(plan, final=number == 4)
            members = list(chain.from_iterable(group.members for group in made.groups))
            assert sorted((*members, *made.carried, *made.withheld)) == sorted(waiting)
            assert not released & set(members)
            assert all(len(countable & set(group.members)) >= its.patience.k for group in made.groups)
            released |= set(members)
        assert not its.pending
        yield len(its.groups)


def test_hundreds_of_histories_of_the_planner_are_partitions() -> None:
    assert sum(_lived(range(300))) > 1_000


@pytest.mark.long
def test_thousands_of_histories_of_the_planner_are_partitions() -> None:
    assert sum(_lived(range(10_000, 20_000))) > 30_000


def test_the_plan_is_the_same_whatever_the_order_and_the_names_of_people() -> None:
    for seed in range(60):
        its = union(seed)
        its.answer(8)
        tree = [(unit, its.frozen[unit]) for unit in _post_order(its.frozen)]
        shuffled = Random(seed).sample(its.pending, len(its.pending))
        assert plan(tree, shuffled, its.patience) == plan(tree, its.pending, its.patience)
        renamed = [replace(one, person=one.person + 1_000) for one in its.pending]
        sizes = [(group.unit, len(group.members)) for group in plan(tree, renamed, its.patience).groups]
        assert sizes == [(group.unit, len(group.members)) for group in plan(tree, its.pending, its.patience).groups]


def _post_order(above: dict[str, str | None]) -> list[str]:
    return sorted(above, key=lambda unit: -_depth(above, unit))


def _depth(above: dict[str, str | None], unit: str) -> int:
    parent = above[unit]
    return 0 if parent is None else 1 + _depth(above, parent)
