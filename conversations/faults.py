"""What is wrong with a campaign pack, and where. Written for the person who edits the pack; carries no traceback."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Loc = tuple[str | int, ...]
"""The way to a field from the top of a file: keys of mappings and indexes of lists."""


@dataclass(frozen=True, slots=True)
class PackFault:
    """One thing wrong: `line` counts from 1 (0 where a whole file or folder is meant), `field` is "" likewise."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Give "file:line: field: what is wrong", on one line and fit for any terminal."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        said = ": ".join(part for part in (place, self.field, self.message) if part)
        return " ".join(said.encode(errors="replace").decode().split())


class Faults(Exception):
    """A pack that cannot be used, with everything that is wrong with it (`faults`, at least one)."""

    def __init__(self, faults: Iterable[PackFault]) -> None:
        """Keep the faults in the order of files, then of lines."""
        self.faults = tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line)))
        super().__init__("\n".join(map(str, self.faults)))


def refuse(title: str, problems: Iterable[tuple[Loc, str]]) -> None:
    """Raise pydantic's error for the problems found inside a model, each at its own field; nothing if there is none."""
    details = [
        InitErrorDetails(type=PydanticCustomError("refused", "{message}", {"message": message}), loc=loc, input=None)
        for loc, message in problems
    ]
    if details:
        raise ValidationError.from_exception_data(title, details)
