"""What is typed to look for something, and what opens a door, stands in no row in the open."""

import pytest

from models.messages import Address
from tests.handlers.hall import Hall
from tests.transcripts.traces import traces

MAI = Address("telegram", "tai-khoan-mai")


async def kept(hall: Hall, *needles: str) -> set[str]:
    """Where any of these is found in the database."""
    return set(await hall.writer.write(lambda conn: traces(conn, set(needles))))


@pytest.mark.parametrize("name", ["xưởng của chồng tôi", "xưởng chè"])
async def test_a_search_for_a_unit_keeps_what_was_found_only(hall: Hall, name: str) -> None:
    await hall.receive(MAI, text="/start")
    await hall.tap(MAI, "yes")
    shown = await hall.receive(MAI, text=name)
    assert shown is not None
    assert name in shown.text
    assert await kept(hall, name) == set()


async def test_an_officers_search_keeps_what_was_found_only(hall: Hall) -> None:
    await hall.join(MAI)
    await hall.receive(MAI, start=await hall.invitation("mai-son"))
    shown = await hall.receive(MAI, text="/summary công đoàn")
    assert shown is not None
    assert "“công đoàn”" in shown.text
    assert "person.talk_data" not in await kept(hall, "công đoàn")


async def test_a_code_that_links_is_kept_as_its_hash_only(hall: Hall) -> None:
    await hall.join(MAI)
    shown = await hall.receive(MAI, text="/link")
    assert shown is not None
    code = shown.text.partition(": ")[2].split("\n")[0]
    assert await kept(hall, code, code.replace("-", "")) == set()


async def test_home_without_a_unit_asks_for_the_unit(hall: Hall) -> None:
    await hall.receive(MAI, text="/start")
    await hall.tap(MAI, "yes")
    await hall.receive(MAI, text="/language")
    shown = await hall.tap(MAI, "to:en")
    assert "go:mydata" not in hall.offers(MAI)
    assert shown.title == "Which unit do you belong to?"
