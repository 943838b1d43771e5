"""G1: after a release, nothing at rest and nothing any officer can see changes when two members of one group exchange
their answers.

Two worlds are lived through alike at the real desk; in one, two people have exchanged what they say. Every table, the
dump of SQLite's file, and every screen with its picture are then the same, byte for byte.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages import Outbound
from tests.guarantees.dumps import Dump, apart, dump, script
from tests.guarantees.tour import glance, tour
from tests.guarantees.town import Given, Town, populated, taps

SIZES = {"xa-1": 7, "xa-2": 3, "huyen-b": 6}
BLOCKS = (("viec-lam", "vi-sao"), ("quan-tam",), ("thang-vao",), ("de-nghi",))  # "vi-sao" is asked only of some
QUICK = (Phase.explicit, Phase.generate)  # two whole worlds are lived through for each example
ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # storage is not the point
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
Answers = dict[str, Given]


def said(seed: int) -> Answers:
    """What everybody says; in a group of 7 or 6 hardly two say the same."""
    chance = Random(seed)
    everybody: Answers = {}
    for who in [f"{code}.{number}" for code, size in SIZES.items() for number in range(size)]:
        its: dict[str, str | tuple[str, ...]] = {"viec-lam": chance.choice(["on", "thieu", "lo", "decline"])}
        if its["viec-lam"] == "lo":
            its["vi-sao"] = f"Vì lương thấp, lần {chance.randrange(1000)}"
        if chance.random() < 0.8:
            its["quan-tam"] = tuple(sorted(chance.sample(["luong", "nha", "an"], chance.randint(1, 2))))
        if chance.random() < 0.8:
            its["thang-vao"] = f"2015-0{chance.randint(1, 3)}-1{chance.randint(0, 9)}"
        if chance.random() < 0.8:
            its["de-nghi"] = f"Đề nghị thêm nước uống, lần {chance.randrange(1000)}"
        everybody[who] = its
    return everybody


def exchanged(answers: Answers, pair: tuple[str, str], blocks: tuple[tuple[str, ...], ...]) -> Answers:
    """The same answers, but for what two people have exchanged."""
    one, other = pair
    swapped = {question for block in blocks for question in block}
    theirs = {
        who: {key: value for key, value in answers[who].items() if key not in swapped}
        | {key: value for key, value in answers[source].items() if key in swapped}
        for who, source in ((one, other), (other, one))
    }
    return {**answers, **theirs}


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> Town:
    """Where everybody has joined and nobody has answered."""
    return await populated(conn, tmp_path / "town", SIZES)


@asynccontextmanager
async def lived(town: Town, answers: Answers) -> AsyncIterator[Town]:
    """Live through one world and take it back."""
    async with town.conn.begin_nested() as world:
        again = town.again(town.folder / "again")
        for who, given_ones in answers.items():
            await again.answer(who, "doi-song", given_ones)
            await again.answer(who, "nha-an", {"gio-an": "som"})
        yield again
        await world.rollback()


async def _at_rest(town: Town, answers: Answers) -> tuple[Dump, Dump]:
    """Everything at rest before and after the release."""
    async with lived(town, answers) as world:
        before = await dump(world.conn)
        await world.close_all("2020-01")
        return before, await dump(world.conn)


members = st.sampled_from(["xa-1", "huyen-b"]).flatmap(
    lambda code: st.lists(st.integers(0, SIZES[code] - 1), min_size=2, max_size=2, unique=True).map(
        lambda pair: (f"{code}.{pair[0]}", f"{code}.{pair[1]}")
    )
)
blocks = st.sets(st.sampled_from(BLOCKS), min_size=1).map(lambda chosen: tuple(sorted(chosen)))


@settings(
    max_examples=3, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(pair=members, some=blocks, seed=st.integers(0, 99))
async def test_exchanging_any_answers_changes_nothing_at_rest(
    town: Town, pair: tuple[str, str], some: tuple[tuple[str, ...], ...], seed: int
) -> None:
    answers = said(seed)
    _, one = await _at_rest(town, answers)
    _, other = await _at_rest(town, exchanged(answers, pair, some))
    assert apart(one, other) == {}
    assert len(one["release_group"]) == 4


@pytest.mark.long
@settings(
    max_examples=150, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(pair=members, some=blocks, seed=st.integers(0, 9999))
async def test_exchanging_any_answers_changes_nothing_at_rest_however_often(
    town: Town, pair: tuple[str, str], some: tuple[tuple[str, ...], ...], seed: int
) -> None:
    answers = said(seed)
    _, one = await _at_rest(town, answers)
    _, other = await _at_rest(town, exchanged(answers, pair, some))
    assert apart(one, other) == {}


@ONE_KIND
async def test_before_the_release_only_sealed_bytes_and_their_owner_know(town: Town) -> None:
    answers = said(1)
    swapped = exchanged(answers, ("xa-1.0", "xa-1.1"), BLOCKS)
    one, _ = await _at_rest(town, answers)
    other, _ = await _at_rest(town, swapped)
    assert set(apart(one, other)) <= {"person"}  # the length of the way that somebody goes; gone with the release
    async with lived(town, answers) as world:
        sealed = await dump(world.conn, sealed=True)
        mine = (await world.say("xa-1.0", "/mydata")).text
    async with lived(town, swapped) as world:
        assert "pending" in apart(sealed, await dump(world.conn, sealed=True))
        assert (await world.say("xa-1.0", "/mydata")).text != mine


async def _everything_seen(town: Town, answers: Answers) -> tuple[dict[str, Outbound], list[str]]:
    async with lived(town, answers) as world:
        await world.close_all("2020-01")
        seen = await tour(world, "canbo")
        return seen, await script(world.conn) if world.conn.dialect.name == "sqlite" else []


async def test_every_screen_and_the_file_itself_are_the_same(town: Town) -> None:
    answers = said(2)
    one, file = await _everything_seen(town, answers)
    other, its_file = await _everything_seen(town, exchanged(answers, ("xa-1.2", "xa-1.5"), BLOCKS))
    assert one == other
    assert any(screen.picture for screen in one.values())
    assert file == its_file


@ONE_KIND
async def test_people_of_two_groups_who_exchange_answers_are_seen(town: Town) -> None:
    answers = said(3)
    _, one = await _at_rest(town, answers)
    _, other = await _at_rest(town, exchanged(answers, ("xa-1.0", "huyen-b.0"), BLOCKS))
    assert set(apart(one, other)) == {"released_count"}


@ONE_KIND
async def test_a_column_that_keeps_the_order_of_people_would_be_seen(town: Town) -> None:
    """The dump sees what a careless release would keep: here, texts beside the number of their writer."""
    answers = said(4)
    dumps = []
    for world_said in (answers, exchanged(answers, ("xa-1.0", "xa-1.1"), BLOCKS)):
        async with lived(town, world_said) as world:
            await world.close_all("2020-01")
            rows = [(number, its.get("de-nghi", "")) for number, its in enumerate(world_said.values())]
            for number, words in rows:
                planted = {"id": number, "questionnaire": "doi-song", "question": "x", "open": True, "text": words}
                keep = "INSERT INTO released_text (id, questionnaire, question, open, text)"
                await world.conn.execute(text(f"{keep} VALUES (:id, :questionnaire, :question, :open, :text)"), planted)
            dumps.append(await dump(world.conn))
    assert set(apart(*dumps)) == {"released_text"}


@ONE_KIND
async def test_how_many_screens_somebody_has_seen_tells_nothing_and_old_taps_stay_old(town: Town) -> None:
    answers = said(6)
    async with lived(town, answers) as world:
        ways = {(await world.person(who)).revision for who in answers}
        before = world.screens["xa-1.0"]
        await world.close_all("2020-01")
        released = [await world.person(who) for who in answers if not who.startswith("xa-2")]
        assert len(ways) > 1
        assert len({person.revision for person in released}) == 1
        assert released[0].revision > max(ways)
        again = await world.say("xa-1.0", tap=taps(before)[0])
        assert (await world.person("xa-1.0")).talk == "receipt"  # the old tap did nothing; the screen is shown again
        assert taps(again)[0].partition(".")[0] == str(released[0].revision)


@ONE_KIND
async def test_the_first_pages_are_the_same_for_an_officer_of_one_unit_alone(town: Town) -> None:
    await town.join("canbo-1", "xa-1")
    await town.appoint("canbo-1", "xa-1")
    answers, seen = said(5), []
    for world_said in (answers, exchanged(answers, ("xa-1.3", "xa-1.4"), BLOCKS)):
        async with lived(town, world_said) as world:
            await world.close_all("2020-01")
            seen.append(await glance(world, "canbo-1"))
    assert seen[0] == seen[1]
