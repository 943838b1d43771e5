"""What to type, and why something typed does not fit, in short plain sentences."""

from decimal import Decimal
from functools import singledispatch

from conversations.interview import Interview
from conversations.options import Asked
from conversations.questions import DateQuestion, NumberQuestion, SeveralQuestion, Shown, UnitQuestion, WordsQuestion
from locales import formats


def hint(step: Shown, interview: Interview) -> str:
    """Return the author's hint, or else what the kind of question needs said; "" where buttons say enough."""
    if not isinstance(step, Asked) or interview.place.offered or interview.place.proposed:
        return ""
    return interview.text(step.hint) if step.hint else own_hint(step, interview)


@singledispatch
def own_hint(step: Asked, interview: Interview) -> str:
    """Return our hint for a kind of question."""
    return ""


@own_hint.register
def _(step: SeveralQuestion, interview: Interview) -> str:
    if step.max is None and step.min <= 1:
        return interview.say("engine.several.any")
    if step.min <= 1:
        return interview.say("engine.several.most", n=step.most)
    if step.min == step.most:
        return interview.say("engine.several.just", n=step.most)
    return interview.say("engine.several.both", least=step.min, most=step.most)


@own_hint.register
def _(step: NumberQuestion, interview: Interview) -> str:
    return f"{interview.say('engine.number.hint')} {number_range(interview, step)}".rstrip()


@own_hint.register
def _(step: DateQuestion, interview: Interview) -> str:
    return f"{interview.say('engine.date.hint')} {date_range(interview, step)}".rstrip()


@own_hint.register
def _(step: WordsQuestion, interview: Interview) -> str:
    return interview.say("engine.words.hint", most=formats.number(step.max, interview.lang))


@own_hint.register
def _(step: UnitQuestion, interview: Interview) -> str:
    return interview.say("engine.unit.chosen") if interview.place.found else interview.say("engine.unit.hint")


def refusal(interview: Interview, step: Asked, reason: str) -> str:
    """Return the author's error text, or else our reason."""
    return interview.text(step.error) if step.error else reason


def number_range(interview: Interview, step: NumberQuestion) -> str:
    """Say the limits of a number; "" without any."""

    def told(number: Decimal) -> str:
        return step.measured(number, interview.lang)

    if step.min is not None and step.max is not None:
        least = formats.number(step.min, interview.lang)
        return interview.say("engine.range.both", least=least, most=told(step.max))
    if step.min is not None:
        return interview.say("engine.range.least", least=told(step.min))
    return interview.say("engine.range.most", most=told(step.max)) if step.max is not None else ""


def date_range(interview: Interview, step: DateQuestion) -> str:
    """Say the limits of a date; "" without any."""
    lang = interview.lang
    if step.min and step.max:
        return interview.say("engine.range.both", least=formats.day(step.min, lang), most=formats.day(step.max, lang))
    if step.min:
        return interview.say("engine.range.earliest", least=formats.day(step.min, lang))
    return interview.say("engine.range.latest", most=formats.day(step.max, lang)) if step.max else ""
