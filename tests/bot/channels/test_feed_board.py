"""What an electronic panel is told: slogans word for word, headlines of what is public, and nothing else."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.board import ways
from handlers.content import plant_units
from locales.formats import VIETNAM
from models import bounds
from models.audit import Act
from models.bounds import Bound
from models.joining import end_link, make_link
from tests.bot.channels.web_house import WebHouse, web_house
from tests.publishing import content
from tests.transcripts.house import BEGUN, CAMPAIGN
from tests.transcripts.stage import OPENING

SLOGANS = [slogan.text for slogan in CAMPAIGN.slogans]


@pytest.fixture
async def web(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(engine, tmp_path) as opened:
        yield opened


async def told(web: WebHouse, lang: str = "") -> dict[str, Any]:
    answer = await web.get(f"/board.json?lang={lang}")
    assert answer.status == 200
    whole: dict[str, Any] = json.loads(answer.body)
    return whole


def of(kind: str, whole: dict[str, Any]) -> list[str]:
    return [card["text"] for card in whole["cards"] if card["kind"] == kind]


async def test_slogans_are_told_word_for_word(web: WebHouse) -> None:
    whole = await told(web, "en")
    assert of("slogan", whole) == SLOGANS
    assert {card["lang"] for card in whole["cards"]} == {"vi"}
    assert (whole["banner"], whole["join"]) == ("", None)


async def test_a_slogan_rests_once_what_it_speaks_of_is_over(web: WebHouse) -> None:
    for day, resting in ((date(2020, 10, 31), 0), (date(2020, 11, 1), 2), (date(2021, 2, 2), 2), (date(2021, 2, 3), 4)):
        web.press.at = datetime.combine(day, time(7), VIETNAM)
        assert len(of("slogan", await told(web))) == len(SLOGANS) - resting


async def test_a_congress_that_ended_early_leaves_the_panel_that_hour(web: WebHouse) -> None:
    assert of("slogan", await told(web)) == SLOGANS
    closed = Bound(date(2019, 11, 8), date(2020, 1, 7), web.press.at)
    await web.do(bounds.keep, [("dot-1", closed)], Act(web.press.at, "7"))
    assert of("slogan", await told(web)) == [text for text in SLOGANS if "Đảng bộ tỉnh Sơn La" not in text]


async def test_lines_are_the_words_and_nothing_but_the_words() -> None:
    for slogan in SLOGANS:
        broken = ways(slogan)
        assert [len(way.lines) for way in broken] == list(range(1, len(broken) + 1))
        assert all(" ".join(way.lines) == slogan for way in broken)
        assert broken[0].torn == 0


@pytest.mark.parametrize("title", ["A", "https://congdoan.example/" + "a" * 120, "m " * 74, "…"])
async def test_any_title_can_be_shown(web: WebHouse, title: str) -> None:
    await web.do(web.press.publish, content(title))
    assert set(of("news", await told(web))) == {title.strip()}
    assert all(card["ways"] for card in (await told(web))["cards"])


async def test_headlines_stand_between_slogans_the_newest_six(web: WebHouse) -> None:
    for number in range(8):
        await web.do(web.press.publish, content(f"Tin {number}"))
    slogan = content("Khẩu hiệu tuyên truyền", SLOGANS[0], slogan="kh-1", topic="", verbatim=True)
    await web.do(web.press.publish, slogan)
    await web.do(web.press.draft, content("Bản thảo"))
    whole = await told(web)
    assert [card["kind"] for card in whole["cards"]] == ["slogan", "news"] * 9
    assert of("news", whole)[:6] == [f"Tin {number}" for number in (7, 6, 5, 4, 3, 2)]
    assert {"Tin mới · 07/01/2020"} == {card["above"] for card in whole["cards"] if card["kind"] == "news"}


async def test_what_is_taken_back_leaves_the_panel(web: WebHouse) -> None:
    id = await web.do(web.press.publish, content("Gỡ"))
    assert set(of("news", await told(web))) == {"Gỡ"}
    await web.do(web.press.edit, id, content("Bản sửa"))
    assert set(of("news", await told(web))) == {"Gỡ"}
    await web.do(web.press.cancel, id)
    assert of("news", await told(web)) == []


async def test_the_code_leads_to_the_federation_while_it_has_a_link(web: WebHouse) -> None:
    await web.do(plant_units, CAMPAIGN.units_file, Act(BEGUN, "shell"))
    assert (await told(web))["join"] is None
    root = (await web.do(web.house.tree, OPENING.date())).roots[0]
    token = await web.do(make_link, root.id, OPENING)
    join = (await told(web))["join"]
    assert join["words"] == "Quét mã để tham gia"
    assert b"<svg" in base64.b64decode(join["code"].partition("base64,")[2])
    await web.do(end_link, token, OPENING + timedelta(days=1))
    assert (await told(web))["join"] is None


async def test_the_page_carries_what_it_shows_first(web: WebHouse) -> None:
    await web.do(web.press.publish, content("<script>alert(1)</script> & \"'"))
    page = (await web.get("/board")).text
    assert "<script>alert" not in page
    assert SLOGANS[0] in page
    for path in ("/board", "/board.json"):
        first = await web.get(path)
        assert (await web.get(path, If_None_Match=first.headers["ETag"])).status == 304
        assert "Set-Cookie" not in first.headers
        assert "Access-Control-Allow-Origin" not in first.headers
        assert "unsafe-inline" not in first.headers["Content-Security-Policy"]


async def test_letters_are_given_and_no_other_file(web: WebHouse) -> None:
    answer = await web.get("/fonts/BeVietnamPro-Bold.ttf")
    assert (answer.status, answer.headers["Content-Type"], answer.body[:4]) == (200, "font/ttf", b"\0\1\0\0")
    assert int(answer.headers["Content-Length"]) < 90_000
    for odd in ("DejaVuSans.ttf", "..%2Fcard.py", "%2e%2e", "BeVietnamPro-Bold.ttf%00"):
        assert (await web.get(f"/fonts/{odd}")).status == 404


async def test_a_rehearsal_says_so(web: WebHouse) -> None:
    web.house.rehearsal = True
    assert (await told(web, "en"))["banner"] == "REHEARSAL – not a real survey"
