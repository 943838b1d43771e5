"""The screen of a question: what is asked, what may be chosen, what may be typed. Nothing is ever chosen beforehand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache, singledispatch
from hashlib import sha256

from conversations.hints import hint
from conversations.interview import Interview
from conversations.navigation import decline, listed, nav
from conversations.options import Asked, Option, Optioned
from conversations.questions import ChoiceQuestion, Note, SeveralQuestion, Shown, UnitQuestion, WordsQuestion
from conversations.scales import ScaleQuestion, StatementQuestion
from conversations.screens import Choice, Screen
from conversations.text import excerpt
from conversations.typed import numbers
from conversations.writing import pointed_out
from locales.vietnamese import fold

LABEL = 32  # characters that a button shows whole on a phone; longer labels are listed in the text too
SHOWN = 600  # characters of an earlier answer that is about to be changed
BAR = 10

known = lru_cache(maxsize=4096)(fold)  # of labels of packs only, never of what people type


@dataclass(frozen=True, slots=True)
class Body:
    """What a kind of question adds to its screen."""

    choices: tuple[Choice, ...] = ()
    lines: tuple[str, ...] = ()
    columns: int = 1
    typed: bool = False


def screen(interview: Interview, step: Shown) -> Screen:
    """Show a step."""
    body = content(step, interview)
    parts = (
        _intro(interview, step),
        _asked(interview, step),
        "\n".join(body.lines),
        _now(interview, step),
        hint(step, interview),
    )
    return Screen(
        text="\n\n".join(part for part in parts if part),
        title=header(interview, step),
        choices=body.choices,
        nav=tuple(nav(interview, step, typed=body.typed or body.columns > 1)),
        typed=body.typed,
        strict=interview.form.sensitive and isinstance(step, Optioned | ScaleQuestion),
        columns=body.columns,
    )


def _intro(interview: Interview, step: Shown) -> str:
    """Return what the author says first, on the first screen."""
    intro, first = interview.form.intro, interview.before(step) is None and not interview.place.returning
    return interview.text(intro) if intro and first else ""


def header(interview: Interview, step: Shown) -> str:
    """Return "Câu 3/12 · ▰▰▰▱▱▱▱▱▱▱" over the questions of the branch; "" for a note."""
    if isinstance(step, Note):
        return ""
    asked = [each.id for each in interview.path if not isinstance(each, Note)]
    number, total = asked.index(step.id) + 1, interview.length()
    full = max(1, (2 * BAR * number + total) // (2 * total))
    return interview.say("engine.header", n=number, total=total, bar="▰" * full + "▱" * (BAR - full))


@singledispatch
def content(step: Shown, interview: Interview) -> Body:
    """Return what may be chosen and typed at a step; without anything else, something typed is wanted."""
    return Body(typed=True)


@content.register
def _(step: Note, interview: Interview) -> Body:
    return Body((Choice("next", interview.say("engine.next"), style="primary"),))


@content.register
def _(step: ChoiceQuestion, interview: Interview) -> Body:
    options = ordered(step, interview.place.seed)
    choices = [Choice(f"o:{option.id}", option.label(interview.lang), _aliases(option)) for option in options]
    return _listed(interview, step, choices, options)


@content.register
def _(step: UnitQuestion, interview: Interview) -> Body:
    return Body(tuple(Choice(f"u:{unit}", label) for unit, label in interview.place.found), typed=True)


def ordered(step: Optioned, seed: int) -> tuple[Option, ...]:
    """Return the options in the person's order: the same at every look, different from person to person."""
    if not step.shuffle:
        return step.options

    def rank(option: Option) -> tuple[bool, bytes]:
        stays = option.last or option.exclusive
        return stays, b"" if stays else sha256(f"{seed}.{step.id}.{option.id}".encode()).digest()

    return tuple(sorted(step.options, key=rank))


@content.register
def _(step: SeveralQuestion, interview: Interview) -> Body:
    ticked, options = interview.place.ticked, ordered(step, interview.place.seed)
    choices = [
        Choice(
            f"{'-' if option.id in ticked else '+'}{option.id}",
            option.label(interview.lang),
            _aliases(option),
            chosen=option.id in ticked,
        )
        for option in options
    ]
    body = _listed(interview, step, choices, options)
    done = Choice("done", interview.say("engine.done", n=len(ticked)), listed(interview.say("engine.done.words")))
    return Body((*body.choices, done), body.lines)


def _listed(interview: Interview, step: Asked, choices: list[Choice], options: Iterable[Option]) -> Body:
    """Add the declining choice, and list in the text what buttons cannot show whole."""
    if step.decline:
        choices.append(decline(interview))
    texts = [option.text.in_(interview.lang) for option in options]
    if all(len(text) <= LABEL and choice.label == text for text, choice in zip(texts, choices, strict=False)):
        return Body(tuple(choices))
    lines = (f"{number}. {text}" for number, text in zip(numbers(choices), texts, strict=False))
    whole = [replace(choice, full=text) for choice, text in zip(choices, texts, strict=False)]
    return Body((*whole, *choices[len(whole) :]), tuple(lines))


@content.register
def _(step: ScaleQuestion, interview: Interview) -> Body:
    lang, say = interview.lang, interview.say
    if step.steps:
        options = [Option(id=number, text=words) for number, words in step.scale.items() if words]
        options += step.beside
        choices = [Choice(f"o:{option.id}", option.label(lang), _aliases(option)) for option in options]
        return _listed(interview, step, choices, options)
    choices = [Choice(f"o:{number}", number) for number in step.scale]
    choices += [Choice(f"o:{option.id}", option.label(lang), _aliases(option)) for option in step.beside]
    lines = [say("engine.scale.label", n=number, label=words.in_(lang)) for number, words in step.labels.items()]
    return Body(tuple(choices), tuple(lines), columns=1 if step.beside else 5)


@content.register
def _(step: WordsQuestion, interview: Interview) -> Body:
    say, offered, proposed = interview.say, interview.place.offered, interview.place.proposed
    keep = Choice("keep", say("engine.keep"))
    if offered:
        lines = (say("engine.legacy", text=offered[1]),)
        return Body((Choice("convert", say("engine.convert")), keep), lines, typed=True)
    if proposed is None:
        return Body(typed=True)
    insist = (keep,) if proposed.typed else ()
    choices = (Choice("mask", say("engine.mask")), *insist, Choice("anew", say("engine.anew")))
    return Body(choices, (pointed_out(interview, proposed),), typed=True)


def _asked(interview: Interview, step: Shown) -> str:
    """Return the question; the lead of a series stands on its first screen, and on one opened from the review."""
    text = interview.text(step.text)
    if not isinstance(step, StatementQuestion):
        return text
    short = f"{step.number}/{step.total} · {step.statement.in_(interview.lang)}"
    return f"{text}\n\n{short}" if step.number == 1 or interview.place.returning else short


def _now(interview: Interview, step: Shown) -> str:
    """Say the answer given before, where no ticks show it."""
    place = interview.place
    if isinstance(step, Note) or place.ticked or place.offered or place.proposed:
        return ""
    told = interview.told(step)
    return interview.say("engine.now", answer=excerpt(told, SHOWN)) if told else ""


def _aliases(option: Option) -> tuple[str, ...]:
    """Return what may be typed for an option beside its label: the author's words, and a longer text's."""
    if option.button is None:
        return option.aliases
    return (*option.aliases, *(known(text) for text in option.text.root.values()))
