"""The conversation of a questionnaire as pure functions: a place, what was said, the next place and its screen.

Neither clock nor database nor network; a place is a small value (`Place.to_json`) that goes on anywhere, weeks later.
"""

from dataclasses import replace

from conversations import answering, asking, review
from conversations.counting import counted, words
from conversations.interview import Interview, Partner, first_open, moved, walk
from conversations.places import DECLINED, READ, SKIPPED, Answer, Place, Turn
from conversations.private import private, written
from conversations.questions import Questionnaire, UnitQuestion
from conversations.review import Line
from conversations.screens import Said, Screen
from locales.phrases import Say

__all__ = [
    "DECLINED",
    "READ",
    "SKIPPED",
    "Answer",
    "Line",
    "Partner",
    "Place",
    "Turn",
    "ask",
    "begin",
    "counted",
    "found",
    "hidden",
    "kept_apart",
    "reply",
    "told",
    "words",
]


def begin(q: Questionnaire, seed: int) -> Place:
    """Return the place before the first question. `seed` orders shuffled options for this person."""
    path, answers = walk(q, {})
    return moved(Place(q.id, q.version, "", seed=seed), first_open(path, answers), answers)


def ask(q: Questionnaire, place: Place, lang: str, say: Say) -> Screen:
    """Show where the person stands: a question, or the review."""
    interview = Interview.at(q, place, Partner(lang, say))
    step = interview.step
    return asking.screen(interview, step) if step else review.screen(interview)


def reply(q: Questionnaire, place: Place, said: Said, partner: Partner) -> Turn:
    """Apply what the person did; never raises for anything a person can do.

    `said.text` should be as it was typed: old encodings are recognised before it is cleaned, here.
    """
    interview = Interview.at(q, place, partner)
    step = interview.step
    return answering.act(interview, step, said) if step else review.act(interview, said)


def found(q: Questionnaire, place: Place, units: list[tuple[str, str]]) -> Place:
    """Show the units (id, label) that a search found; on any other question nothing changes."""
    return replace(place, found=tuple(units)) if isinstance(q.by_id.get(place.waiting_on), UnitQuestion) else place


def hidden(q: Questionnaire, place: Place, lang: str, say: Say) -> bool:
    """Tell whether the person stands where something is asked or shown that is not for the eyes of others."""
    return private(Interview.at(q, place, Partner(lang, say)))


def kept_apart(q: Questionnaire, place: Place) -> bool:
    """Tell whether the answers of a place are not for the eyes of others: opinions, or any words of one's own."""
    return q.sensitive or bool(written(q, place.answers))


def told(q: Questionnaire, place: Place, lang: str, say: Say) -> list[Line]:
    """Return all answers on the branch in full words, as the review and the person's own record list them."""
    return review.lines(Interview.at(q, place, Partner(lang, say)))
