"""Reads one YAML file of a pack so that every later complaint can name its line. Knows YAML, not campaigns."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from conversations.faults import Faults, Loc, PackFault

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast, where it was built

DEEPEST = 50
# What PyYAML lets through for `2020-02-31`, `!!int x`, `0b_` ...
ODD = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


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
        flat_enough(path, text)
        loader = Loader(text)
        node = loader.get_single_node()
        refuse_doubled(path, node)
        return Sheet(path, node, constructed(path, loader, node))
    except yaml.YAMLError as error:
        raise Faults([PackFault(str(path), *yaml_trouble(error, text))]) from None


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


def flat_enough(path: Path, text: str) -> None:
    """Raise Faults for a file nested beyond sense: the C library answers such a one by crashing."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent | yaml.CollectionEndEvent):
            depth += 1 if isinstance(event, yaml.CollectionStartEvent) else -1
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise Faults([PackFault(str(path), line, "", f"this is nested more than {DEEPEST} levels deep")])


def yaml_trouble(error: yaml.YAMLError, text: str) -> tuple[int, str, str]:
    """Give line, field ("") and message of a complaint of PyYAML."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        start = f" ({error.context}, from line {error.context_mark.line + 1})" if error.context_mark else ""
        return (mark.line + 1 if mark else 1), "", f"this is not YAML: {error.problem or error.context}{start}"
    odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
    line = text.count("\n", 0, odd.start()) + 1 if odd else 1
    return line, "", "this is not YAML: a control character stands in the text"


def refuse_doubled(path: Path, top: yaml.Node | None) -> None:
    """Raise Faults for keys given twice in one mapping, and for an empty file."""
    if top is None:
        raise Faults([PackFault(str(path), 1, "", "the file is empty")])
    faults = []
    for _, node in walk(top):
        keys = set[str]()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode) and key.value in keys:
                faults.append(PackFault(str(path), key.start_mark.line + 1, key.value, "this key is given twice"))
            keys.add(str(key.value))
    if faults:
        raise Faults(faults)


def constructed(path: Path, loader: Any, node: yaml.Node) -> object:
    """Give the plain data of a file; raise Faults for a date or number that there is not."""
    try:
        return loader.construct_document(node)
    except ODD:
        raise Faults([odd_scalar(path, node)]) from None


def odd_scalar(path: Path, top: yaml.Node) -> PackFault:
    """Find the value that looks like a date or a number and is none."""
    for loc, node in walk(top):
        try:
            if isinstance(node, yaml.ScalarNode):
                yaml.SafeLoader("").construct_object(node)
        except (*ODD, yaml.YAMLError):
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
