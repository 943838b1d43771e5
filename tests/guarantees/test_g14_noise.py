"""G14: exact counts are not stored, and one person's answer changes no outcome's odds by more than e to the epsilon."""

import ast
import math
import secrets
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

import models
from bot.foundation import lay
from bot.settings import Settings
from models.keys import Keys
from models.noise import drawn, scale_of
from models.release import release
from models.released import release_group, released_count, released_question
from models.tally import Tally
from models.veil import ANSWERED, Histogram, Veil
from tests.models import world as worlds
from tests.models.world import FORM, NOISY, build_tree, join_people, order, record

EPSILON = Fraction(2)
DRAWS = 60_000
ASKED = {"q": Histogram(frozenset({"yes", "no"}))}


def kept(yes: int, no: int, below: Random) -> tuple[int, int]:
    """What is kept of a question that so many answered with yes and no."""
    tally = Tally(ASKED, 1)
    for said, people in (("yes", yes), ("no", no)):
        for _ in range(people):
            tally.add(0, {"q": (said,)})
    values = Veil(ASKED, {"q": scale_of(EPSILON, 1)}, 10, below.randrange).kept(tally.of(0))
    return values["q", "yes"], values["q", "no"]


def test_one_persons_answer_moves_no_outcome_beyond_the_promise() -> None:
    below = Random(7)
    alike = Counter(kept(10, 0, below) for _ in range(DRAWS))
    one_other = Counter(kept(9, 1, below) for _ in range(DRAWS))
    compared = 0
    for outcome in alike | one_other:
        one, other = alike[outcome], one_other[outcome]
        if min(one, other) >= 50:
            compared += 1
            # Five standard deviations of the logarithm of a ratio of two counts; the seed is fixed besides.
            doubt = 5 * math.sqrt(1 / one + 1 / other)
            assert abs(math.log(one / other)) <= float(EPSILON) + doubt
    assert compared > 20


def test_the_best_guess_of_one_answer_is_right_at_most_88_times_of_100() -> None:
    below = Random(8)
    right = 0
    for turn in range(DRAWS // 2):
        truth = turn % 2
        yes, no = kept(10 - truth, truth, below)
        # The likelier of both worlds, by the distance of what is shown from what each would show.
        distance = [abs(yes - (10 - guess)) + abs(no - guess) for guess in (0, 1)]
        guess = 0 if distance[0] < distance[1] else 1 if distance[1] < distance[0] else below.randrange(2)
        right += guess == truth
    share = right / (DRAWS // 2)
    bound = math.e**2 / (1 + math.e**2)
    assert 0.6 < share <= bound + 0.01


def test_several_choices_get_noise_for_all_that_one_person_may_change() -> None:
    for most in (1, 2, 3, 5):
        scale = scale_of(EPSILON, most)
        tally = Tally({"q": Histogram(frozenset())}, 2)
        tally.add(0, {"q": tuple(f"a{number}" for number in range(most))})
        tally.add(1, {"q": tuple(f"b{number}" for number in range(most))})
        before, after = tally.of(0), tally.of(1)
        moved = sum(abs(before[cell] - after[cell]) for cell in before | after)
        assert Fraction(moved) / scale <= EPSILON
        silent = sum(before.values())  # against somebody who passes the question over
        assert Fraction(silent) / scale <= EPSILON


async def released(conn: AsyncConnection, folder: Path, seed: int) -> dict[tuple[str, str, str], int]:
    """Release 60 people of three units, all of whom say yes and x; give what is kept, by unit, question and option."""
    keys = Keys.open(folder / f"keys-{seed}.json")
    await join_people(conn, range(1, 61))
    town = worlds.World(conn, keys)
    for number in range(1, 61):
        await town.send(number, ("a", "b", "e")[number % 3], record({"q1": ["yes"], "q2": ["x"]}))
    assert await release(conn, keys, replace(order(), rules=NOISY, below=Random(seed).randrange))
    its, of = released_count.c, release_group.c
    rows = await conn.execute(select(of.unit_id, its.question, its.option, its.n).where(its.group_id == of.id))
    return {(row.unit_id, row.question, row.option): row.n for row in rows}


async def test_what_is_stored_is_not_what_was_counted(conn: AsyncConnection, tmp_path: Path) -> None:
    await build_tree(conn)
    values = await released(conn, tmp_path, 5)
    exact = {"yes": 20, "x": 20, "no": 0, "y": 0, "z": 0, ANSWERED: 20}
    off = [n - exact[option] for (_, _, option), n in values.items()]
    assert len(off) == 3 * (3 + 4)
    assert sum(1 for each in off if each) > 5
    scales = set((await conn.execute(select(released_question.c.scale))).scalars())
    assert scales == {"1"}
    assert FORM in set((await conn.execute(select(released_question.c.questionnaire))).scalars())


async def test_chance_in_a_running_house_comes_from_the_system_and_is_never_fixed(tmp_path: Path) -> None:
    foundation = await lay(Settings(data_dir=tmp_path, _env_file=None))
    assert foundation.house.below is secrets.randbelow
    await foundation.close()
    for folder in ("models", "handlers"):
        for path in sorted((Path(models.__path__[0]).parent / folder).rglob("*.py")):
            names = [
                name.name
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Import | ast.ImportFrom)
                for name in (node.names if isinstance(node, ast.Import) else [ast.alias(node.module or "")])
            ]
            if not path.name.startswith("exam"):  # the audit tries combinations by lot, and draws no noise
                assert "random" not in names, path


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(3)])
def test_noise_is_drawn_whatever_the_count_is(scale: Fraction) -> None:
    """The chance used up for a group depends on no answer, or the next group's noise would."""
    used = []
    for yes in (0, 7, 10):
        draws = Random(3)
        tally = Tally(ASKED, 1)
        for number in range(10):
            tally.add(0, {"q": ("yes" if number < yes else "no",)})
        Veil(ASKED, {"q": scale}, 10, draws.randrange).kept(tally.of(0))
        used.append(draws.random())
    assert len(set(used)) == 1
    assert isinstance(drawn(scale, Random(1).randrange), int)
