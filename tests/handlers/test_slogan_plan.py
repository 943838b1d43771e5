"""Slogans over the rest of a phase: whatever is wished for, in order, within the phase, never two at one moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handlers.phases import Stretch, dated
from handlers.quiet import quiet
from handlers.slogan_plan import MOST, RHYTHMS, Wish, fault, in_use, occasions
from locales.formats import VIETNAM, local_day
from models.bounds import Bound
from tests.transcripts.house import CAMPAIGN

PHASES = dated(CAMPAIGN, {})
NOW = datetime(2020, 1, 6, 2, tzinfo=UTC)
MONDAY = datetime(2020, 1, 13, 8, tzinfo=VIETNAM)
ORDER = [slogan.id for slogan in CAMPAIGN.slogans]

WISHES = st.builds(
    Wish,
    phase=st.sampled_from([each.phase.id for each in PHASES]),
    first=st.integers(24, 24 * 700).map(lambda hours: NOW + timedelta(hours=hours)),
    rhythm=st.sampled_from(sorted(RHYTHMS)),
    directly=st.booleans(),
)


def ended(phase: str, day: date) -> tuple[Stretch, ...]:
    """The phases after one of them was ended early."""
    starts = next(each.phase.starts for each in PHASES if each.phase.id == phase)
    return dated(CAMPAIGN, {phase: Bound(starts, day)})


@given(WISHES)
def test_occasions_lie_within_the_phase_one_after_the_other(wish: Wish) -> None:
    found = occasions(CAMPAIGN, PHASES, wish)
    phase = next(each.phase for each in PHASES if each.phase.id == wish.phase)
    assert all(phase.covers(local_day(each.at)) for each in found)
    assert all(one.at < other.at == one.until for one, other in pairwise(found))
    assert len(found) <= MOST
    assert all(each.slogan in in_use(CAMPAIGN, PHASES, each.at) for each in found)
    assert bool(found) == phase.covers(local_day(wish.first))


@given(WISHES)
def test_slogans_come_round_in_the_order_of_the_campaign(wish: Wish) -> None:
    found = occasions(CAMPAIGN, PHASES, wish)
    for one, other in pairwise(found):
        used = [slogan.id for slogan in in_use(CAMPAIGN, PHASES, other.at)]
        behind = [id for id in used if ORDER.index(id) > ORDER.index(one.slogan.id)]
        assert other.slogan.id == (behind or used)[0]


@given(WISHES)
def test_nobody_is_woken_by_a_schedule_without_a_fault(wish: Wish) -> None:
    if wish.directly and not fault(CAMPAIGN, PHASES, wish, NOW):
        found = occasions(CAMPAIGN, PHASES, wish)
        assert found
        assert not any(quiet(each.at, CAMPAIGN) for each in found)


def test_one_a_week_is_the_same_weekday_and_hour() -> None:
    found = occasions(CAMPAIGN, PHASES, Wish("dot-1", MONDAY))
    assert len(found) == MOST
    assert {(each.at.weekday(), each.at.hour) for each in found} == {(0, 8)}
    assert [each.slogan.id for each in found[:10]] == [*ORDER, "kh-1"]


def test_twice_a_week_keeps_to_two_weekdays() -> None:
    found = occasions(CAMPAIGN, PHASES, Wish("dot-1", MONDAY, "half-week"))
    assert [each.at.weekday() for each in found[:4]] == [0, 3, 0, 3]


def test_what_a_congress_that_is_over_was_about_is_left_out() -> None:
    later = occasions(CAMPAIGN, PHASES, Wish("dot-2", datetime(2020, 11, 2, 8, tzinfo=VIETNAM)))
    assert {"kh-3", "kh-4"}.isdisjoint(each.slogan.id for each in later)
    assert [each.slogan.id for each in later[:3]] == ["kh-1", "kh-2", "kh-5"]


def test_a_phase_that_was_ended_early_ends_its_schedule() -> None:
    found = occasions(CAMPAIGN, ended("dot-1", date(2020, 2, 10)), Wish("dot-1", MONDAY))
    assert [local_day(each.at) for each in found] == [date(2020, 1, 13) + timedelta(days=7 * n) for n in range(5)]


def test_a_beginning_is_refused_where_it_would_wake_people_or_lies_elsewhere() -> None:
    night = Wish("dot-1", MONDAY.replace(hour=23))
    assert fault(CAMPAIGN, PHASES, night, NOW) == "quiet"
    assert fault(CAMPAIGN, PHASES, replace(night, directly=False), NOW) == "", "public places wake nobody"
    assert fault(CAMPAIGN, PHASES, Wish("dot-2", MONDAY), NOW) == "outside"
    assert fault(CAMPAIGN, PHASES, Wish("dot-1", NOW), NOW) == "past"
    assert fault(CAMPAIGN, PHASES, Wish("dot-1", MONDAY), NOW) == ""
