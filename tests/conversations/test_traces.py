"""The messages of a questionnaire in a chat: known each once, few of them, in few bytes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from conversations.places import Place
from conversations.traces import MOST, added, packed, unpacked

numbers = st.integers(1, 2**52)


@given(st.lists(numbers, max_size=300), st.lists(numbers | st.sampled_from(("", "a", "1.5", "-3", "²")), max_size=50))
def test_any_traces(first: list[int], more: list[int | str]) -> None:
    traces = added(added((), map(str, first)), map(str, more))
    wanted = sorted({*first, *(each for each in more if isinstance(each, int))})
    assert traces[-MOST:] == tuple(wanted[-MOST:])
    assert len(traces) <= MOST
    assert unpacked(json.loads(json.dumps(packed(traces)))) == traces
    assert added(traces, map(str, traces)) == traces


def test_a_record_of_before_has_no_traces_and_one_without_any_looks_like_it() -> None:
    place = Place("q", "v1", "x")
    assert "traces" not in place.to_json()
    assert Place.from_json(place.to_json()).traces == ()


def test_forty_messages_of_a_busy_bot_take_little_room() -> None:
    traces = tuple(range(123_456_789, 123_456_789 + 40 * 700, 700))
    assert len(json.dumps(packed(traces), separators=(",", ":"))) < 180
