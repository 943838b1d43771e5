"""The last row of every screen: back, keep, pass over, stop; always in this order, typed by a word."""

from collections.abc import Iterator
from functools import lru_cache

from conversations.interview import Interview
from conversations.options import Asked
from conversations.questions import Shown
from conversations.screens import Choice
from locales.vietnamese import fold


def nav(interview: Interview, step: Shown, *, typed: bool) -> Iterator[Choice]:
    """Give the last row. Declining stands here where numbers are `typed`, so that no number can mean it."""
    say, place = interview.say, interview.place
    if place.returning or interview.before(step):
        yield back(interview)
    if isinstance(step, Asked):
        if interview.told(step) and not (place.returning or place.proposed):
            yield Choice("next", say("engine.onward"), listed(say("engine.onward.words")))
        if not step.required:
            yield Choice("skip", say("engine.skip"), listed(say("engine.skip.words")))
        if step.decline and typed:
            yield decline(interview)
    yield stop(interview)


def decline(interview: Interview) -> Choice:
    """Return "Không muốn trả lời", an answer like any other."""
    return Choice("decline", interview.say("engine.decline"), listed(interview.say("engine.decline.words")))


def stop(interview: Interview) -> Choice:
    """Return the way out, which every screen has."""
    return Choice("stop", interview.say("engine.stop"), listed(interview.say("engine.stop.words")))


def back(interview: Interview) -> Choice:
    """Return the way back."""
    return Choice("back", interview.say("engine.back"), listed(interview.say("engine.back.words")))


@lru_cache(maxsize=256)
def listed(words: str) -> tuple[str, ...]:
    """Read the typed forms that a catalogue lists: "quay lại|lùi"."""
    return tuple(fold(word) for word in words.split("|"))
