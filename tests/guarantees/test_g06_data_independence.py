"""G6: who is published together, carried, pooled or withheld depends on who takes part and on the tree, never on what
was answered.

The planner has no way to see an answer, and everything but the counts and the words is the same whatever was answered.
"""

import ast
import inspect
from pathlib import Path
from random import Random
from types import ModuleType
from typing import get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from models import participation, planner
from models.planner import Branches, Patience, Plan, Waiting
from tests.guarantees.dumps import Dump, apart, dump
from tests.guarantees.test_g01_symmetry import said
from tests.guarantees.town import Given, Town, populated
from tests.source import FOLDERS

SIZES = {"xa-1": 7, "xa-2": 3, "huyen-b": 6}
SPEAKS_OF_ANSWERS = {"released_count", "released_text"}
WAY = "person"  # counts the screens of those who still wait, whom a question that branches leads this way or that
ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # storage is not the point
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
PURE = {"array", "collections.abc", "dataclasses"}


def _parsed(module: ModuleType) -> ast.Module:
    assert module.__file__ is not None
    return ast.parse(Path(module.__file__).read_text("utf-8"))


def _imported(module: ModuleType) -> set[str]:
    """What a module imports: modules, and names of our own packages with them."""
    found = set()
    for node in ast.walk(_parsed(module)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            ours = (node.module or "").split(".")[0] in FOLDERS
            found |= {f"{node.module}.{each.name}" for each in node.names} if ours else {node.module or ""}
    return found


def test_the_planner_is_given_no_answer() -> None:
    hints = get_type_hints(planner.plan)
    assert {name: str(hint) for name, hint in hints.items()} == {
        "tree": str(Branches),
        "pending": "collections.abc.Iterable[models.planner.Waiting]",
        "patience": str(Patience),
        "return": str(Plan),
    }
    assert get_type_hints(Waiting) == {"person": int, "unit": str, "waited": int, "countable": bool}
    assert get_type_hints(Patience) == {"k": int, "hold": int, "final": bool}
    assert list(inspect.signature(planner.plan).parameters) == ["tree", "pending", "patience"]


def test_the_planner_imports_nothing_that_could_see_one() -> None:
    tree = _parsed(planner)
    assert _imported(planner) <= PURE
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"open", "eval", "exec", "getattr", "__import__", "globals"}


def test_who_takes_part_is_kept_apart_from_what_is_said() -> None:
    assert not _imported(participation) & {"models.slips", "models.answers", "models.keys", "models.veil"}


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Town:
    """Where everybody has joined and nobody has answered."""
    return await populated(conn, tmp_path / "town", SIZES)


async def _after_closes(town: Town, answers: dict[str, Given]) -> list[Dump]:
    """Everything at rest after a first and a second close, and after the end, which withholds some."""
    dumps = []
    async with town.conn.begin_nested() as world:
        again = town.again(town.folder / "again")
        for who, its in answers.items():
            await again.answer(who, "doi-song", its)
        for period in ("2020-01", "2020-02", "2020-04"):
            await again.close_all(period)
            dumps.append(await dump(again.conn))
        await world.rollback()
    return dumps


@ONE_KIND
@settings(
    max_examples=3,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 9999))
async def test_answers_given_to_others_change_counts_and_words_alone(town: Town, seed: int) -> None:
    answers = said(seed)
    dealt = Random(seed).sample(list(answers.values()), len(answers))
    one = await _after_closes(town, answers)
    other = await _after_closes(town, dict(zip(answers, dealt, strict=True)))
    for before, after in zip(one, other, strict=True):
        assert set(apart(before, after)) <= {*SPEAKS_OF_ANSWERS, WAY}
    assert WAY not in apart(one[-1], other[-1])
    assert one[0]["release_waiting"]
    assert len(one[0]["release_group"]) == 2
    assert len(one[1]["release_group"]) == 2


@ONE_KIND
async def test_unanimous_answers_change_counts_and_words_alone(town: Town) -> None:
    one = await _after_closes(town, said(1))
    other = await _after_closes(town, {who: {"viec-lam": "on"} for who in said(1)})
    for before, after in zip(one, other, strict=True):
        assert set(apart(before, after)) <= {*SPEAKS_OF_ANSWERS, WAY}
        for name in ("release_group", "release_waiting", "release", "participation"):
            assert before[name] == after[name]
