"""Rules are frozen at the first answer and may only be tightened; versions of questionnaires are kept as they were."""

from datetime import date

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from models import rules, versions
from models.rules import Frozen, Rules, strictest

DAY = date(2020, 1, 6)


async def test_only_the_first_answer_freezes(conn: AsyncConnection) -> None:
    assert await rules.frozen(conn, "du-thao") is None
    await rules.freeze(conn, "du-thao", Rules(10, 2), DAY, "v1")
    await rules.freeze(conn, "du-thao", Rules(5, 0), date(2021, 1, 1), "v2")
    assert await rules.frozen(conn, "du-thao") == Frozen(Rules(10, 2), DAY, 0, "v1")


async def test_loosened_rules_are_told_in_sentences(conn: AsyncConnection) -> None:
    await rules.freeze(conn, "du-thao", Rules(10, 2), DAY, "v1")
    assert await rules.check_rules(conn, {"du-thao": Rules(10, 2), "doi-song": Rules(5, 0)}) == []
    assert await rules.check_rules(conn, {"du-thao": Rules(12, 3)}) == []
    assert await rules.check_rules(conn, {"du-thao": Rules(9, 1), "doi-song": Rules(4, 2)}) == [
        "doi-song: k is 4; groups of fewer than 5 people are refused",
        "du-thao: k is 9, but people answered under k = 10; it may only grow",
        "du-thao: hold is 1, but people answered under hold = 2; it may only grow",
    ]


def test_of_two_rules_the_stricter_holds() -> None:
    assert strictest(Rules(5, 3), Rules(10, 2)) == Rules(10, 3)


async def test_fewer_than_five_is_refused_twice(conn: AsyncConnection) -> None:
    with pytest.raises(ValueError, match="fewer than 5"):
        await rules.freeze(conn, "du-thao", Rules(4, 2), DAY, "v1")
    row = {"questionnaire": "du-thao", "k": 4, "hold": 2, "tree_on": DAY, "edition": 0, "version": "v1"}
    with pytest.raises(IntegrityError):
        await conn.execute(insert(rules.frozen_rule), row)


async def test_a_version_stays_as_it_was_begun(conn: AsyncConnection) -> None:
    await versions.remember(conn, "du-thao", "v1", "old")
    await versions.remember(conn, "du-thao", "v1", "changed")
    await versions.remember(conn, "du-thao", "v2", "new")
    assert await versions.body(conn, "v1") == "old"
    assert await versions.body(conn, "v3") is None
    assert await versions.bodies(conn, "du-thao") == {"v1": "old", "v2": "new"}
    assert await versions.bodies(conn, "doi-song") == {}
