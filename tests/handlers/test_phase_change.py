"""New dates of phases: whatever officers are let do, every day from the first on lies in one phase."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handlers.phase_change import ENDS, STARTS, Wish, changed, fault
from handlers.phases import DAY, Stretch, dated, events
from models.bounds import Bound
from tests.transcripts.house import CAMPAIGN

PHASES = dated(CAMPAIGN, {})
NOON = datetime(2020, 9, 23, 5, tzinfo=UTC)

WISHES = st.builds(
    Wish,
    phase=st.sampled_from([phase.id for phase in CAMPAIGN.phases]),
    edge=st.sampled_from((STARTS, ENDS)),
    day=st.dates(date(2019, 10, 1), date(2021, 6, 30)),
    along=st.booleans(),
)


def whole(stretches: tuple[Stretch, ...]) -> bool:
    """Whether each phase begins on the day after the one before ended."""
    return all(one.phase.ends and one.phase.ends + DAY == other.phase.starts for one, other in pairwise(stretches))


@given(st.lists(WISHES, max_size=12))
def test_no_day_is_ever_in_two_phases_or_in_none_between(wishes: list[Wish]) -> None:
    now = PHASES
    assert whole(now)
    for wish in wishes:
        after = changed(now, wish)
        now = now if fault(now, after) else after
        assert whole(now)
        assert all(each.phase.ends is None or each.phase.starts <= each.phase.ends for each in now)


@given(WISHES)
def test_what_is_refused_names_the_phases_that_it_concerns(wish: Wish) -> None:
    found = fault(PHASES, changed(PHASES, wish))
    if found:
        assert wish.phase in {found.first.phase.id, found.second.phase.id} or wish.along
        assert (found.kind == "backwards") == (found.first == found.second)


def test_a_gap_that_the_pack_has_is_nobody_s_fault() -> None:
    gap = dated(CAMPAIGN, {"dot-2": Bound(date(2020, 11, 10), date(2021, 1, 25))})
    assert fault(gap, changed(gap, Wish("dot-2", ENDS, date(2021, 1, 24), along=True))) is None
    assert fault(gap, changed(gap, Wish("dot-2", STARTS, date(2020, 11, 11)))) is not None


def test_openings_and_closings_come_in_their_order_and_a_hand_may_be_earlier_than_midnight() -> None:
    closed = Bound(date(2019, 11, 8), date(2020, 9, 23), NOON)
    stretches = dated(CAMPAIGN, {"dot-1": closed, "dot-2": Bound(date(2020, 9, 24), date(2021, 1, 25))})
    before, at = (events(stretches, NOON - timedelta(seconds=1)), events(stretches, NOON))
    assert before == ["phase:dot-1:opens:2019-11-08"]
    assert at == [*before, "phase:dot-1:closes:2020-09-23"]
    late = events(stretches, datetime(2020, 9, 23, 17, tzinfo=UTC))  # midnight in Vietnam
    assert late == [*at, "phase:dot-2:opens:2020-09-24"]
    assert events(PHASES, datetime(2020, 10, 31, 16, 59, 59, tzinfo=UTC)) == before
    assert events(PHASES, datetime(2020, 10, 31, 17, tzinfo=UTC))[1:] == [
        "phase:dot-1:closes:2020-10-31",
        "phase:dot-2:opens:2020-11-01",
    ]


def test_a_phase_that_was_ended_is_over_at_once_and_still_the_phase_of_its_last_day() -> None:
    (ended, *_) = dated(CAMPAIGN, {"dot-1": Bound(date(2019, 11, 8), date(2020, 9, 23), NOON)})
    assert not ended.over(NOON - timedelta(seconds=1))
    assert ended.over(NOON)
    assert ended.phase.covers(date(2020, 9, 23))
    moved = changed((ended, *PHASES[1:]), Wish("dot-1", ENDS, date(2020, 10, 31)))[0]
    assert moved.runs(NOON)
    assert changed((ended,), Wish("dot-1", STARTS, date(2019, 11, 1)))[0].over(NOON)
