"""Everybody whose answers wait, as a release sees them: packed, because a million people are not a million objects."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from models import participation


@dataclass(slots=True)
class Crowd:
    """People, the unit each had when sending, and how many closed periods each has waited; 16 bytes a person."""

    units: dict[str, int] = field(default_factory=dict)
    _people: "array[int]" = field(default_factory=lambda: array("q"))
    _at: "array[int]" = field(default_factory=lambda: array("i"))
    _waited: "array[int]" = field(default_factory=lambda: array("i"))

    def add(self, person: int, unit: str, waited: int) -> None:
        """Take in one person more."""
        self._people.append(person)
        self._at.append(self.units.setdefault(unit, len(self.units)))
        self._waited.append(waited)

    def __iter__(self) -> Iterator[tuple[int, str, int]]:
        """Give everybody as (person, unit, periods waited)."""
        names = list(self.units)
        return zip(self._people, map(names.__getitem__, self._at), self._waited, strict=True)


async def gather(conn: AsyncConnection, questionnaire: str) -> Crowd:
    """Read everybody whose answers to a questionnaire wait."""
    crowd = Crowd()
    async for one in participation.sent(conn, questionnaire):
        crowd.add(one.person, one.unit, one.waited)
    return crowd
