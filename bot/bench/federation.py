"""A made-up federation for benchmarks: units of very different sizes, and records that people really walked to."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.foundation import Foundation, lay
from bot.front import front
from bot.settings import Settings
from bot.simulate import Crowd, Simulation
from handlers.content import plant_units
from models import answers
from models.audit import Act
from models.database import Connection
from models.unit_rows import COLUMNS
from models.units import Tree, load_tree

QUESTIONNAIRE = "doi-song"
AT = datetime(2020, 1, 6, 3, tzinfo=UTC)
PERIOD = "2020-01"
SPREAD = 1.1  # of the logarithm of unit sizes: the middle one has about half the people of the average one


@dataclass(frozen=True, slots=True)
class Federation:
    """Units by code, each with its parent's code: one at the top, some below it, and the workplaces below those.

    `weights` says how large each workplace is beside the others.
    """

    parents: dict[str, str]
    weights: dict[str, float]


def federation(units: int, chance: random.Random) -> Federation:
    """Draw a federation of so many units (at least 3): about as many workplaces under each middle unit as there are."""
    middle = max(1, min(round(sqrt(units)) - 1, units - 2))
    parents = {"top": ""} | {f"m{number}": "top" for number in range(middle)}
    places = [f"w{number}" for number in range(units - middle - 1)]
    parents |= {place: f"m{number % middle}" for number, place in enumerate(places)}
    return Federation(parents, {place: chance.lognormvariate(0, SPREAD) for place in places})


async def open_house(folder: Path, database: str = "") -> Foundation:
    """Open an empty house of the shipped pack in a folder, as for real use and deaf to the caller's settings."""
    settings = Settings(_env_file=None, data_dir=folder, database_url=database, campaign="kh136", public_url="")
    return await lay(settings)


async def plant(conn: Connection, made: Federation, folder: Path) -> dict[str, str]:
    """Publish the units as an operator does, from a file; gives the unit's id by code."""
    file = folder / "units.csv"
    with file.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.DictWriter(sheet, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(_rows(made))
    await plant_units(conn, file, Act(AT, "shell"))
    tree: Tree = await load_tree(conn, AT.date())
    return {unit.code: unit.id for unit in tree.units}


def _rows(made: Federation) -> Iterator[dict[str, str]]:
    for code, parent in made.parents.items():
        yield {"valid_from": "2019-01-01", "kind": "cdcs", "code": code, "name": f"Công đoàn {code}", "parent": parent}


async def walked(people: int, seed: int) -> list[bytes]:
    """Let people walk the real desk to the end of every questionnaire; gives what they sent to `QUESTIONNAIRE`."""
    with TemporaryDirectory(prefix="bench-") as place:
        foundation = await open_house(Path(place))
        try:
            async with foundation.engine.begin() as conn:
                await plant(conn, federation(20, random.Random(seed)), Path(place))
            begun = front(foundation)
            begun.writer.start()
            await Simulation(foundation, Crowd(people, 10, 1, seed), int, AT).walk(begun, close=False)
            await begun.writer.close()
            async with foundation.engine.begin() as conn:
                return await _sent(conn, foundation)
        finally:
            await foundation.close()


async def _sent(conn: Connection, foundation: Foundation) -> list[bytes]:
    class Everybody:
        def __contains__(self, _person: object) -> bool:
            return True

    pages = answers.records(conn, foundation.house.keys, QUESTIONNAIRE, Everybody())
    return [slip.record async for page in pages for slip in page]
