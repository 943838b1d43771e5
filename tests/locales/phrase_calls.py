"""What the code says: the phrase keys in it, found by reading its syntax.

A phrase is said by a call of `say` or `t`, whose last positional argument is the key, or of a function that hands its
own parameter `key` on to one of these.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

VOICES = {"say", "t"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Call:
    """One phrase said: `keys` are the literal ones, `composed` tells of others, `joined` of an f-string or a sum.

    `values` are the names of the values given, None where they are not to be seen (`**values`, or another function).
    """

    line: int
    keys: tuple[str, ...]
    composed: bool = False
    joined: bool = False
    values: frozenset[str] | None = None


def speakers(tree: ast.Module) -> set[str]:
    """Return the names of the functions with a parameter `key` that say the phrase of it."""
    takers = [each for each in _functions(tree) if _takes_key(each)]
    return {each.name for each in takers if any(_hands_on(node) for node in ast.walk(each))}


def calls(tree: ast.Module, voices: set[str]) -> Iterator[Call]:
    """Yield every call that says a phrase; not those in which a function hands its own `key` on.

    A module's own function of such a name that takes no `key` says something else.
    """
    voices = voices - {each.name for each in _functions(tree) if not _takes_key(each)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in voices and not _hands_on(node):
            key = _key(node)
            keys = tuple(_literals(key)) if key else ()
            seen = _name(node) in VOICES and all(keyword.arg for keyword in node.keywords)
            values = frozenset(keyword.arg for keyword in node.keywords if keyword.arg) if seen else None
            composed = key is None or any(_others(key))
            yield Call(node.lineno, keys, composed, isinstance(key, ast.JoinedStr | ast.BinOp), values)


def strings(tree: ast.Module) -> set[str]:
    """Return every string that stands in the code."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def has_registry(tree: ast.Module) -> bool:
    """Tell whether the module lists the keys that it composes from data, as `PHRASE_KEYS`."""
    names = [name for node in tree.body if isinstance(node, ast.Assign) for name in node.targets]
    names += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    return any(isinstance(name, ast.Name) and name.id == "PHRASE_KEYS" for name in names)


def imported(tree: ast.Module) -> set[str]:
    """Return the dotted names of the modules that names are imported from."""
    return {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _key(call: ast.Call) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "key" and _name(call) not in VOICES]
    return next(iter((*named, *call.args[-1:])), None)


def _functions(tree: ast.Module) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def _takes_key(function: Function) -> bool:
    given = function.args
    return any(argument.arg == "key" for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs))


def _hands_on(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node) in VOICES and _is_key(_key(node))


def _is_key(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Name) and node.id == "key"


def _branches(key: ast.expr) -> Iterator[ast.expr]:
    match key:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_branches(body), *_branches(orelse))
        case ast.BoolOp(values=values):
            yield from (branch for value in values for branch in _branches(value))
        case _:
            yield key


def _literals(key: ast.expr) -> Iterator[str]:
    branches = (branch.value for branch in _branches(key) if isinstance(branch, ast.Constant))
    return (value for value in branches if isinstance(value, str))


def _others(key: ast.expr) -> Iterator[bool]:
    return (True for branch in _branches(key) if not isinstance(branch, ast.Constant))
