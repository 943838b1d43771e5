"""Two processes on one PostgreSQL behind one address; one of them dies on the way, and nobody is lost."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.platforms.clock import Clock
from tests.walks.crowd import crowd
from tests.walks.product import Product
from tests.walks.record import waiting


@asynccontextmanager
async def balanced(ports: list[int]) -> AsyncIterator[int]:
    """One port in front of several: each connection goes to one that answers, by lot."""

    async def through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for port in random.sample(ports, len(ports)):
            with suppress(OSError):
                inner, outer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(_carried(reader, outer), _carried(inner, writer))
                return
        writer.close()

    server = await asyncio.start_server(through, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def _carried(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
    writer.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_one_of_two_dies(tmp_path: Path, database_url: str) -> None:
    async with crowd(tmp_path, 20, "telegram webhook", Clock(5.0), database_url) as people:
        people.world.patience = 60.0
        first = people.product
        second = Product(first.folder, DATABASE_URL=database_url)
        second.environment |= people.sides[0].environment
        people.products.append(second)
        async with balanced([first.port, second.port]) as port:
            for product in people.products:
                product.environment["PUBLIC_URL"] = f"http://127.0.0.1:{port}"
            await first.start()
            await second.start()
            walk = asyncio.create_task(people.walk())
            while people.world.steps < 300:  # noqa: ASYNC110 - the crowd rings no bell
                await asyncio.sleep(0.01)
            await first.kill()
            people.world.kills += 1
            await walk
            async with asyncio.timeout(30):  # what the dead one held is the other's after a while
                while await waiting(people.given):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.2)
            assert await second.stop() == 0
        await people.check()
        assert max(people.world.repeats.values(), default=0) <= 1
        print(f"{people.world.steps} steps, {people.world.repeats.total()} messages twice")
