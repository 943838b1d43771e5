"""What a person did on a question's screen, applied. Whatever comes in, a turn comes out."""

from decimal import Decimal
from functools import singledispatch

from conversations import reading
from conversations.hints import date_range, number_range, refusal
from conversations.interview import Interview
from conversations.measures import DateQuestion, NumberQuestion
from conversations.options import Asked, Shown
from conversations.places import DECLINED, READ, SKIPPED, Answer, Turn
from conversations.questions import Note, SeveralQuestion, UnitQuestion, WordsQuestion
from conversations.screens import Said
from conversations.ticking import tick
from conversations.writing import write
from locales import formats
from locales.legacy import converted
from locales.vietnamese import clean

SEARCHED = 100  # characters of a search for a unit


def act(interview: Interview, step: Shown, said: Said) -> Turn:
    """Apply what was said to a step. An action that is not offered here changes nothing."""
    if said.action in ("back", "stop", "next"):
        return _walked(interview, step, said.action)
    if not isinstance(step, Asked):
        return interview.stay()
    if said.action == "decline" and step.decline:
        return interview.put(step, DECLINED)
    if said.action == "skip" and not step.required:
        return interview.put(step, SKIPPED)
    return answered(step, interview, said)


def _walked(interview: Interview, step: Shown, action: str) -> Turn:
    if action == "stop":
        return Turn(interview.place, (), "stopped")
    if action == "next":
        if isinstance(step, Note):
            return interview.put(step, READ)
        return interview.onward() if interview.told(step) else interview.stay()
    if interview.place.returning and interview.complete:
        return interview.onward()
    before = interview.before(step)
    return interview.open(before, returning=interview.place.returning) if before else interview.stay()


@singledispatch
def answered(step: Asked, interview: Interview, said: Said) -> Turn:
    """Apply an answer of one's own; each kind of question reads it in its way."""
    if said.text:
        return interview.stay(interview.say("engine.pick"))
    verb, _, chosen = said.action.partition(":")
    return interview.put(step, Answer(chosen)) if verb == "o" and chosen in step.known else interview.stay()


@answered.register
def _(step: SeveralQuestion, interview: Interview, said: Said) -> Turn:
    return tick(interview, step, said)


@answered.register
def _(step: NumberQuestion, interview: Interview, said: Said) -> Turn:
    if not said.text:
        return interview.stay()
    number = reading.number(said.text, step.unit.in_(interview.lang) if step.unit else "")
    if number is None:
        return interview.stay(refusal(interview, step, interview.say("engine.number.unread")))
    if (step.min is not None and number < step.min) or (step.max is not None and number > step.max):
        limits = interview.say("engine.beyond", told=step.measured(number, interview.lang))
        return interview.stay(refusal(interview, step, f"{limits} {number_range(interview, step)}"))
    return interview.put(step, Answer(format(number.normalize() if number else Decimal(0), "f")))


@answered.register
def _(step: DateQuestion, interview: Interview, said: Said) -> Turn:
    if not said.text:
        return interview.stay()
    day = reading.day(said.text, step.min, step.max)
    if day is None:
        return interview.stay(refusal(interview, step, interview.say("engine.date.unread")))
    if not reading.within(day, step.min, step.max):
        limits = interview.say("engine.beyond", told=formats.day(day, interview.lang))
        return interview.stay(refusal(interview, step, f"{limits} {date_range(interview, step)}"))
    return interview.put(step, Answer(day.isoformat()))


@answered.register
def _(step: UnitQuestion, interview: Interview, said: Said) -> Turn:
    verb, _, unit = said.action.partition(":")
    label = dict(interview.place.found).get(unit)
    if verb == "u" and label is not None:
        return interview.put(step, Answer(unit, label))
    wanted = clean(converted(said.text[:SEARCHED]) or said.text)[:SEARCHED]  # looked for, not kept: no need to ask
    if not wanted:
        return interview.stay()
    if wanted.isdigit() and len(wanted) < 3:  # meant for the list, not a name
        return interview.stay(interview.say("engine.pick" if interview.place.found else "engine.unit.number"))
    return Turn(interview.place, (interview.say("engine.unit.searched", text=wanted),), f"search:{wanted}")


@answered.register
def _(step: WordsQuestion, interview: Interview, said: Said) -> Turn:
    return write(interview, step, said)
