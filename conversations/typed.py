"""What typed words mean on a screen. Whole messages only, never a part of one: "ko dong y" contains "dong y"."""

import re
from collections.abc import Iterable, Sequence

from conversations.screens import Choice, Said, Screen, Unclear
from locales.vietnamese import clean, fold, plain

_YES_WORDS = frozenset({"có", "vâng", "dạ", "ừ", "ừm", "đúng", "đồng ý", "tán thành"})
_NO_WORDS = frozenset({"không", "không đồng ý", "không tán thành"})
_YES = frozenset({*map(fold, _YES_WORDS), "c", "ok", "oke", "uh", "1", "yes"})
_NO = frozenset({*map(fold, _NO_WORDS), "ko", "k", "kh", "hok", "ko dong y", "0", "no"})

_LONGEST = 500  # characters; a longer message is no label, and is not looked at
_NUMBER = re.compile(r"[(（]?(\d{1,3})[.)．）]?")  # \d and int() know full-width digits too
_NUMBERED = re.compile(r"[(（]?(\d{1,3})(?:\s*[.)．）:-]\s*|\s+)(.+)", re.DOTALL)
_NUMBERS = re.compile(r"(?:\d|[,;.+&，；\s]|và|va|and)+")
_STEP = re.compile(r"([0-9]{1,2})(?:\s*[–—:=(-]\s*[^\d\s].*)?")  # "0", "5 – Rất hài lòng", but not "1–2 giờ"
_EDGES = re.compile(r"^[^\w?]+|[^\w?]+$")  # an icon before a label, a full stop after it; a question stays one


def numbers(choices: Sequence[Choice]) -> tuple[int | None, ...]:
    """Return the number that each choice is typed by: its place, 1 first.

    Where labels are the steps of a scale ("0", "1", "2" ... or "1 – Rất kém", "2" ... in a row) a step is typed by the
    number that it shows, whatever its place; another choice whose place is such a number has none (None).
    """
    found = [_STEP.fullmatch(choice.label) for choice in choices]
    steps = [int(step[1]) for step in found if step]
    if len(steps) < 2 or steps != list(range(steps[0], steps[0] + len(steps))):
        return tuple(range(1, len(choices) + 1))
    places = (int(step[1]) if step else place for place, step in enumerate(found, 1))
    return tuple(None if number in steps and not step else number for number, step in zip(places, found, strict=True))


def understand(screen: Screen, text: str) -> Said | Unclear:
    """Return what the typed message says on this screen; any text at all has an answer.

    A choice is chosen by its number, its exact label or both ("1. Tán thành"); on a screen that is not strict also by
    its label without accents, by an alias, or by a yes or no if exactly one choice means that. `nav` is chosen by label
    or alias, accents or none, on any screen: going back is not an opinion. What fits two choices is Unclear and names
    them, as does what only comes near one on a strict screen, or asks ("Tán thành?").
    Where ticks are set ("+a", "-b"), several numbers ("1, 3 và 5") are one Said whose action is all of them, joined by
    spaces: "+a +c". Ticked ones among new ones stay ticked; a list of ticked ones only unticks them.
    Other words are the answer itself where the screen takes words: cleaned, never cut.
    """
    words = clean(text)
    if 0 < len(words) <= _LONGEST and (chosen := _chosen(screen, words)):
        return chosen
    return Said(text=words) if screen.typed and words else Unclear()


def _chosen(screen: Screen, words: str) -> Said | Unclear | None:
    if exact := _exact(screen, words):
        return _one(exact)
    return _listed(screen, words) or _loose(screen, words)


def _one(meant: Iterable[Choice]) -> Said | Unclear:
    near = _near(meant).near
    return Said(action=near[0].action) if len(near) == 1 and near[0].action else Unclear(near)


def _near(meant: Iterable[Choice]) -> Unclear:
    return Unclear(near=tuple({choice.action: choice for choice in meant}.values()))


def _exact(screen: Screen, words: str) -> list[Choice]:
    labelled = _labelled((*screen.choices, *screen.nav), words)
    if number := _NUMBER.fullmatch(words):
        return [*_at(screen, number[1]), *labelled]
    if not labelled and (numbered := _NUMBERED.fullmatch(words)):
        named = _labelled(screen.choices, numbered[2])
        return [*_at(screen, numbered[1]), *named] if named else []
    return labelled


def _at(screen: Screen, number: str) -> list[Choice]:
    places = zip(numbers(screen.choices), screen.choices, strict=True)
    return [choice for place, choice in places if place == int(number)]


def _labelled(choices: Iterable[Choice], words: str) -> list[Choice]:
    """Return the choices of exactly this label or whole text; one full stop or quotes around them change nothing."""
    said = plain(words)
    spoken = {said, said.removesuffix("."), said.strip("\"'")} - {""}
    labels = [(each, {plain(each.label), plain(each.full)} - {""}) for each in choices]
    return [each for each, names in labels if spoken & (names | {_EDGES.sub("", name) for name in names})]


def _listed(screen: Screen, words: str) -> Said | Unclear | None:
    typed = re.findall(r"\d+", words)
    ticks = [choice for choice in screen.choices if choice.action.startswith(("+", "-"))]
    if len(typed) < 2 or not ticks or not _NUMBERS.fullmatch(words.casefold()):
        return None
    meant = [_at(screen, number) for number in typed]
    found = {choice.action: choice for each in meant for choice in each}
    if not all(meant) or not all(choice in ticks for choice in found.values()):
        return _near(found.values())
    setting = [action for action in found if action.startswith("+")]
    return Said(action=" ".join(setting or found))


def _loose(screen: Screen, words: str) -> Said | Unclear | None:
    key = fold(words)
    nav = [] if _bare(words) in _YES_WORDS else [each for each in screen.nav if _fits(each, key)]
    choices = _choices(screen, words, key)
    if "?" in words or (screen.strict and not nav):
        return _near([*choices, *nav]) if choices or nav else None
    meant = nav if screen.strict else [*choices, *nav]
    return _one(meant) if meant else None


def _choices(screen: Screen, words: str, key: str) -> list[Choice]:
    direct = [choice for choice in screen.choices if _fits(choice, key)]
    if not direct and (numbered := _NUMBERED.fullmatch(words)):
        rest = fold(numbered[2])
        named = [choice for choice in screen.choices if _fits(choice, rest)]
        direct = [*named, *_at(screen, numbered[1])] if named else []
    return direct or [choice for choice in screen.choices if _agrees(choice, words, key)]


def _fits(choice: Choice, key: str) -> bool:
    return bool(key) and (key == fold(choice.label) or key in choice.aliases)


def _agrees(choice: Choice, words: str, key: str) -> bool:
    """Tell whether a typed yes (or no) is what this choice means. Accents that were typed count: "đã" is not "dạ"."""
    said = key if words.isascii() else _bare(words)
    names = {fold(choice.label), fold(choice.action.rpartition(":")[2]), *choice.aliases}
    names = {name for name in names if len(name) > 1}
    return any(said in short | spelt and names & short for short, spelt in ((_YES, _YES_WORDS), (_NO, _NO_WORDS)))


def _bare(words: str) -> str:
    return plain(_EDGES.sub("", words))
