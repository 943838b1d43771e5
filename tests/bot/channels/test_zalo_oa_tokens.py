"""The tokens of an Official Account: sealed, bought by one, committed before use, and an end that is an end."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.after import after_release
from bot.channel import Ground
from bot.channels.replies import Failed
from bot.channels.session import open_session
from bot.channels.tokens import Shop, Shut, Spent, Tokens
from bot.channels.zalo_oa_tokens import PATH, WHOSE, buy
from bot.foundation import Foundation
from bot.outcomes import Unavailable
from bot.receive import Road
from bot.settings import Settings
from bot.vault import Vault
from bot.writer import Writer
from conversations import packs
from handlers.house import House
from locales import phrases
from models import leases, tokens
from models.keys import STANDING, Keys
from models.messages import Inbound, Outbound
from models.tokens import Kept, Pair, fingerprint, platform_token
from tests.platforms.zalo_oa import APP_ID, APP_SECRET, TOKEN, FakeZaloOA, Fault

PACK = Path(__file__).parents[3] / "conversations" / "campaigns" / "kh136"
NAME = "zalo-oa"


async def nobody(_conn: object, _inbound: Inbound) -> list[Outbound]:
    """Answer nothing."""
    return []


class Process:
    """One process of a house: its ground, its vault, its tokens."""

    def __init__(self, ground: Ground, server: FakeZaloOA, session: aiohttp.ClientSession, begin: str) -> None:
        self.ground = ground
        shop = partial(buy, session, server.base_url, (APP_ID, APP_SECRET))
        self.vault = Vault(ground, NAME)
        self.tokens = Tokens(self.vault, Shop(WHOSE, shop, begin), ground.foundation.now)

    async def kept(self) -> Kept:
        found = await self.vault.open()
        assert found is not None
        return found


class Houses:
    """Processes on one database, beside one Zalo."""

    def __init__(self, engine: AsyncEngine, folder: Path, server: FakeZaloOA) -> None:
        self.engine, self.server = engine, server
        self.keys = Keys.open(folder / "keys.json")
        self.session = open_session()
        self.writers: list[Writer] = []
        self.begin = server.oauth.explorer()[1]

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.server.clock.now(), UTC)

    def process(self, begin: str | None = None) -> Process:
        writer = Writer(self.engine)
        writer.start()
        self.writers.append(writer)
        house = House(packs.load(PACK), phrases.load(), self.keys)
        foundation = Foundation(Settings(_env_file=None), self.engine, house, self.now)
        road = Road(writer, self.keys, nobody, lambda _: None, lambda _: "2020-01")
        ground = Ground(foundation, writer, road, f"process {len(self.writers)}")
        return Process(ground, self.server, self.session, self.begin if begin is None else begin)


@pytest.fixture
async def houses(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Houses]:
    async with FakeZaloOA() as server:
        houses = Houses(engine, tmp_path, server)
        yield houses
        await houses.session.close()
        for writer in houses.writers:
            await writer.close()


async def test_a_beginning_buys_a_pair_and_keeps_it_sealed(houses: Houses, engine: AsyncEngine) -> None:
    process = houses.process()
    access = await process.tokens.access()
    assert houses.server.oauth.valid(access) == 0
    kept = await process.kept()
    assert kept.pair is not None
    assert (kept.pair.access, kept.begun_with, kept.spent) == (access, fingerprint(houses.begin), False)
    async with engine.connect() as conn:
        row = (await conn.execute(select(platform_token))).one()
    for secret in (access, kept.pair.refresh, houses.begin):
        assert secret.encode() not in row.sealed
        assert secret not in str(row) + repr(kept)


async def test_a_second_life_uses_what_is_kept_and_the_setting_no_more(houses: Houses) -> None:
    access = await houses.process().tokens.access()
    assert await houses.process().tokens.access() == access
    assert await houses.process("").tokens.access() == access
    assert houses.server.oauth.bought == 1


async def test_it_is_renewed_at_twenty_hours_and_not_before(houses: Houses) -> None:
    process = houses.process()
    first = await process.tokens.access()
    houses.server.clock.skip(19.9 * 3600)
    await process.tokens.look()
    assert houses.server.oauth.bought == 1
    houses.server.clock.skip(0.2 * 3600)
    await process.tokens.look()
    assert houses.server.oauth.bought == 2
    assert await process.tokens.access() != first


async def test_a_month_of_days_is_spoken_for(houses: Houses) -> None:
    process = houses.process()
    for _ in range(60):
        await process.tokens.look()
        assert houses.server.oauth.valid(await process.tokens.access()) == 0
        houses.server.clock.skip(12 * 3600)
    assert houses.server.oauth.refused == 0


async def test_many_who_are_refused_at_once_buy_once(houses: Houses) -> None:
    process = houses.process()
    refused = await process.tokens.access()
    houses.server.oauth.revoke()
    given = await asyncio.gather(*(process.tokens.access(but_not=refused) for _ in range(20)))
    assert len({*given, refused}) == 2
    assert houses.server.oauth.bought == 2


async def test_two_processes_buy_once(houses: Houses) -> None:
    one, two = houses.process(), houses.process()
    houses.server.fail(Fault(PATH, slow=0.7))
    assert await one.tokens.access() == await two.tokens.access()
    houses.server.clock.skip(21 * 3600)
    houses.server.fail(Fault(PATH, slow=0.7))
    await asyncio.gather(one.tokens.look(), two.tokens.look())
    assert await one.tokens.access() == await two.tokens.access()
    assert (houses.server.oauth.bought, houses.server.oauth.refused) == (2, 0)


async def test_who_was_refused_takes_what_another_process_bought(houses: Houses) -> None:
    one, two = houses.process(), houses.process()
    old = await one.tokens.access()
    assert await two.tokens.access() == old
    houses.server.clock.skip(21 * 3600)
    await one.tokens.look()
    assert await two.tokens.access(but_not=old) == await one.tokens.access() != old
    assert houses.server.oauth.bought == 2


async def test_a_pair_is_committed_before_it_is_used(houses: Houses) -> None:
    process = houses.process()
    seen: list[str] = []

    class Watched(Vault):
        async def save(self, kept: Kept) -> None:
            waiting = asyncio.create_task(process.tokens.access())
            await asyncio.sleep(0.05)
            assert not waiting.done(), "nobody speaks with what is not kept"
            waiting.cancel()
            await Vault.save(self, kept)
            seen.append("kept")

    process.tokens = Tokens(
        Watched(process.ground, NAME),
        Shop(WHOSE, partial(buy, houses.session, houses.server.base_url, (APP_ID, APP_SECRET)), houses.begin),
        houses.now,
    )
    access = await process.tokens.access()
    assert seen == ["kept"]
    kept = (await process.kept()).pair
    assert kept is not None
    assert kept.access == access


async def test_whoever_gives_up_waiting_does_not_lose_what_was_bought(houses: Houses) -> None:
    process = houses.process()
    houses.server.fail(Fault(PATH, slow=0.5))
    waiting = asyncio.create_task(process.tokens.access())
    await asyncio.sleep(0.2)
    waiting.cancel()
    assert houses.server.oauth.valid(await process.tokens.access()) == 0
    assert (houses.server.oauth.bought, houses.server.oauth.refused) == (1, 0)


async def test_the_end_waits_for_what_was_bought_to_be_kept(houses: Houses) -> None:
    process = houses.process()
    houses.server.fail(Fault(PATH, slow=0.5))
    waiting = asyncio.create_task(process.tokens.access())
    await asyncio.sleep(0.2)
    waiting.cancel()
    await process.tokens.settle(5.0)
    assert (await process.kept()).pair is not None


async def test_a_database_that_is_away_while_buying_delays_and_loses_nothing(houses: Houses) -> None:
    process = houses.process()
    failures = 2

    class Away(Vault):
        async def save(self, kept: Kept) -> None:
            nonlocal failures
            if failures:
                failures -= 1
                raise Unavailable
            await Vault.save(self, kept)

    shop = partial(buy, houses.session, houses.server.base_url, (APP_ID, APP_SECRET))
    patient = Tokens(Away(process.ground, NAME), Shop(WHOSE, shop, houses.begin), houses.now)
    assert houses.server.oauth.valid(await patient.access()) == 0
    assert houses.server.oauth.bought == 1


async def crashed(houses: Houses) -> Process:
    """A process bought a pair and died before it was kept."""
    process = houses.process()
    await process.tokens.access()
    kept = (await process.kept()).pair
    assert kept is not None
    houses.server.clock.skip(21 * 3600)
    await buy(houses.session, houses.server.base_url, (APP_ID, APP_SECRET), kept.refresh)
    return houses.process()


async def test_a_crash_between_buying_and_keeping_is_the_end_told_once_and_no_loop(
    houses: Houses, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    survivor = await crashed(houses)
    for _ in range(5):
        await survivor.tokens.look()
        with pytest.raises(Shut):
            await survivor.tokens.access(but_not=await survivor.tokens.access())
    assert "ZALO_OA_REFRESH_TOKEN" in survivor.tokens.trouble
    third = houses.process()
    await third.tokens.look()
    assert third.tokens.trouble
    assert houses.server.oauth.refused == 1, "a spent token is shown once, by all lives of all processes"
    assert caplog.text.count("set a fresh ZALO_OA_REFRESH_TOKEN") == 2


async def test_a_fresh_token_in_the_settings_is_a_new_beginning(houses: Houses) -> None:
    survivor = await crashed(houses)
    await survivor.tokens.look()
    assert survivor.tokens.trouble
    again = houses.process(houses.server.oauth.explorer()[1])
    await again.tokens.look()
    assert again.tokens.trouble == ""
    assert houses.server.oauth.valid(await again.tokens.access()) == 0
    await survivor.tokens.look()
    assert survivor.tokens.trouble == ""


async def test_a_beginning_that_is_refused_is_tried_once_and_harms_no_working_pair(houses: Houses) -> None:
    access = await houses.process().tokens.access()
    for _ in range(3):
        wrong = houses.process("not-a-token")
        await wrong.tokens.look()
        assert await wrong.tokens.access() == access
        assert wrong.tokens.trouble == ""
    assert houses.server.oauth.refused == 1


async def test_nothing_to_begin_with_is_the_end_until_there_is(houses: Houses) -> None:
    wrong = houses.process("not-a-token")
    for _ in range(3):
        with pytest.raises(Shut):
            await wrong.tokens.access()
    assert wrong.tokens.trouble
    assert houses.server.oauth.refused == 1
    assert await houses.process().tokens.access()


async def test_a_token_refused_right_after_it_was_bought_is_not_bought_again(houses: Houses) -> None:
    process = houses.process()
    fresh = await process.tokens.access(but_not=await process.tokens.access())
    for _ in range(5):
        with pytest.raises(Shut):
            await process.tokens.access(but_not=fresh)
        await process.tokens.look()
        assert process.tokens.trouble
    assert houses.server.oauth.bought == 2
    houses.server.clock.skip(21 * 3600)
    await process.tokens.look()
    assert process.tokens.trouble == ""


@pytest.mark.parametrize(
    "fault",
    [
        Fault(TOKEN, status=502, body=b"<html></html>"),
        Fault(TOKEN, status=200, body=b"<html>log in</html>"),
        Fault(TOKEN, status=503, body=b""),
    ],
)
async def test_a_host_that_is_away_is_not_the_end(houses: Houses, fault: Fault) -> None:
    process = houses.process()
    houses.server.fail(fault)
    with pytest.raises(Failed):
        await process.tokens.access()
    assert await process.tokens.access()
    assert process.tokens.trouble == ""


@pytest.mark.parametrize(
    "told", ['{"error":-14014}', "{}", '{"access_token":"x"}', '{"access_token":1,"refresh_token":2}']
)
async def test_an_answer_without_both_tokens_is_the_end(houses: Houses, told: str) -> None:
    houses.server.fail(Fault(TOKEN, status=200, body=told.encode()))
    with pytest.raises(Spent):
        await buy(houses.session, houses.server.base_url, (APP_ID, APP_SECRET), "x")


async def test_a_release_does_not_destroy_the_key_of_the_tokens(houses: Houses) -> None:
    process = houses.process()
    access = await process.tokens.access()
    houses.keys.seal("2019-12", b"x", b"y")
    assert await after_release(process.ground.foundation, process.ground.writer, "2020-02")
    assert houses.keys.names() == [STANDING]
    assert await houses.process("").tokens.access() == access


async def test_a_lost_key_asks_for_a_new_beginning(houses: Houses) -> None:
    await houses.process().tokens.access()
    houses.keys.destroy(STANDING)
    forgetful = houses.process()
    with pytest.raises(Shut):
        await forgetful.tokens.access()


async def test_sealed_tokens_of_one_channel_are_not_anothers(houses: Houses, engine: AsyncEngine) -> None:
    at = houses.now()
    async with engine.begin() as conn:
        await tokens.save(conn, houses.keys, "one", Kept(Pair("a", "b"), at, "x"))
        await conn.execute(text("UPDATE platform_token SET channel = 'two'"))
        assert await tokens.load(conn, houses.keys, "two") == Kept(None, at, "x")
        assert await tokens.load(conn, houses.keys, "one") is None


async def test_a_lease_can_be_given_up_by_its_holder_alone(engine: AsyncEngine) -> None:
    at, lasts = datetime(2020, 1, 6, tzinfo=UTC), timedelta(seconds=60)
    async with engine.begin() as conn:
        assert await leases.take(conn, "x", "one", at, lasts)
        await leases.leave(conn, "x", "two")
        assert not await leases.take(conn, "x", "two", at, lasts)
        await leases.leave(conn, "x", "one")
        assert await leases.take(conn, "x", "two", at, lasts)


@asynccontextmanager
async def running(tokens: Tokens) -> AsyncIterator[None]:
    task = asyncio.create_task(tokens.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_nothing_secret_reaches_the_log(houses: Houses, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    process = houses.process()
    houses.server.fail(Fault(TOKEN, lost=True))
    async with running(process.tokens):
        await asyncio.sleep(0.3)
    kept = await process.vault.open()
    pair = (kept.pair if kept else None) or Pair("none-at-all", "none-at-all")
    for secret in (pair.access, pair.refresh, houses.begin, APP_SECRET):
        assert secret not in caplog.text
