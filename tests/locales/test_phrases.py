"""The catalogues are complete, agree with each other, and hold what the code says, neither less nor more."""

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import PoFileError

from locales.phrases import HERE, Phrases, load, read
from tests.locales.phrase_calls import VOICES, Call, calls, has_registry, imported, speakers, strings

ROOT = HERE.parent
CODE = sorted(path for folder in ("bot", "handlers", "conversations") for path in (ROOT / folder).rglob("*.py"))
PAGES = sorted(path for path in (ROOT / "bot").rglob("*") if path.suffix in {".html", ".jinja", ".j2"})
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in CODE}
SPEAKERS = VOICES.union(*map(speakers, TREES.values()))
CALLS = [(path, call) for path, tree in TREES.items() for call in calls(tree, SPEAKERS)]
PHRASES = load()
ALL = {key for texts in PHRASES.texts.values() for key in texts}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


REGISTRIES = {dotted(path) for path, tree in TREES.items() if has_registry(tree)}


def registered() -> dict[str, tuple[str, ...]]:
    """Return the keys that modules compose from data and therefore list."""
    return {name: tuple(import_module(name).PHRASE_KEYS) for name in sorted(REGISTRIES)}


def on_pages() -> set[str]:
    said = re.compile(r"""\b(?:t|say)\(\s*["']([\w.-]+)["']""")
    return {key for path in PAGES for key in said.findall(path.read_text(encoding="utf-8"))}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def at(path: Path, call: Call) -> str:
    return f"{path.relative_to(ROOT)}:{call.line}"


def parsed(source: str) -> list[Call]:
    tree = ast.parse(source)
    return list(calls(tree, VOICES | speakers(tree)))


def test_every_phrase_that_the_code_says_is_in_the_catalogues() -> None:
    said = {key: at(path, call) for path, call in CALLS for key in call.keys}
    said |= {key: name for name, keys in registered().items() for key in keys}
    said |= dict.fromkeys(on_pages(), "a page")
    assert {key: place for key, place in said.items() if key not in ALL} == {}


def test_no_phrase_is_kept_that_nobody_says() -> None:
    known = set[str]().union(*map(strings, TREES.values()), *registered().values(), on_pages())
    assert sorted(ALL - known) == []


@pytest.mark.parametrize("language", PHRASES.languages)
def test_every_catalogue_is_complete(language: str) -> None:
    assert sorted(ALL - set(PHRASES.texts[language])) == []


def test_a_phrase_wants_the_same_values_in_every_language() -> None:
    wanted = {key: [placeholders(texts[key]) for texts in PHRASES.texts.values() if key in texts] for key in ALL}
    assert {key: names for key, names in wanted.items() if any(each != names[0] for each in names)} == {}
    named = {name for names in wanted.values() for each in names for name in each}
    assert [name for name in named if not name.isidentifier()] == []


def test_every_phrase_is_given_the_values_that_it_wants() -> None:
    wanted = {key: placeholders(text) for key, text in PHRASES.texts["vi"].items()}
    direct = [
        (at(path, call), key, call.values) for path, call in CALLS if call.values is not None for key in call.keys
    ]
    short = [(place, key, wanted.get(key, set()) - values) for place, key, values in direct]
    assert [each for each in short if each[2]] == []


def test_a_key_is_a_literal_or_stands_in_the_list_of_its_module_or_of_the_one_that_it_comes_from() -> None:
    listing = {path for path, tree in TREES.items() if has_registry(tree) or imported(tree) & REGISTRIES}
    assert [at(path, call) for path, call in CALLS if call.joined or (call.composed and path not in listing)] == []


@pytest.mark.parametrize("language", PHRASES.languages)
def test_no_key_stands_twice_in_a_catalogue_and_every_text_is_as_it_is_shown(language: str) -> None:
    source = (HERE / f"{language}.po").read_text(encoding="utf-8")
    keys = Counter(re.findall(r'^msgid "(.+)"$', source, re.MULTILINE))
    assert [key for key, count in keys.items() if count > 1] == []
    assert [key for key in keys if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", key)] == []
    assert [key for key, text in PHRASES.texts[language].items() if text != text.strip()] == []


def test_planted_faults_are_found() -> None:
    joined, summed, hidden, choice, given, spread = parsed(
        't(f"a.{x}")\nvisit.t("a." + x)\nsay(lang, name)\nt("a.b" if x else "a.c")\nt("a.b", n=1)\nt("a.b", **v)\n'
    )
    assert joined.joined
    assert summed.joined
    assert hidden.composed
    assert not choice.composed
    assert choice.keys == ("a.b", "a.c")
    assert given.values == frozenset({"n"})
    assert spread.values is None


def test_a_say_that_is_no_phrase_is_let_be() -> None:
    assert parsed("def say(process, words):\n    print(words)\n\nsay(people, {})\n") == []


def test_a_function_that_hands_its_key_on_is_read_like_the_phrase_itself() -> None:
    assert parsed('def words(visit, key):\n    return visit.t(key)\n\nwords(visit, "nav.words")\n') == [
        Call(4, ("nav.words",))
    ]


def test_a_phrase_is_said_in_its_language_or_else_in_vietnamese() -> None:
    phrases = Phrases({"vi": {"a.hi": "Chào {name}", "a.b": "Chỉ có tiếng Việt"}, "en": {"a.hi": "Hello {name}"}})
    assert phrases.say("en", "a.hi", name="{x}") == "Hello {x}"
    assert phrases.voice("en")("a.b") == "Chỉ có tiếng Việt"
    assert phrases.say("hmv-Latn", "a.hi", name="Mai") == "Chào Mai"
    assert phrases.languages == ("vi", "en")
    with pytest.raises(KeyError):
        phrases.say("vi", "a.unknown")
    with pytest.raises(KeyError, match="name"):
        phrases.say("vi", "a.hi")


def test_what_is_untranslated_or_doubtful_falls_back_and_a_broken_file_is_refused(tmp_path: Path) -> None:
    good = 'msgid ""\nmsgstr "Language: mtq\\n"\n\nmsgid "a.b"\nmsgstr ""\n\n#, fuzzy\nmsgid "a.c"\nmsgstr "?"\n\n'
    (tmp_path / "mtq.po").write_text(good + 'msgid "a.d"\nmsgstr "Một"\n"hai"\n', encoding="utf-8")
    assert read(tmp_path / "mtq.po") == {"a.d": "Mộthai"}
    with pytest.raises(FileNotFoundError):
        load(tmp_path)
    (tmp_path / "vi.po").write_text('msgid "a.b"\nmsgstr "Một"\n<<<<<<< another\n', encoding="utf-8")
    with pytest.raises(PoFileError):
        load(tmp_path)
