"""One Python file as the rules of the house see it: its path, its imports and its names, read from the syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

FOLDERS = ("bot", "handlers", "conversations", "models", "locales", "tests")


@dataclass(frozen=True)
class Source:
    """One file: its path below the root, its module name, its syntax tree."""

    path: str
    tree: ast.Module

    @property
    def folder(self) -> str:
        """The top-level folder."""
        return self.path.split("/", 1)[0]

    @property
    def module(self) -> str:
        """The dotted name that others import."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Every import, wherever it stands, as (line, dotted name down to the imported word)."""
        found: list[tuple[int, str]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                start = f"{'.' * node.level}{node.module or ''}"
                found += [(node.lineno, f"{start}.{alias.name}") for alias in node.names]
        return found

    @cached_property
    def names(self) -> list[tuple[int, str]]:
        """Every identifier that the code uses or takes, with its line; imported words are in `imports`."""
        found: list[tuple[int, str]] = []
        for node in ast.walk(self.tree):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    found.append((node.lineno, name))
                case _:
                    pass
        return found

    @cached_property
    def texts(self) -> list[tuple[int, str]]:
        """Every text that the code uses, with its line; what only documents is left out."""
        written = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        nodes = (node for node in ast.walk(self.tree) if isinstance(node, ast.Constant) and id(node) not in written)
        return [(node.lineno, node.value) for node in nodes if isinstance(node.value, str)]

    def fault(self, line: int, sentence: str) -> str:
        """A broken rule, told so that an editor can jump to it."""
        return f"{self.path}:{line}: {sentence}"


@cache
def read(root: Path) -> list[Source]:
    """All Python files of the product and its tests below a root."""
    files = [file for folder in FOLDERS for file in sorted((root / folder).rglob("*.py"))]
    return [Source(file.relative_to(root).as_posix(), ast.parse(file.read_text("utf-8"))) for file in files]


def product(sources: list[Source]) -> Iterator[Source]:
    """The files that are shipped."""
    return (source for source in sources if source.folder != "tests")
