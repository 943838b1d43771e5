"""Checks what questions say of each other: ids, conditions and recalled answers look back, never forward."""

from collections.abc import Iterator, Mapping, Sequence

from conversations.options import Asked, Fault, Shown

TAP_LONGEST = 48 - len("edit:")  # what a screen's action may have, less what stands before the id


def faults_between(questions: Sequence[Shown]) -> Iterator[Fault]:
    """Find repeated ids, ids too long for a tap, and references to what is unknown or comes later."""
    later = {step.id for question in questions for step in question.expanded()}
    earlier: dict[str, Shown] = {}
    seen: set[str] = set()
    for index, question in enumerate(questions):
        if question.id in seen:
            yield ("questions", index, "id"), f"two questions have the id '{question.id}'"
        seen.add(question.id)
        for field, message in (*_conditions(question, earlier, later), *_recalls(question, earlier, later)):
            yield ("questions", index, field), message
        for step in question.expanded():
            if len(step.id) > TAP_LONGEST:
                yield ("questions", index), f"the id '{step.id}' has more than {TAP_LONGEST} characters"
            earlier[step.id] = step


def _conditions(question: Shown, earlier: Mapping[str, Shown], known: set[str]) -> Iterator[tuple[str, str]]:
    for mention in question.when.mentions if question.when else ():
        asked = earlier.get(mention.name)
        why = asked.untestable(mention) if asked else _missing(mention.name, known)
        if why:
            yield "when", f"question '{question.id}', condition '{question.when and question.when.source}': {why}"


def _recalls(question: Shown, earlier: Mapping[str, Shown], known: set[str]) -> Iterator[tuple[str, str]]:
    if question.text.recalled and isinstance(question, Asked) and question.short is None:
        yield "text", f"question '{question.id}' recalls an answer; lists and figures need it `short`, without one"
    for field, words in question.texts():
        for name in sorted(words.recalled - earlier.keys()):
            yield field, f"question '{question.id}' recalls '{name}': {_missing(name, known)}"


def _missing(name: str, known: set[str]) -> str:
    if name in known:
        return f"'{name}' is asked only here or later"
    series = sorted(each for each in known if each.startswith(f"{name}."))
    if series:
        return f"'{name}' is a series; name a statement of it ({series[0]} ...)"
    return f"there is no question '{name}'"
