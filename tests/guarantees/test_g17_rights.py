"""G17, rights: until the release one tap withdraws or erases, at once, in every channel; afterwards the bot explains.

Consent is kept with its version and asked for again when the text has changed; a stop is obeyed in the same answer. By
each way in: Telegram's wire, the web page's and the terminal, on both databases. What happens to somebody whose text
has changed, word by word: `tests/handlers/test_consent_changed.py`; what /forget leaves: `test_forget.py` beside it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.run import Running
from models import consents
from models.consents import ConsentText
from models.database import Connection
from models.people import person
from tests.guarantees.canaries import FORM, WORDS
from tests.guarantees.household import close, crowd, disagree, kept, link, opened
from tests.guarantees.wires import WAYS, Wire
from tests.handlers.province import province
from tests.platforms.telegram import FakeTelegram
from tests.transcripts.house import PHRASES

ID, TITLE = str(FORM["id"]), "Hỏi thăm"
NOBODY = {"person": 0, "address": 0, "pending": 0, "participation": 0}
KNOWN = {"person": 1, "address": 1, "pending": 0, "participation": 0}


def t(key: str, **values: object) -> str:
    """What a phrase is in Vietnamese."""
    return PHRASES.say("vi", key, **values)


@dataclass(frozen=True, slots=True)
class Guest:
    """A person at a running house."""

    running: Running
    wire: Wire

    async def join(self) -> None:
        """Come by a link, agree, and leave the question what one wants to be sent for later."""
        await self.wire.say(f"/start {await link(self.running)}")
        await self.wire.press(t("consent.yes"))
        await self.wire.press(t("unit.home"))
        await self.wire.say("/start")

    async def begin(self) -> None:
        """Answer two questions of three; the last asks for words."""
        await self.wire.press(TITLE)
        await self.wire.press("Điều một")
        await self.wire.say("12")

    async def send(self) -> None:
        """Answer everything and send it."""
        await self.begin()
        await self.wire.say(WORDS)
        await self.wire.press(t("engine.review.send"))
        assert await kept(self.running) == {**KNOWN, "pending": 1, "participation": 1}

    async def released(self) -> None:
        """Be published with five others."""
        await self.send()
        await self.wire.say("/mydata")
        await crowd(self.running, ID)
        await close(self.running, ID)
        assert (await kept(self.running))["pending"] == 0


@pytest.fixture(params=WAYS)
async def guest(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[Guest]:
    """Somebody who has just come, by each way on each database."""
    async with (
        FakeTelegram() as server,
        opened(database_url, tmp_path, server) as running,
        WAYS[request.param](running, server) as wire,
    ):
        yield Guest(running, wire)


async def test_withdrawing_is_one_tap_and_takes_record_and_participation_at_once(guest: Guest) -> None:
    await guest.join()
    await guest.send()
    assert WORDS in await guest.wire.say("/mydata")
    told = await guest.wire.press(t("mydata.withdraw", title=TITLE))
    assert await kept(guest.running) == KNOWN
    assert t("mydata.withdrawn") in told
    assert WORDS not in told


async def test_what_was_only_begun_is_thrown_away_with_one_tap(guest: Guest) -> None:
    await guest.join()
    await guest.begin()
    assert await kept(guest.running) == {**KNOWN, "pending": 1}
    await guest.wire.say("/mydata")
    await guest.wire.press(t("mydata.discard", title=TITLE))
    assert await kept(guest.running) == KNOWN


async def test_erasing_asks_once_and_leaves_nobody(guest: Guest) -> None:
    await guest.join()
    await guest.send()
    await guest.wire.say("/forget")
    told = await guest.wire.press(t("forget.erase"))
    assert await kept(guest.running) == NOBODY
    assert t("forget.done").split(".")[0] in told


async def test_after_the_release_the_bot_explains_and_shows_no_answer(guest: Guest) -> None:
    await guest.join()
    await guest.released()
    try:
        told = await guest.wire.press(t("mydata.withdraw", title=TITLE))  # the screen of before still offers it
    except (LookupError, ValueError):
        told = ""  # a page that asks for its last message has none any more
    said = f"{told}\n{await guest.wire.say('/mydata')}"
    assert "không còn giữ câu trả lời nào nối với anh/chị" in said
    assert WORDS not in said
    assert "Điều một" not in said
    assert "Rút lại và xóa" not in said
    rows = await kept(guest.running)
    assert (rows["pending"], rows["participation"]) == (0, 6)  # taking part stands; what was said belongs to nobody


async def test_erasing_after_the_release_takes_all_that_can_be_found_and_the_figures_stay(guest: Guest) -> None:
    await guest.join()
    await guest.released()
    await guest.wire.say("/forget")
    await guest.wire.press(t("forget.erase"))
    assert await kept(guest.running) == {"person": 5, "address": 0, "pending": 0, "participation": 5}
    counted = text("SELECT sum(n) FROM release_group")
    assert (await guest.running.writer.write(lambda conn: conn.execute(counted))).scalar() == 6


@pytest.mark.parametrize("words", ["/stop", "dừng", "HỦY ĐĂNG KÝ"])
async def test_a_stop_is_obeyed_in_the_same_answer_even_where_words_are_asked_for(guest: Guest, words: str) -> None:
    await guest.join()
    await guest.begin()
    told = await guest.wire.say(words)
    assert t("stop.title") in told or t("start.stage.draft") in told  # a questionnaire's own stop leads home
    assert "Anh/chị nói thêm gì?" not in told
    assert await kept(guest.running) == {**KNOWN, "pending": 1}  # it waits for its owner, and was not answered
    assert words not in await guest.wire.say("/mydata")


async def test_a_stop_before_the_consent_leaves_nobody(guest: Guest) -> None:
    await guest.wire.say("/start")
    assert t("consent.goodbye") in await guest.wire.say("dừng")
    assert await kept(guest.running) == NOBODY


async def test_consent_is_kept_with_its_version_and_asked_again_when_the_text_is_another(guest: Guest) -> None:
    await guest.join()
    house = guest.running.house
    assert await _versions(guest.running) == [house.consent.version]
    await guest.begin()
    await disagree(guest.running)
    told = await guest.wire.say(WORDS)
    assert t("consent.yes") in told
    assert "đã thay đổi" in told
    assert await _versions(guest.running) == ["older"]
    assert WORDS not in await guest.wire.say("/mydata")  # what came before the yes answered nothing
    await guest.wire.press(t("mydata.discard", title=TITLE))
    assert await kept(guest.running) == KNOWN


async def _versions(running: Running) -> list[str]:
    async def read(conn: Connection) -> list[str]:
        return list((await conn.execute(select(person.c.consent_version))).scalars())

    return await running.writer.write(read)


async def test_a_release_uses_what_was_given_under_an_older_consent_only_for_what_that_said(
    conn: AsyncConnection, tmp_path: Path
) -> None:
    town = await province(conn, tmp_path)
    await consents.remember(conn, ConsentText("of-counts", "Không nói gì đến lời viết.", ("counts",)), "2019-11-01")
    unit = town.unit("LĐLĐ huyện Mộc Châu")
    for town.consent in (None, "of-counts", "unknown", ""):
        said = [f"Lời của người {number}, {town.consent}" for number in range(12)]
        await town.answer("doi-song", unit, 12, said)
    await town.close("doi-song")
    assert (await conn.execute(text("SELECT sum(n) FROM release_group"))).scalar() == 48
    found = (await conn.execute(text("SELECT text FROM released_text"))).scalars()
    assert sorted(found) == sorted(f"Lời của người {number}, None" for number in range(12))
