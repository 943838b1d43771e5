"""The road in and out on both databases: once in, at least once out, nothing lost when anything fails on the way."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.deliver import Delivery
from bot.outcomes import Gone, Outcome, Refused, Sent, Throttled, Unavailable, Unknown
from bot.receive import Road
from bot.writer import Writer
from models import outbox, seen
from models.database import Connection
from models.keys import Keys
from models.messages import Address, Inbound, Outbound
from models.outbox import Letter
from tests.platforms.clock import soon

NOW = datetime(2020, 1, 6, 2, tzinfo=UTC)
MAI = Address("wire", "mai")


def said(id: str, words: str = "chào", sender: Address = MAI) -> Inbound:
    """Something typed."""
    return Inbound(id=id, sender=sender, at=NOW, text=words)


async def echo(_conn: Connection, inbound: Inbound) -> Sequence[Outbound]:
    """Answer with what was said; "lỗi" is a bug, "mất" a database that is away."""
    if inbound.text == "lỗi":
        raise KeyError("what Mai typed")
    if inbound.text == "mất":
        raise OperationalError("SELECT", {}, OSError("gone"))
    return [Outbound(to=inbound.sender, text=inbound.text)]


def sorry(inbound: Inbound) -> Outbound:
    """The apology."""
    return Outbound(to=inbound.sender, text="xin lỗi")


@asynccontextmanager
async def road_on(engine: AsyncEngine, folder: Path) -> AsyncIterator[tuple[Road, Writer, Keys]]:
    """A road on a database."""
    keys = Keys.open(folder / "keys.json")
    writer = Writer(engine, 1 if engine.dialect.name == "sqlite" else 3)
    writer.start()
    yield Road(writer, keys, echo, sorry, lambda _: "2020-01"), writer, keys
    await writer.close()


async def texts(engine: AsyncEngine, keys: Keys, to: Address = MAI) -> list[str]:
    """What waits for somebody."""
    async with engine.begin() as conn:
        return [letter.outbound.text for letter in await outbox.waiting(conn, keys, to)]


async def test_one_id_is_answered_once_however_often_it_comes(engine: AsyncEngine, tmp_path: Path) -> None:
    async with road_on(engine, tmp_path) as (road, _, keys):
        await asyncio.gather(*(road.receive(said("1")) for _ in range(20)))
        assert await texts(engine, keys) == ["chào"]
        assert road.counts() == {"received": 1, "repeated": 19, "failed": 0}


async def test_a_bug_costs_only_its_own_message_and_is_apologised_for_once(
    engine: AsyncEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with road_on(engine, tmp_path) as (road, _, keys):
        await asyncio.gather(*(road.receive(said(str(n), "lỗi" if n == 5 else f"tin {n}")) for n in range(10)))
        await road.receive(said("5", "lỗi"))
        waiting = await texts(engine, keys)
        assert sorted(waiting) == sorted([*(f"tin {n}" for n in range(10) if n != 5), "xin lỗi"])
        async with engine.begin() as conn:
            failed = (await conn.execute(select(seen.seen.c.failed).where(seen.seen.c.failed.is_not(None)))).scalars()
            assert [place.startswith("KeyError at bot/test_road.py:") for place in failed] == [True]
    assert "what Mai typed" not in caplog.text


async def test_a_database_that_is_away_leaves_the_message_to_the_platform(engine: AsyncEngine, tmp_path: Path) -> None:
    async with road_on(engine, tmp_path) as (road, _, keys):
        with pytest.raises(Unavailable):
            await road.receive(said("1", "mất"))
        assert await texts(engine, keys) == []
        await road.receive(said("1", "lại"))
        assert await texts(engine, keys) == ["lại"], "the same id is welcome again: nothing had been kept"


async def test_one_persons_messages_stay_in_their_order(engine: AsyncEngine, tmp_path: Path) -> None:
    async with road_on(engine, tmp_path) as (road, _, keys):
        people = [Address("wire", f"p{n}") for n in range(5)]
        coming = [road.receive(said(f"{who.user}-{n}", str(n), who)) for n in range(20) for who in people]
        await asyncio.gather(*coming)
        for who in people:
            assert await texts(engine, keys, who) == [str(n) for n in range(20)]


async def test_closing_finishes_what_was_handed_in(engine: AsyncEngine, tmp_path: Path) -> None:
    async with road_on(engine, tmp_path) as (road, _, keys):
        coming = [asyncio.create_task(road.receive(said(str(n)))) for n in range(100)]
        await asyncio.sleep(0)
    await asyncio.gather(*coming)
    assert len(await texts(engine, keys)) == 100


async def test_bodies_are_sealed_and_bound_to_their_address(engine: AsyncEngine, tmp_path: Path) -> None:
    async with road_on(engine, tmp_path) as (road, _, _keys):
        await road.receive(said("1", "lương thấp quá"))
        async with engine.begin() as conn:
            sealed = (await conn.execute(select(outbox.outbox.c.sealed))).scalar_one()
            assert "lương thấp".encode() not in sealed
            await conn.execute(text("UPDATE outbox SET \"user\" = 'lan'"))
        assert await texts(engine, _keys, Address("wire", "lan")) == []
        assert await left(engine) == 0, "nobody can ever read it"


class Wire:
    """A platform that answers as it is told, and remembers what it got."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.got: list[str] = []

    async def send(self, outbound: Outbound) -> Outcome:
        """Take a message."""
        await asyncio.sleep(0)
        self.got.append(outbound.text)
        return self.outcomes.pop(0) if self.outcomes else Sent()


