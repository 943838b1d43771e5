"""What was written in own words, page by page, for officers of the whole federation: no unit, no date, no order."""

import textwrap
from collections.abc import Sequence

from conversations.screens import Screen
from handlers.margins import back
from handlers.visit import Visit
from handlers.words import home, pages
from locales.formats import number

PAGE = 5
ROOM = 1500  # characters of opinions on a screen, so that the smallest channel (2,000) shows it in one message


def screen(visit: Visit, question: str, texts: Sequence[str]) -> Screen:
    """One page of the words given to a question, with what they are and what is not to be done with them."""
    listed = paged(texts)
    at = min(int(visit.person.data.get("page") or 0), len(listed) - 1)
    count = {"n": number(len(texts), visit.lang), "page": at + 1, "last": len(listed)}
    parts = [visit.t("written.head", **count), visit.t("written.note"), *(f"“{text}”" for text in listed[at])]
    return Screen(
        "\n\n".join(parts), question, nav=(*pages(visit, at, len(listed) - 1), back(visit), home(visit)), typed=False
    )


def paged(texts: Sequence[str]) -> list[list[str]]:
    """Lay texts on pages of at most 5 and 1,500 characters; a longer one goes on over several, with marks of it."""
    pages_: list[list[str]] = [[]]
    for text in texts:
        for piece in _pieces(text):
            if len(pages_[-1]) == PAGE or (pages_[-1] and sum(map(len, pages_[-1])) + len(piece) > ROOM):
                pages_.append([])
            pages_[-1].append(piece)
    return pages_


def _pieces(text: str) -> list[str]:
    """Cut a text, in one paragraph, so that nobody's line breaks look like another opinion."""
    pieces = textwrap.wrap(" ".join(text.split()), ROOM - 4, break_on_hyphens=False)
    last = len(pieces) - 1
    return [f"{'… ' if at else ''}{piece}{' …' if at < last else ''}" for at, piece in enumerate(pieces)]
