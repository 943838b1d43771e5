"""The planner's promises, on any tree and people: groups that are large enough, apart, and the same in any order."""

import inspect
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import planner
from models.planner import Patience, Plan, Waiting, plan

Branches = list[tuple[str, str | None]]
K = 5


@st.composite
def trees(draw: st.DrawFn) -> Branches:
    """Any tree of up to 12 units, sometimes two, each unit after all below it."""
    parents = [None if n == 0 else draw(st.integers(0, n - 1) | st.just(-1)) for n in range(draw(st.integers(1, 12)))]
    names = [(f"u{n}", None if parent in (None, -1) else f"u{parent}") for n, parent in enumerate(parents)]
    return list(reversed(names))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Branches, list[Waiting], Patience]:
    tree = draw(trees())
    units = st.sampled_from([unit for unit, _ in tree])
    rows = draw(st.lists(st.tuples(units, st.integers(0, 3), st.booleans() | st.just(True)), max_size=60))
    people = [Waiting(number, unit, waited, countable) for number, (unit, waited, countable) in enumerate(rows)]
    return tree, people, Patience(draw(st.sampled_from([5, 6, 10])), draw(st.integers(0, 3)), draw(st.booleans()))


@given(worlds())
def test_groups_are_apart_large_enough_and_leave_nobody_out(world: tuple[Branches, list[Waiting], Patience]) -> None:
    tree, people, patience = world
    made = plan(tree, people, patience)
    members = [member for group in made.groups for member in group.members]
    everybody = Counter(members) + Counter(made.carried) + Counter(made.withheld)
    assert everybody == Counter(one.person for one in people)
    countable = {one.person for one in people if one.countable}
    assert all(len(countable.intersection(group.members)) >= patience.k for group in made.groups)
    assert len({group.unit for group in made.groups}) == len(made.groups)
    assert not (made.carried if patience.final else made.withheld)


@given(worlds())
def test_a_group_stands_at_a_unit_above_all_its_members(world: tuple[Branches, list[Waiting], Patience]) -> None:
    tree, people, patience = world
    parent, unit_of = dict(tree), {one.person: one.unit for one in people}
    for group in plan(tree, people, patience).groups:
        for member in group.members:
            way, unit = [unit_of[member]], parent[unit_of[member]]
            while unit is not None:
                way.append(unit)
                unit = parent[unit]
            assert group.unit in way


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(
    world: tuple[Branches, list[Waiting], Patience], shuffler: random.Random
) -> None:
    tree, people, patience = world
    shuffled = shuffler.sample(people, len(people))
    assert plan(tree, shuffled, patience) == plan(tree, people, patience)


@given(worlds())
def test_a_small_unit_waits_before_it_is_pooled(world: tuple[Branches, list[Waiting], Patience]) -> None:
    tree, people, patience = world
    made, unit_of = plan(tree, people, patience), {one.person: one.unit for one in people}
    for group in made.groups:
        for member in group.members:
            one = people[member]
            assert group.unit == unit_of[member] or one.waited >= patience.hold or patience.final


@given(worlds(), st.integers(1, 4))
def test_uncountable_people_never_make_a_group_possible(
    world: tuple[Branches, list[Waiting], Patience], victims: int
) -> None:
    tree, _, patience = world
    target = [Waiting(n, tree[0][0], 9, True) for n in range(victims)]
    fakes = [Waiting(100 + n, unit, 9, False) for n, (unit, _) in enumerate(tree * 9)]
    assert plan(tree, target + fakes, patience).groups == ()


def _line(sizes: dict[str, int], waited: int = 0) -> list[Waiting]:
    rows = [(unit, n) for unit, size in sizes.items() for n in range(size)]
    return [Waiting(number, unit, waited, True) for number, (unit, _) in enumerate(rows)]


PROVINCE: Branches = [("a", "d"), ("b", "d"), ("d", "p"), ("e", "p"), ("p", None)]


def _sizes(made: Plan) -> dict[str, int]:
    return {group.unit: len(group.members) for group in made.groups}


def test_remainders_are_pooled_upwards_after_the_hold() -> None:
    sizes = {"a": 10, "b": 4, "d": 3, "e": 2, "p": 3}
    assert _sizes(plan(PROVINCE, _line(sizes), Patience(K, 2))) == {"a": 10}
    assert _sizes(plan(PROVINCE, _line(sizes, waited=2), Patience(K, 2))) == {"a": 10, "d": 7, "p": 5}


def test_the_last_remainder_is_absorbed_by_the_smallest_group() -> None:
    made = plan(PROVINCE, _line({"a": 7, "b": 6, "e": 3}, waited=2), Patience(K, 2))
    assert _sizes(made) == {"a": 7, "p": 9}


def test_a_remainder_alone_is_carried_and_at_the_end_withheld() -> None:
    few = _line({"a": 2, "e": 2}, waited=5)
    assert plan(PROVINCE, few, Patience(K, 2)) == Plan((), (0, 1, 2, 3), ())
    assert plan(PROVINCE, few, Patience(K, 2, final=True)) == Plan((), (), (0, 1, 2, 3))


def test_small_k_and_unknown_units_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 5"):
        plan(PROVINCE, [], Patience(4, 2))
    with pytest.raises(ValueError, match="not in the tree"):
        plan(PROVINCE, [Waiting(1, "elsewhere", 0, True)], Patience(5, 2))


def test_the_planner_cannot_see_an_answer() -> None:
    assert list(inspect.signature(plan).parameters) == ["tree", "pending", "patience"]
    assert Waiting.__slots__ == ("person", "unit", "waited", "countable")
    assert not {"answers", "slips", "keys"} & set(vars(planner))
