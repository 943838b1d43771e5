"""A place survives being written and read."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from conversations.engine import DECLINED, SKIPPED, Answer, Place
from conversations.places import Proposal

text = st.text(max_size=20)
texts = st.lists(text).map(tuple)
answers = (
    st.sampled_from([DECLINED, SKIPPED]) | st.builds(Answer, text, text) | st.builds(Answer, st.lists(text).map(tuple))
)
proposals = st.none() | st.builds(Proposal, text, texts, text)
places = st.builds(Place, text, text, text, st.dictionaries(text, answers), st.integers(0), st.booleans())
places |= st.builds(lambda place, proposed: replace(place, proposed=proposed), places, proposals)


@given(places, texts, st.none() | st.tuples(text, text), st.lists(st.tuples(text, text)).map(tuple), st.integers(1))
def test_any_place(
    place: Place,
    ticked: tuple[str, ...],
    offered: tuple[str, str] | None,
    found: tuple[tuple[str, str], ...],
    page: int,
) -> None:
    place = replace(
        place, ticked=ticked, offered=offered, found=found, page=page, sent=page % 2 == 0, consent=place.version
    )
    assert Place.from_json(place.to_json()) == place
    assert Place.from_json(place.to_json().encode()) == place


def test_what_is_kept_of_an_answer() -> None:
    assert Answer(("x", "y")).to_data() == {"v": ["x", "y"]}
    assert Answer("u1", "Đơn vị").to_data() == {"v": "u1", "label": "Đơn vị"}
    assert DECLINED.to_data() == {"declined": True}
    assert SKIPPED.to_data() == {"skipped": True}
