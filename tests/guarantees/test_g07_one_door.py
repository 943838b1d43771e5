"""G7: every number that is ever shown comes through one door, `models.figures`, and is in the ledger.

Every screen of every officer's command and of /results is read again, number by number: each is a value that the ledger
has for the groups of exactly that unit and question, brought between nobody and all for showing, or its margin of
error. And no other module of the product reads what was released.
"""

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.charted import shown_steps
from models import figures
from models.ledger import Look, ledger_figure, ledger_look, ledger_set
from models.messages import Outbound
from tests import structure
from tests.guarantees.replay import Account, account, numbers
from tests.guarantees.tour import tour
from tests.guarantees.town import HOLD, Given, K, Town, populated
from tests.source import read

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # storage is not the point
SIZES = {"xa-1": 9, "xa-2": 3, "huyen-b": 31}
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Town:
    """Where 43 people have answered this and that, and the first period has closed."""
    town, chance = await populated(conn, tmp_path / "town", SIZES), Random(7)
    for who in [f"{code}.{number}" for code, size in SIZES.items() for number in range(size)]:
        life: Given = {
            "viec-lam": chance.choice(["on", "on", "on", "lo"]),
            "quan-tam": (chance.choice(["luong", "an"]),),
        }
        words = {"de-nghi": "Xin thêm cây xanh"} if chance.random() < 0.6 else {}
        await town.answer(who, "doi-song", {**life, **words, "thang-vao": "2015-03-01"})
        if chance.random() < 0.8:
            await town.answer(who, "nha-an", {"gio-an": chance.choice(["som", "muon"])})
    await town.close_all("2020-01")
    return town


def _where(town: Town, stands: str, root: str) -> tuple[str, str, dict[str, object]]:
    data = json.loads(json.loads(stands)[1])
    first = next(iter(town.house.pack.questionnaires))
    return str(data.get("unit", root)), str(data.get("form", first)), data


async def _unexplained(town: Town, seen: dict[str, Outbound]) -> dict[str, list[int]]:
    """The numbers of each screen that nothing accounts for."""
    tree = await town.tree()
    left = {}
    for stands, screen in seen.items():
        unit, form, data = _where(town, stands, tree.roots[0].id)
        its = await account(town, tree, unit, form)
        few = {(await account(town, tree, child.id, form)).n for child in tree.children(unit)}
        allowed = {0, 1, 9, its.n, its.n - sum(few), K, HOLD, *few, *await _asked(town, unit, form, data, its)}
        if found := [number for number in sorted(numbers(town, screen)) if number not in allowed]:
            left[stands] = found
    return left


async def _asked(town: Town, unit: str, form: str, data: dict[str, object], its: Account) -> set[int]:
    """What the question on the screen justifies, with its own number and the pages of its words."""
    tree = await town.tree()
    summary = await figures.summary(town.conn, Look("officer", town.at.date()), tree, unit, form)
    assert {question: figure.error for question, figure in summary.questions.items()} == {
        question: its.errors[question] for question in summary.questions
    }
    steps = shown_steps(town.house.pack.questionnaires[form], summary)
    if not steps or not summary.n:
        return set()
    at = min(int(str(data.get("at", data.get("page", 0)))), len(steps) - 1)
    step = steps[at]
    if step.kind == "words":
        words = len(await figures.texts(town.conn, form, step.id))
        assert words >= 10
        return {at + 1, len(steps), words, *range(1, words + 1)}
    months = {int(part) for of, key in its.values if of == step.id for part in key.split("-") if part.isdigit()}
    return {at + 1, len(steps), len(step.keys()), *months, *its.numbers(step.id)}


@ONE_KIND
async def test_every_number_on_every_screen_is_in_the_ledger(town: Town) -> None:
    seen = await tour(town, "canbo", ["summary", "results"])
    assert len(seen) > 20
    assert sum(sum(numbers(town, screen).values()) for screen in seen.values()) > 150
    assert await _unexplained(town, seen) == {}


@ONE_KIND
async def test_a_number_from_elsewhere_would_be_seen(town: Town) -> None:
    seen = await tour(town, "canbo", ["summary", "results"])
    stands, screen = next((stands, screen) for stands, screen in seen.items() if screen.picture)
    planted = replace(screen, text=f"{screen.text}\nTrong đó 17 người là nữ.")
    assert await _unexplained(town, {stands: planted}) == {stands: [17]}
    await town.conn.execute(delete(ledger_figure))  # a door that enters nothing
    assert len(await _unexplained(town, seen)) > 10


@ONE_KIND
async def test_the_ledger_says_to_which_role_and_never_to_whom(town: Town) -> None:
    await town.join("canbo-2", "tinh")
    await town.appoint("canbo-2", "tinh")
    await tour(town, "canbo", ["summary"])
    rows = [(await town.conn.execute(select(table))).all() for table in (ledger_set, ledger_figure, ledger_look)]
    await tour(town, "canbo-2", ["summary"])
    after = [(await town.conn.execute(select(table))).all() for table in (ledger_set, ledger_figure, ledger_look)]
    assert rows == after  # who else looked is not to be told from it
    roles = {row.role for row in rows[2]}
    assert roles == {"officer"}


def test_no_other_module_reads_what_was_released_or_writes_the_ledger() -> None:
    sources = read(ROOT)
    released = [fault for fault in structure.doors(sources) if "pending answers" not in fault]
    assert released == []
    assert list(structure.books(sources)) == []
