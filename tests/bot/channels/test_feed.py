"""What anybody can read of the campaign in a feed reader: all that was published, only that, and as it was approved."""

import asyncio
import json
import tracemalloc
import unicodedata
from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.prints import Print, Shelf, printed
from bot.outcomes import Unavailable
from models.audiences import Audience
from models.broadcasts import Refused
from tests.bot.channels.web_house import WebHouse, web_house
from tests.publishing import content
from tests.transcripts.house import CAMPAIGN

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
PDF = b"%PDF-1.7\n%%EOF\n"
MEGABYTE = 1024 * 1024


@pytest.fixture
async def web(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[WebHouse]:
    async with web_house(engine, tmp_path) as opened:
        yield opened


def sound(body: bytes) -> ElementTree.Element:
    """Read an Atom feed, and check what RFC 4287 demands of one (4.1.1, 4.1.2, 4.2.7)."""
    feed = ElementTree.fromstring(body)
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = part.findall(ATOM + name)
            assert found.text
        assert urlsplit(part.findtext(f"{ATOM}id") or "").scheme
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "").tzinfo
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    for link in feed.iter(f"{ATOM}link"):
        assert urlsplit(link.attrib["href"]).scheme == "https"
        assert link.attrib["rel"] in ("self", "alternate", "next", "enclosure")
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return feed


def sound_json(body: bytes) -> dict[str, Any]:
    """Read a JSON Feed, and check what its version 1.1 demands."""
    feed: dict[str, Any] = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    known = {"version", "title", "home_page_url", "feed_url", "description", "language", "authors", "items", "next_url"}
    assert set(feed) <= known
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert all(urlsplit(item[name]).scheme == "https" for name in ("url", "image") if name in item)
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        for attached in item.get("attachments", ()):
            assert {"url", "mime_type"} <= set(attached)
    return feed


def titles(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]


def links(part: ElementTree.Element, rel: str) -> list[str]:
    return [link.attrib["href"] for link in part.findall(f"{ATOM}link") if link.attrib["rel"] == rel]


