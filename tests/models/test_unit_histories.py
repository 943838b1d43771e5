"""Properties of the tree over random histories: whatever happened, each day's tree is sound and is what was written."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.unit_plan import Published, plan
from models.unit_spans import alive
from models.units import Tree, Unit
from tests.models.histories import History, histories, publish

NOTHING = Published({}, {})


def tree_on(published: Published, day: date) -> Tree:
    """The tree of a day, as `load_tree` reads it."""
    spans = filter(None, (alive(timeline, day) for timeline in published.timelines.values()))
    return Tree([Unit(each.unit, each.kind, each.code, each.name, each.short_name, each.parent) for each in spans])


@given(histories())
def test_each_day_has_the_tree_that_was_written_down(history: History) -> None:
    planned = plan(NOTHING, history.file())
    assert not planned.faults
    published = publish(NOTHING, planned)
    for day, truth in history.days.items():
        tree = tree_on(published, day)
        parents = {unit.id: tree.get(unit.parent_id or "") for unit in tree.units}
        codes = {key: parent.code if parent else "" for key, parent in parents.items()}
        assert {unit.code: (unit.name, codes[unit.id]) for unit in tree.units} == truth


@given(histories())
def test_every_unit_has_one_way_to_the_top(history: History) -> None:
    published = publish(NOTHING, plan(NOTHING, history.file()))
    for day in history.days:
        tree = tree_on(published, day)
        assert len(tree.roots) == 1
        for unit in tree.units:
            way = tree.path(unit.id)
            assert way[0] in tree.roots
            assert way[-1] == unit
            assert len(set(way)) == len(way)
            assert all(below in tree.children(above.id) for above, below in pairwise(way))


@given(histories())
def test_subtree_and_post_order_agree(history: History) -> None:
    published = publish(NOTHING, plan(NOTHING, history.file()))
    for day in history.days:
        tree = tree_on(published, day)
        order = [unit.id for unit in tree.post_order()]
        assert sorted(order) == sorted(unit.id for unit in tree.units)
        for place, unit in enumerate(order):
            below = tree.subtree(unit)
            assert below == {other.id for other in tree.units if unit in {step.id for step in tree.path(other.id)}}
            assert below == set(order[place - len(below) + 1 : place + 1])


@given(histories())
def test_importing_again_changes_nothing(history: History) -> None:
    published = publish(NOTHING, plan(NOTHING, history.file()))
    again = plan(published, history.file())
    assert not again.faults
    assert (len(again), again.changes) == (0, ())
    assert again.unchanged == len(published.timelines)


@given(histories(), st.data())
def test_yesterdays_file_and_then_todays_is_todays(history: History, data: st.DataObject) -> None:
    day = data.draw(st.sampled_from(sorted(history.days)))
    known = [row for row in history.file() if row.valid_from <= day]
    earlier = [
        row if row.valid_to and row.valid_to < day else replace(row, valid_to=None, successor="") for row in known
    ]
    first = plan(NOTHING, earlier)
    assert not first.faults
    then = plan(publish(NOTHING, first), history.file())
    assert not then.faults
    assert written(publish(publish(NOTHING, first), then)) == written(publish(NOTHING, plan(NOTHING, history.file())))


def written(published: Published) -> set[tuple[object, ...]]:
    """What is published, without the ids."""
    return {
        (span.code, span.name, span.valid_from, span.valid_to, holder.code if holder else "")
        for timeline in published.timelines.values()
        for span in timeline
        for holder in [alive(published.timelines.get(span.parent or "", ()), span.valid_from)]
    }
