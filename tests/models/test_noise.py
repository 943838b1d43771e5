"""The sampler: whole numbers alone, the distribution that its source names, nothing that an answer could move."""

import ast
import math
import secrets
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from models import noise
from models.noise import drawn, lots, margin, scale_of, variance

DRAWS = 40_000


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(1, 2), Fraction(7, 3), Fraction(3)])
def test_every_value_comes_as_often_as_the_distribution_says(scale: Fraction) -> None:
    below = Random(2020).randrange
    found = Counter(drawn(scale, below) for _ in range(DRAWS))
    decay = math.exp(-1 / scale)
    surprise, cells = 0.0, 0
    for value in range(-30, 31):
        expected = DRAWS * (1 - decay) / (1 + decay) * decay ** abs(value)
        if expected >= 10:
            surprise += (found[value] - expected) ** 2 / expected
            cells += 1
    # Chi squared over some cells: beyond mean + 5 standard deviations once in a million runs (and the seed is fixed).
    assert surprise < cells + 5 * math.sqrt(2 * cells)


def test_chance_of_the_house_gives_the_same_spread() -> None:
    found = [drawn(Fraction(1), secrets.randbelow) for _ in range(DRAWS)]
    mean, spread = sum(found) / DRAWS, sum(value * value for value in found) / DRAWS
    deviation = math.sqrt(variance(Fraction(1)))
    assert abs(mean) < 6 * deviation / math.sqrt(DRAWS)
    # The fourth moment of this distribution makes the variance of its variance some 5.5 times its square.
    assert abs(spread - deviation**2) < 6 * math.sqrt(5.5 / DRAWS) * deviation**2


def test_the_scale_is_the_most_that_one_person_changes_over_epsilon() -> None:
    assert scale_of(Fraction(2), 1) == 1
    assert scale_of(Fraction(2), 3) == 3
    assert scale_of(Fraction(1, 2), 1) == 4


def test_no_floating_number_is_near_the_sampler() -> None:
    tree = ast.parse(Path(noise.__file__).read_text())
    sampler = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in ("drawn", "_happens")]
    assert len(sampler) == 2
    for node in (each for function in sampler for each in ast.walk(function)):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not isinstance(node, ast.Div)
        assert not (isinstance(node, ast.Name) and node.id in ("math", "float"))


def test_a_scale_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        drawn(Fraction(0), secrets.randbelow)


def test_the_margin_holds_95_times_of_100() -> None:
    below = Random(1).randrange
    for scale, groups in ((Fraction(1), 1), (Fraction(3), 1), (Fraction(1), 5), (Fraction(2), 40)):
        most = margin(groups * variance(scale))
        rounds = 2_000
        inside = sum(abs(sum(drawn(scale, below) for _ in range(groups))) <= most for _ in range(rounds))
        assert inside / rounds > 0.94
        assert margin(0) == 0


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 100, 255, 256, 257, 1000, 2**63])
def test_small_lots_are_all_as_likely(n: int) -> None:
    small, found = lots(Random(n).randrange), Counter[int]()
    for _ in range(30_000):
        drawn_now = small(n)
        assert 0 <= drawn_now < n
        found[drawn_now * 5 // n] += 1  # in fifths, none of them likelier than its size
    for fifth in range(5):
        share = (-(-(fifth + 1) * n // 5) - -(-fifth * n // 5)) / n
        assert abs(found[fifth] / 30_000 - share) < 0.015


def test_small_lots_use_up_nothing_of_a_sure_one() -> None:
    draws = Random(1)
    before = draws.getstate()
    assert lots(draws.randrange)(1) == 0
    assert draws.getstate() == before
