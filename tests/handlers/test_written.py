"""Opinions in words on pages that the smallest channel can show in one message."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.written import PAGE, ROOM, paged

LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "Z"])


@given(st.lists(st.text(LETTERS, min_size=1, max_size=4000).filter(str.strip), max_size=12))
def test_nothing_written_is_lost_and_no_page_is_too_long(texts: list[str]) -> None:
    pages = paged(texts)
    assert all(len(page) <= PAGE and sum(map(len, page)) <= ROOM for page in pages)
    shown = "".join(piece for page in pages for piece in page)
    assert "".join(shown.replace("…", "").split()) == "".join("".join(texts).replace("…", "").split())


def test_line_breaks_of_a_writer_do_not_look_like_another_opinion() -> None:
    assert paged(["Một\n\n“Hai”\n"]) == [["Một “Hai”"]]


def test_a_long_text_goes_on_on_the_next_page_with_marks_of_it() -> None:
    first, second = paged(["lương thấp " * 200])
    assert first[0].endswith(" …")
    assert second[0].startswith("… ")