class Seen(HTMLParser):
    """What a reader sees of HTML, and which tags it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.tags = "", list[tuple[str, dict[str, str | None]]]()
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


async def test_before_anything_is_published_the_feeds_are_empty_and_sound(web: WebHouse) -> None:
    answer = await web.get("/feed.xml")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert titles(sound(answer.body)) == []
    answer = await web.get("/feed.json")
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    assert sound_json(answer.body)["items"] == []


async def test_a_draft_and_what_waits_for_its_time_are_not_public(web: WebHouse) -> None:
    await web.do(web.press.draft, content("Bản thảo"))
    await web.do(web.press.approve, content("Đã duyệt, chưa đến giờ"))
    for path in ("/feed.xml", "/feed.json", "/block"):
        text = (await web.get(path)).text
        assert "Bản thảo" not in text
        assert "Đã duyệt" not in text


async def test_what_was_published_elsewhere_alone_is_not_in_the_feed(web: WebHouse) -> None:
    web.press.outlets = ("telegram:-1001", "zalo-oa")
    await web.do(web.press.publish, content("Chỉ trên Telegram"))
    assert titles(sound((await web.get("/feed.xml")).body)) == []


async def test_the_newest_post_stands_first(web: WebHouse) -> None:
    for number in range(3):
        await web.do(web.press.publish, content(f"Tin {number}"))
    feed = sound((await web.get("/feed.xml")).body)
    assert titles(feed) == ["Tin 2", "Tin 1", "Tin 0"]
    items = sound_json((await web.get("/feed.json")).body)["items"]
    assert [item["title"] for item in items] == ["Tin 2", "Tin 1", "Tin 0"]
    assert [item["id"] for item in items] == [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]


NASTY = "a < b & c > d \"e\" 'f' ]]> <script>alert(1)</script> &amp; <!-- x --> \ufffe\uffff 🎋 ế\u0302"


async def test_every_letter_arrives_as_it_was_written_and_none_as_markup(web: WebHouse) -> None:
    its = content(NASTY, f"{NASTY}\nhai dòng\n\nđoạn hai https://e.example/?a=1&b=<2>, hết.")
    await web.do(web.press.publish, its)
    xml = sound((await web.get("/feed.xml")).body)
    item = sound_json((await web.get("/feed.json")).body)["items"][0]
    wanted = its.title.in_("vi").replace("\ufffe", "").replace("\uffff", "")
    assert titles(xml) == [wanted]
    found = xml.find(f"{ATOM}entry/{ATOM}content")
    assert found is not None
    assert found.attrib["type"] == "html"
    for html in (found.text or "", item["content_html"]):
        seen = Seen(html)
        assert "<script>alert(1)</script> &amp; <!-- x -->" in seen.words
        assert {tag for tag, _ in seen.tags} == {"p", "br", "a"}
        assert ("a", {"href": "https://e.example/?a=1&b="}) in seen.tags
        assert unicodedata.is_normalized("NFC", seen.words)
    assert unicodedata.is_normalized("NFC", json.dumps(item, ensure_ascii=False))


async def test_each_entry_says_where_it_is_from_and_leads_to_the_questionnaire(web: WebHouse) -> None:
    await web.do(web.press.publish, content(verbatim=True))
    await web.do(web.press.publish, content("Chỉ để biết", publish_only=True))
    first, second = sound_json((await web.get("/feed.json")).body)["items"]
    assert "Nguyên văn: Liên đoàn Lao động tỉnh Sơn La, số 12/LĐLĐ, ngày 03/01/2020." in second["content_html"]
    assert 'href="https://langnghe.example/join/q-_"' in second["content_html"]
    assert "/join/" not in first["content_html"]


async def test_ids_stay_and_are_never_given_twice(web: WebHouse) -> None:
    for number in range(3):
        await web.do(web.press.publish, content(f"Tin {number % 2}", "Cùng một lời."))
    first = [item["id"] for item in sound_json((await web.get("/feed.json")).body)["items"]]
    assert all(UUID(id.removeprefix("urn:uuid:")) for id in first)
    await web.do(web.press.publish, content("Tin nữa"))
    again = [item["id"] for item in sound_json((await web.get("/feed.json?lang=en")).body)["items"]]
    assert again[1:] == first


async def test_an_edit_after_the_sending_changes_nothing(web: WebHouse) -> None:
    id = await web.do(web.press.publish, content("Tin mới", "Lời đã duyệt."))
    before = [(await web.get(path)).body for path in ("/feed.xml", "/feed.json", "/block", f"/post/{id}")]
    await web.do(web.press.edit, id, content("Tin sửa", "Lời chưa ai duyệt."))
    after = [(await web.get(path)).body for path in ("/feed.xml", "/feed.json", "/block", f"/post/{id}")]
    assert after == before


async def test_a_cancelled_broadcast_leaves_the_feed_and_readers_notice(web: WebHouse) -> None:
    await web.do(web.press.publish, content("Ở lại"))
    id = await web.do(web.press.publish, content("Gỡ"))
    before = await web.get("/feed.xml")
    await web.do(web.press.cancel, id)
    after = await web.get("/feed.xml", If_Modified_Since=before.headers["Last-Modified"])
    assert after.status == 200
    assert titles(sound(after.body)) == ["Ở lại"]
    gone = await web.get(f"/post/{id}")
    assert gone.status == 404
    assert "đã được gỡ" in gone.text


async def test_a_reader_who_has_it_is_told_so(web: WebHouse) -> None:
    await web.do(web.press.publish, content())
    for path in ("/feed.xml", "/feed.json", "/block"):
        first = await web.get(path)
        assert first.headers["Cache-Control"] == "public, max-age=60"
        mark = first.headers["ETag"]
        for known in (mark, mark.removeprefix("W/"), f'"other", {mark}', "*"):
            again = await web.get(path, If_None_Match=known)
            assert (again.status, again.body, again.headers["ETag"]) == (304, b"", mark)
        assert (await web.get(path, If_None_Match='"other"')).status == 200
    date = (await web.get("/feed.xml")).headers["Last-Modified"]
    assert parsedate_to_datetime(date) == web.press.at
    assert (await web.get("/feed.xml", If_Modified_Since=date)).status == 304
    assert (await web.get("/feed.xml", If_Modified_Since=date, If_None_Match='"other"')).status == 200
    assert (await web.get("/feed.xml", If_Modified_Since="hôm qua", If_None_Match="+")).status == 200
    await web.do(web.press.publish, content("Tin sau"))
    assert (await web.get("/feed.xml", If_Modified_Since=date)).status == 200


async def test_a_feed_is_compressed_for_those_who_can_read_that(web: WebHouse) -> None:
    await web.do(web.press.publish, content(text="Một đoạn dài. " * 200))
    plain, zipped = await web.get("/feed.xml", Accept_Encoding="identity"), await web.get("/feed.xml")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.body == zipped.body
    assert int(zipped.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 3


async def test_pages_follow_one_another_without_a_gap_though_news_come_in(web: WebHouse) -> None:
    for number in range(45):
        await web.do(web.press.publish, content(f"Tin {number}"))
    path, seen, pages = "/feed.xml", list[str](), 0
    while path:
        feed = sound((await web.get(path)).body)
        seen += titles(feed)
        assert links(feed, "self") == [f"https://langnghe.example{path}"]
        (path,) = [urlsplit(link)._replace(scheme="", netloc="").geturl() for link in links(feed, "next")] or [""]
        pages += 1
        await web.do(web.press.publish, content(f"Xen vào {pages}"))
    assert seen == [f"Tin {number}" for number in reversed(range(45))]
    assert pages == 3
    page = sound_json((await web.get("/feed.json?lang=en")).body)
    assert len(page["items"]) == 20
    assert page["next_url"].startswith("https://langnghe.example/feed.json?lang=en&before=")


@pytest.mark.parametrize("before", ["", "x", "-1", "1' OR 1=1", "9" * 30, "٣", "1e3", "\0"])
async def test_what_is_no_place_in_the_feed_is_not_found(web: WebHouse, before: str) -> None:
    assert (await web.get(f"/feed.xml?before={before}")).status == 404


async def test_before_the_first_there_is_nothing(web: WebHouse) -> None:
    id = await web.do(web.press.publish, content())
    for before in (id, 10**6, 2**63 - 1):
        assert titles(sound((await web.get(f"/feed.xml?before={before}")).body)) == []


async def test_each_reads_in_their_language_and_vietnamese_where_there_is_no_other(web: WebHouse) -> None:
    await web.do(web.press.publish, content("Chỉ tiếng Việt"))
    both = content({"vi": "Hai thứ tiếng", "en": "Two languages"}, "x")  # type: ignore[arg-type]
    await web.do(web.press.publish, both.model_copy(update={"text": {"vi": "Lời", "en": "Words"}}))
    feed = sound((await web.get("/feed.xml?lang=en")).body)
    assert feed.attrib[LANG] == "en"
    assert feed.findtext(f"{ATOM}title") == "News from Sơn La Provincial Federation of Labour"
    assert [entry.attrib[LANG] for entry in feed.iter(f"{ATOM}entry")] == ["en", "vi"]
    assert titles(feed) == ["Two languages", "Chỉ tiếng Việt"]
    for lang in ("", "vi", "xx", "<"):
        feed = sound((await web.get(f"/feed.xml?lang={lang}")).body)
        assert (feed.attrib[LANG], titles(feed)[0]) == ("vi", "Hai thứ tiếng")


async def test_pictures_and_files_of_what_is_published_can_be_had(web: WebHouse) -> None:
    picture = await web.do(web.press.keep, "image/png", "ảnh.png", PNG)
    file = await web.do(web.press.keep, "application/pdf", 'kế "hoạch"\r\n.pdf', PDF)
    await web.do(web.press.publish, content(picture=picture, picture_alt="Ảnh", document=file))
    entry = sound((await web.get("/feed.xml")).body).find(f"{ATOM}entry")
    assert entry is not None
    assert links(entry, "enclosure") == [f"https://langnghe.example/media/{each}" for each in (picture, file)]
    lengths = [link.attrib.get("length") for link in entry.findall(f"{ATOM}link")]
    assert lengths == [None, str(len(PNG)), str(len(PDF))]
    (item,) = sound_json((await web.get("/feed.json")).body)["items"]
    assert [each["mime_type"] for each in item["attachments"]] == ["image/png", "application/pdf"]
    for digest, kind, data in ((picture, "image/png", PNG), (file, "application/pdf", PDF)):
        answer = await web.get(f"/media/{digest}")
        assert (answer.body, answer.headers["Content-Type"]) == (data, kind)
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert (await web.get(f"/media/{digest}", If_None_Match=answer.headers["ETag"])).status == 304


async def test_many_slow_readers_of_one_file_cost_about_one_copy_of_it(web: WebHouse) -> None:
    whole = PDF + bytes(4 * MEGABYTE)
    digest = await web.do(web.press.keep, "application/pdf", "x.pdf", whole)
    await web.do(web.press.publish, content(document=digest))
    place = urlsplit(web.url)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    streams = [await asyncio.open_connection(place.hostname, place.port, limit=1024) for _ in range(40)]
    for _, sending in streams:
        sending.write(f"GET /media/{digest} HTTP/1.1\r\nHost: langnghe.example\r\n\r\n".encode())
    await asyncio.gather(*(reading.readline() for reading, _ in streams))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    for _, sending in streams:
        sending.close()
    assert most - before < 6 * len(whole)
    answer = await web.get(f"/media/{digest}")
    assert (answer.body, answer.headers["Content-Length"]) == (whole, str(len(whole)))


async def test_a_post_that_is_passed_on_shows_its_title_and_its_picture(web: WebHouse) -> None:
    picture = await web.do(web.press.keep, "image/png", "x.png", PNG)
    id = await web.do(web.press.publish, content('Tin "mới"', "Lời dài. " * 100, picture=picture, picture_alt="Ảnh"))
    page = Seen((await web.get(f"/post/{id}")).text)
    told = {its["property"]: its["content"] for tag, its in page.tags if tag == "meta" and "property" in its}
    assert told["og:title"] == 'Tin "mới"'
    assert told["og:image"] == f"https://langnghe.example/media/{picture}"
    assert (told["og:description"] or "").endswith(" …")


async def test_a_slogan_brings_its_card(web: WebHouse) -> None:
    slogan = CAMPAIGN.slogans[5]
    its = content("Khẩu hiệu tuyên truyền", slogan.text, slogan=slogan.id, topic="", verbatim=True)
    id = await web.do(web.press.publish, its)
    (item,) = sound_json((await web.get("/feed.json")).body)["items"]
    assert item["image"] == "https://langnghe.example/card/kh-6-square.png"
    entry = sound((await web.get("/feed.xml")).body).find(f"{ATOM}entry")
    assert entry is not None
    assert links(entry, "enclosure") == [item["image"]]
    assert f"<p>{slogan.text}</p>" in item["content_html"]
    assert "https://langnghe.example/card/kh-6-board.png" in (await web.get(f"/post/{id}")).text
    web.house.pack = CAMPAIGN.model_copy(update={"slogans": CAMPAIGN.slogans[:3]})
    assert "image" not in sound_json((await web.get("/feed.json")).body)["items"][0]


async def test_no_other_picture_can_be_had_though_its_name_be_known(web: WebHouse) -> None:
    kept = [await web.do(web.press.keep, "image/png", "x.png", PNG + bytes([n])) for n in range(6)]
    pictured = [content(f"Tin {n}", picture=kept[n], picture_alt="Ảnh") for n in range(5)]
    told = content("Lời", f'"picture": "{kept[5]}"')
    await web.do(web.press.draft, pictured[0])
    await web.do(web.press.approve, pictured[1])
    taken_back = await web.do(web.press.publish, pictured[2])
    edited = await web.do(web.press.publish, content("Không ảnh"))
    await web.do(web.press.edit, edited, pictured[3])
    await web.do(web.press.publish, told)
    await web.do(web.press.publish, pictured[4])
    assert (await web.get(f"/media/{kept[2]}")).status == 200
    await web.do(web.press.cancel, taken_back)
    answers = [(await web.get(f"/media/{each}")).status for each in kept]
    assert answers == [404, 404, 404, 404, 200, 404]
    for odd in ("", "x", kept[4].upper(), f"{kept[4]}%00", kept[4][:-1] + "%25"):
        assert (await web.get(f"/media/{odd}")).status == 404


async def test_a_picture_of_an_article_elsewhere_can_be_had_once_that_has_begun(web: WebHouse) -> None:
    web.press.outlets = ("zalo-oa",)
    picture = await web.do(web.press.keep, "image/png", "x.png", PNG)
    its = content(picture=picture, picture_alt="Ảnh")
    await web.do(web.press.approve, its)
    assert (await web.get(f"/media/{picture}")).status == 404
    await web.do(web.press.publish, its)
    assert (await web.get(f"/media/{picture}")).status == 200


async def test_a_picture_of_what_went_to_people_alone_is_not_public(web: WebHouse) -> None:
    web.press.outlets = ()
    picture = await web.do(web.press.keep, "image/png", "x.png", PNG)
    its = content(picture=picture, picture_alt="Ảnh")
    with pytest.raises(Refused):
        await web.do(web.press.approve, its)
    web.press.audience = Audience("news")
    id = await web.do(web.press.publish, its)
    assert (await web.get(f"/media/{picture}")).status == 404
    assert (await web.get(f"/post/{id}")).status == 404


async def test_no_post_can_be_read_by_its_number_before_its_time_or_after_it_was_taken_back(web: WebHouse) -> None:
    waits = [await web.do(step, content()) for step in (web.press.draft, web.press.approve)]
    stands = await web.do(web.press.publish, content())
    assert [(await web.get(f"/post/{id}")).status for id in (*waits, stands)] == [404, 404, 200]
    await web.do(web.press.cancel, stands)
    assert (await web.get(f"/post/{stands}")).status == 404


async def test_nobody_is_known_here_and_only_feeds_are_open_to_other_sites(web: WebHouse) -> None:
    id = await web.do(web.press.publish, content())
    for path in ("/feed.xml", "/feed.json", "/block", f"/post/{id}", "/post/999", "/media/" + "0" * 64):
        headers = (await web.get(path, Cookie="visitor=x", Origin="https://other.example")).headers
        assert "Set-Cookie" not in headers
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers.get("Access-Control-Allow-Origin") == ("*" if path.startswith("/feed") else None)
        anybody = "frame-ancestors *" in headers["Content-Security-Policy"]
        assert anybody == (path == "/block")


async def test_a_rehearsal_is_never_taken_for_real(web: WebHouse) -> None:
    web.house.rehearsal = True
    id = await web.do(web.press.publish, content())
    feed = sound((await web.get("/feed.xml")).body)
    assert titles(feed) == ["[DIỄN TẬP – không phải khảo sát thật] Tin mới"]
    for path in ("/feed.xml", "/feed.json", "/block", f"/post/{id}"):
        assert "DIỄN TẬP" in (await web.get(path)).text


async def test_while_the_database_is_away_what_was_read_last_is_given() -> None:
    shelf, there = Shelf(lasts=0), True

    async def make() -> Print:
        if not there:
            raise Unavailable
        return printed("text/plain", "Tin mới")

    assert await shelf.take("a", make) == printed("text/plain", "Tin mới")
    there = False
    assert await shelf.take("a", make) == printed("text/plain", "Tin mới")
    with pytest.raises(Unavailable):
        await shelf.take("b", make)


async def test_however_many_ask_it_is_read_once() -> None:
    shelf, read = Shelf(), 0

    async def make() -> Print:
        nonlocal read
        read += 1
        await asyncio.sleep(0.01)
        return printed("text/plain", "Tin mới")

    await asyncio.gather(*(shelf.take("a", make) for _ in range(200)))
    assert read == 1
    for number in range(500):
        await shelf.take(number, make)
    assert shelf.size <= 64
