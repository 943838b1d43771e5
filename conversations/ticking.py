"""Ticks on a list of several. A tick says what shall be, so that a tap that comes twice does no harm."""

from dataclasses import replace

from conversations.hints import refusal
from conversations.interview import Interview
from conversations.places import Answer, Turn
from conversations.questions import SeveralQuestion
from conversations.screens import Said


def tick(interview: Interview, step: SeveralQuestion, said: Said) -> Turn:
    """Apply "+a", "-b" and "done", or several of them in a row; a tick over the limit is refused and said so."""
    place, acts = interview.place, said.action.split()
    if said.text and not acts:
        return interview.stay(interview.say("engine.pick"))
    for act in acts:
        ticked = ticked_after(step, place.ticked, act)
        if len(ticked) > step.most:
            return Turn(place, (refusal(interview, step, interview.say("engine.several.over", n=step.most)),))
        place = replace(place, ticked=ticked)
    if "done" not in acts:
        return Turn(place)
    return _done(interview, step, place.ticked) or Turn(place, (_too_few(interview, step),))


def ticked_after(step: SeveralQuestion, ticked: tuple[str, ...], act: str) -> tuple[str, ...]:
    """Return the ticks after one act, in the author's order; an exclusive option and the others clear each other."""
    sign, name = act[:1], act[1:]
    option = next((option for option in step.options if option.id == name), None)
    if option is None or sign not in ("+", "-"):
        return ticked
    if sign == "-":
        return tuple(each for each in ticked if each != name)
    alone = {each.id for each in step.options if each.exclusive}
    stay = set() if option.exclusive else set(ticked) - alone
    return tuple(each.id for each in step.options if each.id in stay or each.id == name)


def _done(interview: Interview, step: SeveralQuestion, ticked: tuple[str, ...]) -> Turn | None:
    alone = any(option.exclusive and option.id in ticked for option in step.options)
    if len(ticked) < step.min and not alone:
        return None
    return interview.put(step, Answer(tuple(sorted(ticked))))


def _too_few(interview: Interview, step: SeveralQuestion) -> str:
    return refusal(interview, step, interview.say("engine.several.few", n=step.min))