@asynccontextmanager
async def delivering(
    engine: AsyncEngine, folder: Path, wire: Wire, at: datetime = NOW
) -> AsyncIterator[tuple[Road, Delivery]]:
    """A road whose channel "wire" delivers to a platform."""
    async with road_on(engine, folder) as (road, writer, keys):
        delivery = Delivery("wire", wire, writer, keys, lambda: at)
        road.hands["wire"] = delivery.hand
        running = asyncio.create_task(delivery.run())
        yield road, delivery
        await delivery.drain(0.5 if delivery.resting else 5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def left(engine: AsyncEngine) -> int:
    """How many rows the outbox has."""
    async with engine.begin() as conn:
        return int((await conn.execute(select(func.count()).select_from(outbox.outbox))).scalar_one())


async def test_what_was_delivered_is_forgotten(engine: AsyncEngine, tmp_path: Path) -> None:
    wire = Wire()
    async with delivering(engine, tmp_path, wire) as (road, _):
        await asyncio.gather(*(road.receive(said(str(n), str(n))) for n in range(10)))
    assert wire.got == [str(n) for n in range(10)], "in order"
    assert await left(engine) == 0


async def test_a_short_rest_delays_and_loses_nothing(engine: AsyncEngine, tmp_path: Path) -> None:
    wire = Wire(Throttled(0.05), Throttled(0.05))
    async with delivering(engine, tmp_path, wire) as (road, delivery):
        await road.receive(said("1"))
        await delivery.drain(5)
    assert wire.got == ["chào"] * 3
    assert await left(engine) == 0


async def test_a_long_rest_keeps_the_message_in_the_database_for_whoever_is_there_after_it(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    wire = Wire(Throttled(3600))
    async with delivering(engine, tmp_path, wire) as (road, delivery):
        await road.receive(said("1"))
        await soon(lambda: delivery.resting)
    assert wire.got == ["chào"]
    assert await left(engine) == 1
    later = Wire()
    async with delivering(engine, tmp_path, later, NOW + timedelta(hours=2)):
        await soon(lambda: later.got)
    assert later.got == ["chào"]
    assert await left(engine) == 0


async def test_gone_ends_everything_for_that_address_only(engine: AsyncEngine, tmp_path: Path) -> None:
    wire = Wire(Gone())
    async with delivering(engine, tmp_path, wire) as (road, _):
        await road.writer.write(lambda conn: _put_three(conn, road))
        await road.receive(said("1"))
    assert wire.got == ["chào"]
    assert await left(engine) == 1, "somebody else's message stays"


async def _put_three(conn: Connection, road: Road) -> None:
    for user in ("mai", "mai", "lan"):
        await outbox.put(conn, road.keys, "2020-01", [Outbound(to=Address("wire", user), text="khác")], NOW)


@pytest.mark.parametrize(
    ("outcomes", "sends", "kept"),
    [((Unknown(), Sent()), 2, 0), ((Unknown(), Unknown()), 2, 1), ((Refused("too long"),), 1, 1)],
)
async def test_what_may_have_arrived_is_tried_once_more_and_what_was_refused_never(
    engine: AsyncEngine, tmp_path: Path, outcomes: tuple[Outcome, ...], sends: int, kept: int
) -> None:
    wire = Wire(*outcomes)
    async with delivering(engine, tmp_path, wire) as (road, delivery):
        await road.receive(said("1"))
        await delivery.drain(5)
    assert len(wire.got) == sends
    assert await left(engine) == kept, "what was given up waits for somebody to look at it"


async def test_what_a_dead_process_left_is_taken_over_when_its_lease_ends(engine: AsyncEngine, tmp_path: Path) -> None:
    async with road_on(engine, tmp_path) as (road, _, _keys):
        await road.receive(said("1", "bỏ lại"))
    early = Wire()
    async with delivering(engine, tmp_path, early, NOW + outbox.LEASE / 2):
        await asyncio.sleep(0.1)
    assert early.got == [], "another process may still be sending it"
    late = Wire()
    async with delivering(engine, tmp_path, late, NOW + outbox.LEASE * 2):
        await soon(lambda: late.got)
    assert late.got == ["bỏ lại"]


async def test_two_claimers_never_take_the_same_row(engine: AsyncEngine, tmp_path: Path) -> None:
    async with road_on(engine, tmp_path) as (road, _, keys):
        await asyncio.gather(*(road.receive(said(str(n), str(n))) for n in range(50)))

    async def claimed() -> list[Letter]:
        async with engine.begin() as conn:
            return await outbox.claim(conn, keys, "wire", NOW + timedelta(minutes=5), limit=20)

    taken = [letter.id for letters in await asyncio.gather(*(claimed() for _ in range(4))) for letter in letters]
    assert len(taken) == len(set(taken)) == 50


async def test_messages_that_a_platform_took_are_counted_with_their_settling(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    wire = Wire(Sent("3", ("1", "2")), Refused("no"), Unknown(), Unknown())
    counted: list[int] = []

    async def count(_conn: Connection, messages: int) -> None:
        counted.append(messages)

    async with delivering(engine, tmp_path, wire) as (road, delivery):
        delivery.counted = count
        for number in range(3):
            await road.receive(said(str(number)))
            await soon(lambda number=number: len(wire.got) > number)  # type: ignore[misc]
        await soon(lambda: len(wire.got) == 4 and sum(counted) == 4)
    assert await left(engine) == 2, "what was given up"
