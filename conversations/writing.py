"""An answer in a person's own words: in today's letters, whole, and with nothing in it that tells who wrote it."""

from dataclasses import replace

from conversations import personal
from conversations.digits import Found
from conversations.hints import refusal
from conversations.interview import Interview
from conversations.places import Answer, Proposal, Turn
from conversations.questions import LONGEST, WordsQuestion
from conversations.screens import Said
from locales import formats
from locales.legacy import converted
from locales.vietnamese import clean, same

NAMES = {
    "phone": "engine.personal.phone",
    "email": "engine.personal.email",
    "id": "engine.personal.id",
    "number": "engine.personal.number",
    "plate": "engine.personal.plate",
    "link": "engine.personal.link",
    "account": "engine.personal.account",
    "unit": "engine.personal.unit",
}


def write(interview: Interview, step: WordsQuestion, said: Said) -> Turn:
    """Apply what was typed, or what was chosen of what we proposed. Nothing is changed that was not shown first."""
    offered, proposed = interview.place.offered, interview.place.proposed
    if offered and said.action in ("keep", "convert"):
        return _checked(interview, step, offered[said.action == "convert"])
    if proposed and said.action == "mask":
        return interview.put(step, Answer(proposed.text))
    if proposed and proposed.typed and said.action == "keep":
        return interview.put(step, Answer(proposed.typed))
    if proposed and said.action == "anew":
        return _waiting(interview)
    if proposed and same(said.text, interview.say("engine.keep")):
        return interview.stay()  # the words of a choice that is not given here are no answer
    return _typed(interview, step, said.text)


def _typed(interview: Interview, step: WordsQuestion, text: str) -> Turn:
    words = clean(text)
    if not words:
        return interview.stay(interview.say("engine.words.empty")) if text else interview.stay()
    better = clean(converted(text) or "") if len(words) <= 2 * LONGEST else ""
    if not better or better == words:
        return _checked(interview, step, words)
    if personal.never_kept(personal.found(better)):
        # Both texts would lie in the draft while the person chooses: what is never kept goes before it lies anywhere.
        return _checked(interview, step, better)
    return _waiting(interview, offered=(words, better))


def _checked(interview: Interview, step: WordsQuestion, words: str) -> Turn:
    """Keep words whole, or refuse them whole, or propose them without personal details: an opinion is never cut."""
    over = len(words) - step.max
    if over > 0:
        return _waiting(interview, _too_long(interview, step, over))
    details = personal.found(words, interview.names)
    if details:
        return _waiting(interview, proposed=_proposal(interview, step, words, details))
    return interview.put(step, Answer(words))


def _waiting(
    interview: Interview, *notices: str, offered: tuple[str, str] | None = None, proposed: Proposal | None = None
) -> Turn:
    return Turn(replace(interview.place, offered=offered, proposed=proposed), notices)


def _too_long(interview: Interview, step: WordsQuestion, over: int) -> str:
    numbers = {"most": formats.number(step.max, interview.lang), "over": formats.number(over, interview.lang)}
    reason = refusal(interview, step, interview.say("engine.words.long", **numbers))
    return f"{reason} {interview.say('engine.words.over', **numbers)}" if step.error else reason


def _proposal(interview: Interview, step: WordsQuestion, words: str, details: tuple[Found, ...]) -> Proposal:
    masked = personal.masked(words, interview.names, lambda kind: f"[{_name(interview, kind)}]")
    if len(masked) > step.max:
        masked = personal.masked(words, interview.names, lambda kind: personal.SHORT)
    kinds = tuple(dict.fromkeys(each.kind for each in details))
    return Proposal(masked, kinds, "" if personal.never_kept(details) else words)


def pointed_out(interview: Interview, proposed: Proposal) -> str:
    """Say what was found in a person's words, and show them without it. What is never kept is named, not repeated."""
    found = ", ".join(_name(interview, kind) for kind in proposed.details)
    if proposed.typed:
        return interview.say("engine.personal.may", found=found, text=proposed.text)
    return interview.say("engine.personal.never", found=found, text=proposed.text)


def _name(interview: Interview, kind: str) -> str:
    return interview.say(NAMES[kind])


PHRASE_KEYS = tuple(NAMES.values())
