"""Join links lead to a living unit or nowhere, and their tokens fit everywhere they are used."""

import re
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from models.joining import end_link, make_link, unit_of
from models.unit_import import import_file
from models.units import load_tree
from tests.models.test_unit_import import ACT, JULY, JUNE
from tests.models.test_units import PACK

AT = datetime(2025, 6, 1, tzinfo=UTC)


async def unit(conn: AsyncConnection, code: str, on: date = JUNE) -> str:
    """The id of the pack's unit with this code."""
    found = (await load_tree(conn, on)).coded(code)
    assert found
    return found.id


async def test_a_link_leads_to_its_unit_and_stays_the_same(conn: AsyncConnection) -> None:
    await import_file(conn, PACK, ACT)
    here, there = await unit(conn, "ldld-mai-son"), await unit(conn, "ldld-moc-chau")
    token = await make_link(conn, here, AT)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token)
    assert await make_link(conn, here, AT) == token
    assert await make_link(conn, there, AT) != token
    assert await unit_of(conn, token, JUNE) == here


async def test_a_link_of_a_merged_unit_leads_to_its_successor(conn: AsyncConnection) -> None:
    await import_file(conn, PACK, ACT)
    token = await make_link(conn, await unit(conn, "cdcs-xa-long-sap"), AT)
    assert await unit_of(conn, token, JULY) == await unit(conn, "xa-long-sap", JULY)


async def test_an_ended_link_leads_nowhere_and_the_next_is_another(conn: AsyncConnection) -> None:
    await import_file(conn, PACK, ACT)
    here = await unit(conn, "ldld-mai-son")
    token = await make_link(conn, here, AT)
    await end_link(conn, token, AT)
    assert await unit_of(conn, token, JUNE) is None
    assert await make_link(conn, here, AT) != token


async def test_what_is_no_token_leads_nowhere(conn: AsyncConnection) -> None:
    for odd in ("", "a" * 65, "có dấu", "x'; --", "\0", "unknown"):
        assert await unit_of(conn, odd, JUNE) is None
