"""The rules of the house, as functions over its files. Each yields faults as `file:line: sentence`."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter

from tests.source import FOLDERS, Source, product

STAIRCASE = {
    "bot": ("handlers", "models", "locales"),
    "handlers": ("conversations", "models", "locales"),
    "conversations": ("models.messages", "locales"),
    "models": ("locales",),
    "locales": (),
}
HOMES = {
    "sqlalchemy": "models/*",
    "aiosqlite": "models/sqlite_connection.py",
    "alembic": "models/*",
    "cryptography": "models/*",
    "rapidfuzz": "models/*",
    "openpyxl": "models/*",
    "babel": "locales/*",
    "pydantic": "conversations/* bot/settings.py",
    "pydantic_core": "conversations/*",
    "yaml": "conversations/*",
    "resvg_py": "handlers/rendering/*",
    "segno": "handlers/rendering/*",
    "typst": "handlers/rendering/*",
    "telegram": "bot/channels/telegram*.py",
    "aiohttp": "bot/*",
    "multidict": "bot/*",
    "yarl": "bot/*",
    "pydantic_settings": "bot/*",
    "click": "bot/*",
    "prometheus_client": "bot/*",
}
ONE_FILE = ("resvg_py", "segno", "typst")
RELEASED = ("release_group", "released_count", "released_question", "released_text", "released_wording")
RELEASED_HOMES = ("models/released.py", "models/release.py", "models/figures.py")
LEDGER = ("ledger_set", "ledger_figure", "ledger_look", "ledger_refusal")
BOOKS_HOMES, LOOKERS = ("models/ledger.py", "models/figures.py"), ("Look", "EVERYONE")
# `langnghe audit` reads what was released and shows none of it, so its modules are no second door; but for it alone.
EXAMINERS, THEIR_USERS = "models/examine_*.py", ("handlers/examination.py", "handlers/overdue.py")
MOMENTS = ("now", "utcnow", "today")


Rule = Callable[[list[Source]], Iterator[str]]


def arrows(sources: list[Source]) -> Iterator[str]:
    """Imports only go down the staircase, and never to the tests."""
    for source in product(sources):
        allowed = (source.folder, *STAIRCASE[source.folder])
        for line, name in source.imports:
            if name.startswith("."):
                yield source.fault(line, "imports by a relative name; write the whole name")
            elif name.split(".", 1)[0] in FOLDERS and not within(name, allowed):
                yield source.fault(line, f"{source.folder} may not import {name}")


def within(name: str, allowed: tuple[str, ...]) -> bool:
    """Tell whether a dotted name is one of the allowed or below one."""
    return any(name == place or name.startswith(f"{place}.") for place in allowed)


def homes(sources: list[Source]) -> Iterator[str]:
    """Every library lives where it is at home, and no library is without a home."""
    users: dict[str, set[str]] = {}
    for source in product(sources):
        for line, name in source.imports:
            library = name.split(".", 1)[0]
            if library in sys.stdlib_module_names or library in (*FOLDERS, ""):
                continue
            users.setdefault(library, set()).add(source.path)
            if not any(fnmatch(source.path, home) for home in HOMES.get(library, "").split()):
                yield source.fault(line, f"{library} is not at home here but in {HOMES.get(library, 'no folder')}")
            elif library in ONE_FILE and len(users[library]) > 1:
                yield source.fault(line, f"{library} is already used by another file; it belongs in one")


def purity(sources: list[Source]) -> Iterator[str]:
    """Conversations wait for nothing, draw no chance of their own and know no database."""
    for source in sources:
        if source.folder != "conversations":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
                yield source.fault(node.lineno, "conversations are pure: nothing here is async")
        for line, name in source.imports:
            if within(name, ("asyncio", "secrets", "uuid", "sqlite3", "socket", "subprocess", "threading")):
                yield source.fault(line, f"conversations are pure: they may not use {name}")
            if within(name, ("random",)) and name not in ("random", "random.Random"):
                yield source.fault(line, "conversations draw lots only with a seeded random.Random")
        for node in ast.walk(source.tree):
            match node:
                case ast.Attribute(value=ast.Name(id="random"), attr=attr) if attr != "Random":
                    yield source.fault(node.lineno, "conversations draw lots only with a seeded random.Random")
                case _:
                    pass


def clock(sources: list[Source]) -> Iterator[str]:
    """Only bot/ and the tests know what time it is; everybody else is told."""
    for source in sources:
        if source.folder in ("bot", "tests"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.expr) and (word := moment(node)):
                yield source.fault(node.lineno, f"{word} is asked for only in bot/; take the time as a parameter")
        for line, name in source.imports:
            if within(name, ("time",)):
                yield source.fault(line, "the module time is used only in bot/; take the time as a parameter")


def moment(node: ast.expr) -> str:
    """How a node asks what time it is: `datetime.now` named, or any `.now()` called; "" when it does not."""
    match node:
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=attr):
            return f"{owner}.{attr}" if attr in MOMENTS and owner in ("datetime", "date", "func") else ""
        case ast.Call(func=ast.Attribute(attr=attr) as asked) if attr in MOMENTS and not moment(asked):
            return f"{attr}()"
        case _:
            return ""


def imports_on_top(sources: list[Source]) -> Iterator[str]:
    """No import hides in a function."""
    for source in sources:
        functions = (n for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
        hidden = {n.lineno for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)}
        for line in sorted(hidden):
            yield source.fault(line, "an import stands inside a function; put it on top")


def empty_packages(sources: list[Source]) -> Iterator[str]:
    """`__init__.py` is empty or one docstring."""
    for source in sources:
        if source.path.endswith("/__init__.py"):
            for node in source.tree.body[bool(ast.get_docstring(source.tree)) :]:
                yield source.fault(node.lineno, "__init__.py holds nothing but a docstring")


def cycles(sources: list[Source]) -> Iterator[str]:
    """No circle of imports, those for types included."""
    files = {source.module: source for source in product(sources)}
    graph: dict[str, set[str]] = {}
    for module, source in files.items():
        targets = {name if name in files else name.rpartition(".")[0] for _, name in source.imports}
        graph[module] = {target for target in targets if target in files}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        circle: list[str] = found.args[1]
        yield files[circle[0]].fault(1, f"imports run in a circle: {' < '.join(circle)}")


def doors(sources: list[Source]) -> Iterator[str]:
    """Pending answers and released figures are reached only through their doors."""
    for source in product(sources):
        words = [(line, name.rpartition(".")[2]) for line, name in source.imports]
        examiner = fnmatch(source.path, EXAMINERS)
        for line, name in source.imports:
            if name.startswith("models.examine_") and not examiner and source.path not in THEIR_USERS:
                yield source.fault(line, f"only {' and '.join(THEIR_USERS)} use {name}")
        for line, name in (*words, *source.names):
            if name == "_pending" and source.path != "models/answers.py":
                yield source.fault(line, "only models/answers.py names the pending answers")
            if name.lstrip("_") in RELEASED and source.path not in RELEASED_HOMES and not examiner:
                yield source.fault(line, f"only {' and '.join(RELEASED_HOMES)} name {name}")
        if source.path in RELEASED_HOMES or examiner or source.path.startswith("models/migrations/"):
            continue
        for line, name in source.imports:
            if within(name, ("models.released",)) and source.path != "models/tables.py":
                yield source.fault(line, f"only {' and '.join(RELEASED_HOMES[1:])} use models.released")
        for line, text in source.texts:
            for name in set(re.findall(r"\w+", text)) & set(RELEASED):
                yield source.fault(line, f"only {' and '.join(RELEASED_HOMES)} name {name}")


def books(sources: list[Source]) -> Iterator[str]:
    """Figures are entered in the ledger by their one door alone; everybody else only says who looks."""
    for source in product(sources):
        if source.path in BOOKS_HOMES or fnmatch(source.path, EXAMINERS) or "/migrations/" in source.path:
            continue
        for line, name in source.imports:
            word = name.removeprefix("models.ledger.")
            if within(name, ("models.ledger",)) and word not in LOOKERS and source.path != "models/tables.py":
                yield source.fault(line, f"only {BOOKS_HOMES[-1]} uses {name}; others say who looks")
        for line, text in (*source.names, *source.texts):
            for name in set(re.findall(r"\w+", text)) & set(LEDGER):
                yield source.fault(line, f"only {BOOKS_HOMES[0]} names {name}")


def real_things(sources: list[Source]) -> Iterator[str]:
    """Tests use the real thing or a fake server, never a mock of our own code."""
    for source in sources:
        for line, name in (*source.imports, *source.names):
            words = name.split(".")
            if "mock" in words or name in ("monkeypatch", "MonkeyPatch", "mocker"):
                yield source.fault(line, f"{name}: no mocks and no patches, not even in tests")


RULES: tuple[Rule, ...] = (
    arrows,
    homes,
    purity,
    clock,
    imports_on_top,
    empty_packages,
    cycles,
    doors,
    books,
    real_things,
)
