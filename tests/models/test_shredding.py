"""The end of a period's key: everything that waits is carried over or dropped, and then no copy can be read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from models import answers, outbox, participation, people, resealing, shredding
from models.keys import Keys
from models.messages import Address, Button, Outbound, Picture
from models.slips import Slip
from tests.models.world import FORM, World, join_people, world

AT = datetime(2020, 1, 6, 3, tzinfo=UTC)
MAI, LAN = Address("web", "mai"), Address("web", "lan")
FULL = Outbound(
    to=MAI,
    text="Câu trả lời hiện nay: lương thấp",
    title="Xem lại",
    buttons=((Button("Gửi", "3.send", style="primary"),),),
    picture=Picture(b"\x89PNG", "biểu đồ"),
    edits="17",
    role="officer",
)


@pytest.fixture
async def town(conn: AsyncConnection, tmp_path: Path) -> World:
    return await world(conn, tmp_path)


async def put(town: World, *outbounds: Outbound, period: str = "2020-01") -> None:
    """Let messages wait since a period."""
    await outbox.put(town.conn, town.keys, period, outbounds, AT)


async def waiting(town: World, to: Address = MAI) -> list[Outbound]:
    """What waits for somebody."""
    return [letter.outbound for letter in await outbox.waiting(town.conn, town.keys, to)]


async def close(town: World, current: str = "2020-02") -> list[str]:
    """End the periods before the current one, as the clock does."""
    await answers.rekey(town.conn, town.keys, current)
    await resealing.rekey(town.conn, town.keys, current)
    return await shredding.retire(town.conn, town.keys, current)


async def known(town: World, person_id: int, to: Address, state: str) -> None:
    """Let somebody have an address and an answer that waits or was released."""
    await join_people(town.conn, [person_id])
    await town.conn.execute(insert(people.address), {"channel": to.channel, "user": to.user, "person_id": person_id})
    await town.send(person_id, "a", b"said")
    await participation.settle(town.conn, FORM, [person_id], state, "2020-01")


async def test_what_waits_to_be_sent_outlives_the_key_it_was_sealed_under(town: World) -> None:
    await put(town, FULL, Outbound(to=LAN, text="khác"))
    assert await shredding.retire(town.conn, town.keys, "2020-02") == [], "messages wait under it"
    assert await close(town) == ["2020-01"]
    assert await waiting(town) == [FULL]
    assert town.keys.names() == ["2020-02"]


async def test_the_key_lives_as_long_as_either_needs_it(town: World) -> None:
    await put(town, FULL)
    await answers.keep(town.conn, town.keys, "2020-01", Slip(1, FORM, b"said"))
    await answers.rekey(town.conn, town.keys, "2020-02")
    assert await shredding.retire(town.conn, town.keys, "2020-02") == []
    await resealing.rekey(town.conn, town.keys, "2020-02")
    assert await shredding.retire(town.conn, town.keys, "2020-02") == ["2020-01"]
    await answers.keep(town.conn, town.keys, "2020-02", Slip(2, FORM, b"said"))
    await resealing.rekey(town.conn, town.keys, "2020-03")
    assert await shredding.retire(town.conn, town.keys, "2020-03") == []


async def test_a_screen_to_somebody_whose_answers_were_released_goes_with_them(town: World) -> None:
    await known(town, 1, MAI, participation.RELEASED)
    await known(town, 2, LAN, participation.PENDING)
    post = Outbound(to=MAI, text="Kết quả đã có", lane="broadcast")
    await put(town, FULL, post, Outbound(to=LAN, text="Xem lại"))
    await put(town, Outbound(to=MAI, text="Chào"), period="2020-02")
    await close(town)
    assert [one.text for one in await waiting(town)] == ["Kết quả đã có", "Chào"]
    assert [one.text for one in await waiting(town, LAN)] == ["Xem lại"]


async def test_many_messages_are_sealed_anew_and_keep_their_order(town: World) -> None:
    await put(town, *(Outbound(to=MAI, text=str(number)) for number in range(outbox.PAGE + 5)))
    assert await close(town) == ["2020-01"]
    assert [one.text for one in await waiting(town)] == [str(number) for number in range(outbox.PAGE + 5)]


async def test_a_message_put_late_waits_under_the_period_that_lives(town: World) -> None:
    await put(town, Outbound(to=LAN, text="early"))
    await close(town)
    await put(town, FULL)
    assert await waiting(town) == [FULL]
    assert town.keys.names() == ["2020-02"]


async def test_messages_of_the_first_version_and_its_key_leave_with_the_next_close(town: World) -> None:
    await put(town, FULL)
    sealed = town.keys.unseal("2020-01", await _sealed(town), b"web:mai")
    anew = town.keys.seal("outbox", sealed, b"web:mai")
    await town.conn.execute(text("UPDATE outbox SET period = 'outbox', sealed = :anew"), {"anew": anew})
    assert await waiting(town) == [FULL]
    assert "outbox" in await close(town)
    assert await waiting(town) == [FULL]
    assert town.keys.names() == ["2020-02"]


async def _sealed(town: World) -> bytes:
    sealed: bytes = (await town.conn.execute(select(outbox.outbox.c.sealed))).scalar_one()
    return sealed


async def test_what_no_key_opens_is_dropped_and_holds_nobody_up(town: World) -> None:
    await put(town, Outbound(to=MAI, text="lost"))
    town.keys.destroy("2020-01")
    await put(town, Outbound(to=MAI, text="kept"), period="2020-02")
    assert await resealing.lost(town.conn, town.keys) == ["2020-01"]
    later = AT + outbox.LEASE * 2
    claimed = await outbox.claim(town.conn, town.keys, "web", later)
    assert [letter.outbound.text for letter in claimed] == ["kept"]
    assert await resealing.lost(town.conn, town.keys) == []


async def test_a_row_that_somebody_spoilt_keeps_no_key_alive(town: World) -> None:
    await put(town, FULL)
    await town.conn.execute(text("UPDATE outbox SET channel = 'telegram'"))
    assert await close(town) == ["2020-01"]
    assert await resealing.periods(town.conn) == []


async def test_postgresql_clears_dead_rows_away(engine: AsyncEngine, tmp_path: Path) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite overwrites what is erased, and its log is cut to nothing")
    keys = Keys.open(tmp_path / "keys.json")
    async with engine.begin() as conn:
        for number in range(200):
            await answers.keep(conn, keys, "2020-01", Slip(number, FORM, b"said"))
            await outbox.put(conn, keys, "2020-01", [Outbound(to=MAI, text="Xem lại")], AT)
    async with engine.begin() as conn:
        await answers.rekey(conn, keys, "2020-02")
        await answers.erase(conn, FORM, range(200))
        await outbox.drop_queue(conn, MAI)
    assert await _size(engine) > 0
    assert await shredding.checkpoint(engine)
    assert await _size(engine) == 0, "nothing lives there, so whole files are given back"


async def _size(engine: AsyncEngine) -> int:
    async with engine.connect() as conn:
        size = "SELECT pg_relation_size('pending') + pg_relation_size('outbox')"
        return int((await conn.execute(text(size))).scalar_one())
