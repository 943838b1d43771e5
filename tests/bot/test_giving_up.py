"""What cannot be sent is not tried for ever: bounded tries and ages, dead letters without a word."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import deliver, hands
from bot.deliver import Delivery
from bot.outcomes import Outcome, Refused, Sent, Throttled, Unknown
from bot.watch import Watch
from bot.writer import Writer
from models import dead_letters, outbox, rests
from models.database import Connection
from models.keys import Keys
from models.messages import Address, Button, Outbound
from tests.platforms.clock import soon

NOW = datetime(2020, 1, 6, 2, tzinfo=UTC)
DAY = date(2020, 1, 6)


@dataclass
class Wire:
    """A platform that does as `does` says, and remembers what it was asked and what it took."""

    does: Callable[[str], Outcome]
    asked: list[str] = field(default_factory=list)
    took: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def send(self, outbound: Outbound) -> Outcome:
        """Take a message, or not."""
        self.asked.append(outbound.text)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        outcome = self.does(outbound.text)
        if isinstance(outcome, Sent):
            self.took.append(outbound.text)
        return outcome


@dataclass
class Scene:
    """A channel "wire" on a database, with a clock that the test turns."""

    engine: AsyncEngine
    keys: Keys
    writer: Writer
    at: datetime = NOW

    async def put(self, *outbounds: Outbound) -> None:
        """Leave messages for whoever is there."""
        await self.writer.write(lambda conn: self._put(conn, outbounds))

    async def _put(self, conn: Connection, outbounds: tuple[Outbound, ...]) -> None:
        letters = await outbox.put(conn, self.keys, "2020-01", outbounds, self.at)
        await outbox.free(conn, [letter.id for letter in letters])

    async def hand(self, delivery: Delivery, outbound: Outbound) -> None:
        """Put a message and hand it over, as the road does."""
        for letter in await self.writer.write(lambda conn: outbox.put(conn, self.keys, "2020-01", [outbound], self.at)):
            delivery.hand(letter)

    @asynccontextmanager
    async def sending(self, wire: Wire) -> AsyncIterator[Delivery]:
        """Let the channel send while the test looks."""
        delivery = Delivery("wire", wire, self.writer, self.keys, lambda: self.at)
        running = asyncio.create_task(delivery.run())
        yield delivery
        await delivery.drain(5.0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    async def heaps(self) -> list[dead_letters.Heap]:
        """What was given up."""
        return await self.writer.write(dead_letters.heaps)

    async def left(self) -> int:
        """How many rows the outbox has."""
        return sum((await self.writer.write(outbox.depth)).values())


@asynccontextmanager
async def scene(engine: AsyncEngine, folder: Path) -> AsyncIterator[Scene]:
    """Open it."""
    writer = Writer(engine, 1 if engine.dialect.name == "sqlite" else 3)
    writer.start()
    yield Scene(engine, Keys.open(folder / "keys.json"), writer)
    await writer.close()


def to(user: str, text: str, lane: str = "live", revision: int = 0) -> Outbound:
    """A message, a screen with a revision where that is given."""
    rows = ((Button("Có", f"{revision}.o:co"),),) if revision else ()
    return Outbound(Address("wire", user), text, buttons=rows, lane=lane)


async def test_what_was_refused_can_be_looked_at_without_a_word_of_it_and_sent_again(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    async with scene(engine, tmp_path) as on:
        refusing = Wire(lambda _: Refused('can\'t parse "lương thấp" of chat 5550001234: ' + "x" * 500))
        await on.put(to("mai", "lương thấp"))
        async with on.sending(refusing):
            await soon(on_asked(refusing, 1))
        (heap,) = await on.heaps()
        assert heap.reason.startswith("can't parse … of chat …: xxx")
        assert (heap.channel, heap.count, len(heap.kept), heap.first) == ("wire", 1, 1, "2020-01-06")
        assert len(heap.reason) <= dead_letters.LONGEST
        async with on.sending(refusing):
            await asyncio.sleep(0.3)
        assert len(refusing.asked) == 1, "it is not sent again by itself"
        async with engine.begin() as conn:
            assert await dead_letters.raise_again(conn, NOW, "telegram") == 0
            assert await dead_letters.raise_again(conn, NOW, ids=heap.kept) == 1
        well = Wire(lambda _: Sent())
        async with on.sending(well):
            await soon(lambda: well.took)
        assert (well.took, await on.heaps(), await on.left()) == (["lương thấp"], [], 0)


def on_asked(wire: Wire, count: int) -> Callable[[], bool]:
    """Whether a platform was asked so often."""
    return lambda: len(wire.asked) >= count


async def test_a_message_goes_after_a_week_and_what_is_known_of_it_after_four(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    async with scene(engine, tmp_path) as on:
        await on.put(to("mai", "1"))
        wire = Wire(lambda _: Refused("no"))
        async with on.sending(wire):
            await soon(on_asked(wire, 1))
        for days, left, heaps in ((7, 1, 1), (8, 0, 1), (28, 0, 1), (29, 0, 0)):
            async with engine.begin() as conn:
                await dead_letters.purge(conn, DAY + timedelta(days=days))
            assert (days, await on.left(), len(await on.heaps())) == (days, left, heaps)
            assert all(heap.kept == () for heap in await on.heaps()) or days == 7


async def test_a_message_that_fails_while_others_get_through_is_given_up(engine: AsyncEngine, tmp_path: Path) -> None:
    async with scene(engine, tmp_path) as on:
        wire = Wire(lambda text: Throttled(0.01) if text == "poison" else Sent())
        async with on.sending(wire) as delivery:
            await on.put(to("mai", "poison"))
            for number in range(200):
                await on.hand(delivery, to(f"p{number}", "well"))
                if delivery.counts["dead"]:
                    break
                await asyncio.sleep(0.03)
        (heap,) = await on.heaps()
        assert heap.reason == "it failed again and again while others got through"
        assert wire.asked.count("poison") >= deliver.TRIES


async def test_in_a_platforms_bad_hour_nothing_is_given_up(engine: AsyncEngine, tmp_path: Path) -> None:
    async with scene(engine, tmp_path) as on:
        down = [True]
        wire = Wire(lambda _: Throttled(0.005) if down[0] else Sent())
        await on.put(*(to(f"p{number}", str(number)) for number in range(40)))
        async with on.sending(wire) as delivery:
            await soon(on_asked(wire, 100))
            assert not delivery.well
            down[0] = False
            await soon(lambda: len(wire.took) == 40)
            assert delivery.well
        assert await on.heaps() == []


async def test_after_a_rest_one_message_asks_for_all(engine: AsyncEngine, tmp_path: Path) -> None:
    async with scene(engine, tmp_path) as on:
        down = [True]
        wire = Wire(lambda _: Throttled(0.02) if down[0] else Sent())
        await on.put(*(to(f"p{number}", str(number)) for number in range(40)))
        async with on.sending(wire):
            await soon(on_asked(wire, deliver.AT_ONCE))
            wire.most_at_once = 0
            await soon(on_asked(wire, deliver.AT_ONCE + 20))
            assert wire.most_at_once == 1
            down[0] = False


async def test_only_the_newest_screen_of_a_person_is_sent_after_a_delay(engine: AsyncEngine, tmp_path: Path) -> None:
    async with scene(engine, tmp_path) as on:
        screens = [to("mai", str(number), revision=number) for number in (1, 2, 3)]
        await on.put(*screens, to("mai", "thông báo", "broadcast"), to("lan", "khác", revision=1))
        on.at = NOW + timedelta(minutes=2)
        wire = Wire(lambda _: Sent())
        async with on.sending(wire):
            await soon(lambda: len(wire.took) == 3)
        assert [text for text in wire.took if text != "khác"] == ["3", "thông báo"]
        assert (wire.took.count("khác"), await on.left()) == (1, 0)


async def test_a_screen_has_a_point_for_a_day_and_an_official_message_for_a_week(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    async with scene(engine, tmp_path) as on:
        await on.put(to("mai", "màn hình"), to("lan", "thông báo", "broadcast"))
        on.at = NOW + timedelta(days=2)
        wire = Wire(lambda _: Sent())
        async with on.sending(wire):
            await soon(lambda: wire.took)
        assert wire.took == ["thông báo"]
        assert await on.left() == 0
        on.at = NOW
        await on.put(to("lan", "thông báo", "broadcast"))
        on.at = NOW + timedelta(days=8)
        async with on.sending(wire):
            await asyncio.sleep(0.1)
        assert len(wire.asked) == 1
        (heap,) = await on.heaps()
        assert heap.reason == "it could not be sent in time"


async def test_an_official_message_that_may_have_arrived_is_never_repeated(engine: AsyncEngine, tmp_path: Path) -> None:
    async with scene(engine, tmp_path) as on:
        wire = Wire(lambda _: Unknown())
        await on.put(to("lan", "thông báo", "broadcast"))
        async with on.sending(wire):
            await soon(on_asked(wire, 1))
        assert wire.asked == ["thông báo"]
        assert [heap.reason for heap in await on.heaps()] == ["no answer came, so it may have arrived"]


async def test_ten_times_what_the_hands_hold_waits_in_the_database_and_comes_in_order(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    async with scene(engine, tmp_path) as on:
        down = [True]
        wire = Wire(lambda _: Throttled(0.05) if down[0] else Sent())
        many = 4 * hands.MOST
        async with on.sending(wire) as delivery:
            for start in range(0, many, 100):
                await on.put(*(to(f"p{number % 50}", str(number)) for number in range(start, start + 100)))
            for number in range(many, many + 100):
                await on.hand(delivery, to(f"p{number % 50}", str(number)))
            await soon(on_asked(wire, 40))
            assert len(delivery._hands.held) <= hands.MOST
            down[0] = False
            await soon(lambda: len(wire.took) == many + 100, 60.0)
        for user in range(50):
            mine = [int(text) for text in wire.took if int(text) % 50 == user]
            assert mine == sorted(mine)
        assert len(set(wire.took)) == len(wire.took)
        assert await on.left() == 0


async def test_a_rest_outlives_the_process(engine: AsyncEngine, tmp_path: Path) -> None:
    async with scene(engine, tmp_path) as on:
        storm = Wire(lambda _: Throttled(300))
        await on.put(to("mai", "1"))
        async with on.sending(storm) as delivery:
            await soon(lambda: delivery.resting)
            await soon(on_asked(storm, 1))
            await known(on, 1)
        rested = (await on.writer.write(rests.known))["wire"]
        assert timedelta(seconds=299) < rested.until - NOW < timedelta(seconds=307)
        on.at = NOW + timedelta(seconds=200)
        again = Wire(lambda _: Sent())
        async with on.sending(again) as delivery:
            await asyncio.sleep(0.2)
            assert (again.asked, delivery.resting, delivery.well) == ([], True, False)
        on.at = NOW + timedelta(seconds=400)
        async with on.sending(again):
            await soon(lambda: again.took)
            await known(on, 0)


async def known(on: Scene, count: int) -> None:
    """Wait until the rests of so many channels are known."""
    while len(await on.writer.write(rests.known)) != count:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.05)


async def test_what_was_given_up_goes_with_its_person_and_stays_known(engine: AsyncEngine, tmp_path: Path) -> None:
    async with scene(engine, tmp_path) as on:
        await on.put(to("mai", "1"))
        wire = Wire(lambda _: Refused("no"))
        async with on.sending(wire):
            await soon(on_asked(wire, 1))
        await on.writer.write(lambda conn: outbox.drop_queue(conn, Address("wire", "mai")))
        (heap,) = await on.heaps()
        assert (heap.count, heap.kept) == (1, ())
        assert await on.writer.write(lambda conn: dead_letters.raise_again(conn, NOW)) == 0
        columns = set(dead_letters.dead_letter.c.keys())
        assert columns == {"id", "channel", "lane", "day", "reason", "tries"}


async def test_channels_take_turns_however_much_waits_on_one_of_them(engine: AsyncEngine) -> None:
    writer, order = Writer(engine), []

    async def note(name: str) -> None:
        async def work(_conn: Connection) -> None:
            order.append(name)

        await writer.write(work, f"{name}:1")

    flood = [asyncio.create_task(note("flood")) for _ in range(500)]
    await asyncio.sleep(0)
    quiet = asyncio.create_task(note("quiet"))
    await asyncio.sleep(0)
    writer.start()
    await asyncio.gather(*flood, quiet)
    await writer.close()
    assert order.index("quiet") < 64, "it was in the first transaction"


async def test_a_bug_on_one_channel_makes_nobody_else_wait_for_each_of_its_messages(engine: AsyncEngine) -> None:
    writer, committed = Writer(engine), []

    async def write(name: str) -> None:
        async def work(conn: Connection) -> None:
            await conn.execute(select(1))
            if name == "buggy":
                raise KeyError(name)

        try:
            await writer.write(work, f"{name}:1")
        except KeyError:
            committed.append(name)
        else:
            committed.append(name)

    jobs = [asyncio.create_task(write("buggy")) for _ in range(60)]
    jobs += [asyncio.create_task(write("sound")) for _ in range(3)]
    await asyncio.sleep(0)
    writer.start()
    await asyncio.gather(*jobs)
    await writer.close()
    assert committed[:3] == ["sound"] * 3


def test_a_channel_is_reported_down_after_a_minute_and_up_at_once() -> None:
    well = {"telegram": True, "web": True}
    watch = Watch(lambda: well)
    for seconds in range(10):
        watch.look(NOW + timedelta(seconds=seconds))
    well["telegram"] = False
    watch.look(NOW + timedelta(seconds=10))
    watch.look(NOW + timedelta(seconds=69))
    assert watch.down == {}
    watch.look(NOW + timedelta(seconds=70))
    watch.look(NOW + timedelta(seconds=500))
    assert watch.down == {"telegram": NOW + timedelta(seconds=10)}
    well["telegram"] = True
    watch.look(NOW + timedelta(seconds=501))
    assert watch.down == {}
