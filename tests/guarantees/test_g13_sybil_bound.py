"""G13: accounts made for the occasion, and officers' own, never make a group possible; they may only ride along."""

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.officers import role_grant
from models.participation import RELEASED, participation
from models.planner import Patience, Waiting, plan
from models.released import release_group
from tests.models.world import AT, World, join_people, record, world

TREE = (("a", "d"), ("b", "d"), ("d", "p"), ("e", "p"), ("p", None))
YES = record({"q1": ["yes"]})
K = 5
TARGET = 1


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> World:
    return await world(conn, tmp_path)


async def appoint(town: World, people: range) -> None:
    for number in people:
        grant = {"person_id": number, "role": "officer", "unit_id": "a", "granted_at": AT, "granted_by": "test"}
        await town.conn.execute(insert(role_grant), grant)


async def released(town: World) -> int:
    its = participation.c
    found = select(func.count()).where(its.person_id == TARGET, its.state == RELEASED)
    return int((await town.conn.execute(found)).scalar_one())


@pytest.mark.parametrize("fakes", range(1, 3 * K))
@pytest.mark.parametrize("kind", ["new", "officers"])
async def test_a_quiet_month_with_fakes_around_one_person_stays_closed(town: World, fakes: int, kind: str) -> None:
    """The attack on a threshold mix: wait until only one honest person is there, and fill the rest."""
    await join_people(town.conn, [TARGET])
    liars = range(100, 100 + fakes)
    await join_people(town.conn, liars, "2019-12" if kind == "officers" else "2020-01")
    if kind == "officers":
        await appoint(town, liars)
    for number in (TARGET, *liars):
        await town.send(number, "a", YES)
    await town.release()
    assert not await released(town)
    assert (await town.conn.execute(select(func.count()).select_from(release_group))).scalar_one() == 0


async def test_fakes_do_not_lift_four_honest_people_over_the_threshold(town: World) -> None:
    await join_people(town.conn, range(1, K))
    await join_people(town.conn, range(100, 150), "2020-01")
    for number in (*range(1, K), *range(100, 150)):
        await town.send(number, "a", YES)
    await town.release()
    assert not await released(town)


async def test_one_more_honest_person_opens_the_group_and_the_fakes_ride_along(town: World) -> None:
    await join_people(town.conn, range(1, K + 1))
    await join_people(town.conn, range(100, 103), "2020-01")
    for number in (*range(1, K + 1), *range(100, 103)):
        await town.send(number, "a", YES)
    await town.release()
    assert await released(town)
    assert list((await town.conn.execute(select(release_group.c.n))).scalars()) == [K + 3]


async def test_a_role_ended_within_the_period_still_does_not_count(town: World) -> None:
    await join_people(town.conn, [TARGET, *range(100, 104)])
    await appoint(town, range(100, 104))
    await town.conn.execute(role_grant.update().values(ended_at=AT))
    for number in (TARGET, *range(100, 104)):
        await town.send(number, "a", YES)
    await town.release()
    assert not await released(town)


def test_in_a_thousand_random_towns_no_group_rests_on_accounts_that_do_not_count() -> None:
    lots = Random(13)
    for _ in range(1_000):
        people = [
            Waiting(number, lots.choice(("a", "b", "d", "e", "p")), lots.randrange(4), lots.random() < 0.4)
            for number in range(lots.randrange(1, 60))
        ]
        countable = {one.person for one in people if one.countable}
        decided = plan(TREE, people, Patience(K, 2, lots.random() < 0.3))
        for group in decided.groups:
            assert len(countable & set(group.members)) >= K
        alone = plan(TREE, [one for one in people if not one.countable], Patience(K, 2, True))
        assert alone.groups == ()


def test_isolation_of_one_person_never_succeeds_with_accounts_that_do_not_count() -> None:
    """Others slip in at 5 % a message; the attacker adds fakes at every turn and waits for the group to open."""
    lots = Random(130)
    successes = 0
    for _ in range(500):
        honest = 1 + sum(lots.random() < 0.05 for _ in range(5 * 9))
        fakes = lots.randrange(1, 40)
        people = [Waiting(number, "a", 0, number < honest) for number in range(honest + fakes)]
        for group in plan(TREE, people, Patience(K, 2)).groups:
            successes += sum(1 for member in group.members if member < honest) < K
    assert successes == 0
