"""Reads one YAML file of a pack so that every later complaint can name its line. Knows YAML, not campaigns."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from conversations.faults import Faults, Loc, PackFault

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast, where it was built

ODD = (ValueError, TypeError, KeyError, AttributeError)  # what PyYAML lets through for `2020-02-31` or `!!int x`


@dataclass(frozen=True, slots=True)
class Sheet:
    """A YAML file as plain data, with the nodes it came from. Text is NFC."""

    path: Path
    node: yaml.Node
    data: object

    def fault(self, loc: Loc, message: str, *, missing: bool = False) -> PackFault:
        """Name the line and field that `loc` leads to; `missing` says that its last part is not there."""
        line, field = place(self.node, loc, missing=missing)
        return PackFault(str(self.path), line, field, message)


def read(path: Path) -> Sheet:
    """Read one file whole.

    Raises Faults for a file that is missing, not UTF-8, not YAML, empty, or that gives a key twice in one mapping.
    """
    text = decoded(path)
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise Faults([PackFault(str(path), 1, "", "the file is empty")])
        twice = [PackFault(str(path), line, key, "this key is given twice") for line, key in doubled(node)]
        if twice:
            raise Faults(twice)
        return Sheet(path, node, loader.construct_document(node))
    except yaml.YAMLError as error:
        raise Faults([PackFault(str(path), *yaml_trouble(error, text))]) from None
    except RecursionError:
        raise Faults([PackFault(str(path), 1, "", "the file is nested too deeply to be read")]) from None
    except ODD:
        raise Faults([odd_scalar(path, node)]) from None


def decoded(path: Path) -> str:
    """Give the text of a file in NFC; raise Faults where it is missing, unreadable or not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise Faults([PackFault(str(path), 0, "", "the file is missing")]) from None
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
        raise Faults([PackFault(str(path), 0, "", message)]) from None
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Faults([PackFault(str(path), line, "", "the file is not UTF-8 text; save it as UTF-8")]) from None


def yaml_trouble(error: yaml.YAMLError, text: str) -> tuple[int, str, str]:
    """Give line, field ("") and message of a complaint of PyYAML."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        hint = " (indent with spaces, never tabs)" if "\\t" in str(error.problem) else ""
        return (mark.line + 1 if mark else 1), "", f"this is not YAML: {error.problem or error.context}{hint}"
    odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
    line = text.count("\n", 0, odd.start()) + 1 if odd else 1
    return line, "", "this is not YAML: a control character stands in the text"


def doubled(top: yaml.Node) -> Iterator[tuple[int, str]]:
    """Find keys given twice in one mapping, as line of the second and the key."""
    for _, node in walk(top):
        keys = set[str]()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode) and key.value in keys:
                yield key.start_mark.line + 1, key.value
            keys.add(str(key.value))


def odd_scalar(path: Path, top: yaml.Node) -> PackFault:
    """Find the value that looks like a date or a number and is none."""
    for loc, node in walk(top):
        try:
            if isinstance(node, yaml.ScalarNode):
                yaml.SafeLoader("").construct_object(node)
        except ODD:
            line, field = place(top, loc, missing=False)
            return PackFault(str(path), line, field, f"there is no such date or number as {node.value}")
    return PackFault(str(path), 1, "", "a value or key of the file cannot be read")


def walk(top: yaml.Node) -> Iterator[tuple[Loc, yaml.Node]]:
    """Go over every node once, with the way to it, also where an alias leads back to its own anchor."""
    waiting: list[tuple[Loc, yaml.Node]] = [((), top)]
    seen = set[int]()
    while waiting:
        loc, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield loc, node
        if isinstance(node, yaml.SequenceNode):
            waiting += [((*loc, index), item) for index, item in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            waiting += [((*loc, str(key.value)), part) for key, value in node.value for part in (key, value)]


def place(node: yaml.Node, loc: Loc, *, missing: bool) -> tuple[int, str]:
    """Follow `loc` through the nodes to a line and a field like `phases[dot-1].topics[2].text`.

    Parts that pydantic adds of its own (the kind chosen in a union, "str" ...) lead nowhere and are passed over.
    """
    line, field = node.start_mark.line + 1, ""
    for index, part in enumerate(loc):
        found = step(node, part)
        if found:
            line, node = found[0].start_mark.line + 1, found[1]
            field += f"[{found[2]}]" if isinstance(part, int) else f".{part}"
        elif missing and index == len(loc) - 1:
            field += f".{part}"
    return line, field.removeprefix(".")


def step(node: yaml.Node, part: str | int) -> tuple[yaml.Node, yaml.Node, str] | None:
    """Go one part down: the node that shows the line, the node below, and how to name a list's item (id or number)."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value, str(part)) for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        named = step(item, "id") if isinstance(item, yaml.MappingNode) else None
        return item, item, str(named[1].value) if named else str(part + 1)
    return None
